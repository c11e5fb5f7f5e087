//! Reads a snapshot of a whole host from JSON, one value after another: the document is never in memory as a whole.

use super::checksum::Checksum;
use super::decoder::{Decoder, StateDecoder, Unread, wrong};
use super::error::HostSnapshotError;
use super::form::FORMAT;
use super::progress::SnapshotProgress;
use super::snapshot::HostSnapshot;
use crate::state::HostField;
use serde::Deserialize;
use serde::de::{
    DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor,
};
use serde_json::Value as Json;
use std::cell::{Cell, RefCell};
use std::fmt;
use std::io::{self, BufRead, Read};

/// Reads a document.
pub(super) fn read(
    fields: &[HostField<'_>],
    reader: &mut dyn BufRead,
    progress: &mut dyn FnMut(SnapshotProgress),
) -> Result<HostSnapshot, HostSnapshotError> {
    let seen = Seen::default();
    let mut reading = Reading {
        decoder: Decoder::new(fields),
        seen: &seen,
        progress,
        values: 0,
        expected: None,
        failed: None,
    };
    let input = Input {
        reader,
        seen: &seen,
    };
    let mut json = serde_json::Deserializer::from_reader(input);
    let head = json.deserialize_map(Document(&mut reading));
    let head = head.and_then(|head| json.end().map(|()| head));
    let head = match (head, reading.failed.take()) {
        (_, Some(failed)) => return Err(failed),
        (Err(error), None) if error.is_io() => {
            return Err(HostSnapshotError::Unreadable {
                place: "the document".to_owned(),
                reason: error.to_string(),
            });
        }
        (Err(error), None) => return Err(wrong(error.to_string())),
        (Ok(head), None) => head,
    };
    if head.format != FORMAT {
        return Err(other_form(head.format));
    }
    let sum = seen.checksum.take().map(Checksum::finish);
    if head.sha256.is_some() && head.sha256 != sum {
        return Err(wrong(
            "its checksum is another one; if it was changed on purpose, take `sha256` out",
        ));
    }
    reading.decoder.finish(head.values)
}

fn other_form(format: u32) -> HostSnapshotError {
    wrong(format!(
        "it has form {format}, and this program knows form {FORMAT}"
    ))
}

/// What is in a document beside the states.
struct Head {
    format: u32,
    values: usize,
    sha256: Option<String>,
}

/// A document that is being read.
struct Reading<'r, 'f, 'h> {
    decoder: Decoder<'f, 'h>,
    seen: &'r Seen,
    progress: &'r mut dyn FnMut(SnapshotProgress),
    values: usize,
    expected: Option<usize>,
    /// What was wrong with the content; serde's error says no more than that there is one.
    failed: Option<HostSnapshotError>,
}

impl Reading<'_, '_, '_> {
    /// Goes on, or keeps what was wrong.
    fn check<T, E: serde::de::Error>(
        &mut self,
        result: Result<T, HostSnapshotError>,
    ) -> Result<T, E> {
        result.map_err(|error| {
            let shown = E::custom(&error);
            self.failed = Some(error);
            shown
        })
    }

    fn has_read_one(&mut self) {
        self.values += 1;
        (self.progress)(SnapshotProgress {
            values: self.values,
            of: self.expected,
            bytes: self.seen.bytes.get(),
        });
    }
}

/// The part of the document that is read so far.
#[derive(Default)]
struct Seen {
    bytes: Cell<u64>,
    /// Of the states.
    checksum: RefCell<Option<Checksum>>,
    is_in_states: Cell<bool>,
}

/// Tells what is read.
struct Input<'r> {
    reader: &'r mut dyn BufRead,
    seen: &'r Seen,
}

impl Read for Input<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.reader.read(buffer)?;
        let bytes = &buffer[..length];
        self.seen.bytes.set(self.seen.bytes.get() + length as u64);
        if self.seen.is_in_states.get() {
            let mut checksum = self.seen.checksum.borrow_mut();
            match &mut *checksum {
                Some(checksum) => checksum.add(bytes),
                // The text begins at the brace.
                None if bytes.iter().all(u8::is_ascii_whitespace) => {}
                None => checksum.insert(Checksum::default()).add(bytes),
            }
        }
        Ok(length)
    }
}

struct Document<'c, 'r, 'f, 'h>(&'c mut Reading<'r, 'f, 'h>);

impl<'de> Visitor<'de> for Document<'_, '_, '_, '_> {
    type Value = Head;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a snapshot of a host")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Head, A::Error> {
        let Self(reading) = self;
        let (mut format, mut sha256, mut has_states) = (None, None, false);
        while let Some(name) = map.next_key::<String>()? {
            match name.as_str() {
                "kr-snapshot" => {
                    let number: u32 = map.next_value()?;
                    if number != FORMAT {
                        return reading.check(Err(other_form(number)));
                    }
                    format = Some(number);
                }
                "values" => reading.expected = Some(map.next_value()?),
                "sha256" => sha256 = map.next_value()?,
                "states" if has_states => return Err(A::Error::duplicate_field("states")),
                "states" => {
                    has_states = true;
                    map.next_value_seed(States(reading))?;
                }
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        if !has_states {
            return Err(A::Error::missing_field("states"));
        }
        let missing = A::Error::missing_field;
        Ok(Head {
            format: format.ok_or_else(|| missing("kr-snapshot"))?,
            values: reading.expected.ok_or_else(|| missing("values"))?,
            sha256,
        })
    }
}

struct States<'c, 'r, 'f, 'h>(&'c mut Reading<'r, 'f, 'h>);

impl<'de> DeserializeSeed<'de> for States<'_, '_, '_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        let seen = self.0.seen;
        // What is read from here to the closing brace is the text of the states.
        seen.is_in_states.set(true);
        let read = deserializer.deserialize_map(self);
        seen.is_in_states.set(false);
        read
    }
}

impl<'de> Visitor<'de> for States<'_, '_, '_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the states by name")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Self(reading) = self;
        while let Some(name) = map.next_key::<String>()? {
            let state = reading.decoder.state(&name);
            let state = reading.check(state)?;
            map.next_value_seed(State { reading, state })?;
        }
        Ok(())
    }
}

struct State<'c, 'r, 'f, 'h> {
    reading: &'c mut Reading<'r, 'f, 'h>,
    state: StateDecoder,
}

/// As it is in the document.
#[derive(Deserialize)]
struct Instance {
    key: Json,
    revision: u64,
    value: Json,
}

impl<'de> DeserializeSeed<'de> for State<'_, '_, '_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for State<'_, '_, '_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a state")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Self { reading, mut state } = self;
        let (mut version, mut revision, mut value) = (None, 0, None);
        // Those that come before the version. kr writes none there, but other programs sort members by name.
        let mut early: Vec<Instance> = Vec::new();
        while let Some(name) = map.next_key::<String>()? {
            match name.as_str() {
                "version" => {
                    let number: u32 = map.next_value()?;
                    reading.check(state.set_version(number))?;
                    version = Some(number);
                }
                "revision" => revision = map.next_value()?,
                "value" => value = Some(map.next_value::<Json>()?),
                "instances" => {
                    reading.check(state.begin_instances())?;
                    match version {
                        Some(_) => map.next_value_seed(Instances {
                            reading,
                            state: &mut state,
                        })?,
                        None => early = map.next_value()?,
                    }
                }
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        if version.is_none() {
            return Err(A::Error::missing_field("version"));
        }
        for instance in early {
            instance.add_to(&mut state, reading)?;
        }
        if let Some(value) = value {
            reading.check(state.set_single(Unread::Json(value), revision))?;
            reading.has_read_one();
        }
        let added = reading.decoder.add(state);
        reading.check(added)
    }
}

impl Instance {
    fn add_to<E: serde::de::Error>(
        self,
        state: &mut StateDecoder,
        reading: &mut Reading<'_, '_, '_>,
    ) -> Result<(), E> {
        let Self {
            key,
            revision,
            value,
        } = self;
        reading.check(state.add_instance(&key, Unread::Json(value), revision))?;
        reading.has_read_one();
        Ok(())
    }
}

struct Instances<'c, 'r, 'f, 'h> {
    reading: &'c mut Reading<'r, 'f, 'h>,
    state: &'c mut StateDecoder,
}

impl<'de> DeserializeSeed<'de> for Instances<'_, '_, '_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Instances<'_, '_, '_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the instances of a state")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while let Some(instance) = list.next_element::<Instance>()? {
            instance.add_to(self.state, self.reading)?;
        }
        Ok(())
    }
}
