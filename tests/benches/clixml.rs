//! The cost of a note: a state with 1,000 notes of 40 characters, written and read by each format.
//!
//! `cargo bench -p kr-tests --bench clixml`. The figures are the best of many rounds in one run, so
//! formats can be compared on a machine that does other work.

use std::hint::black_box;
use std::time::{Duration, Instant};

use kr_runtime::clixml::{self, Document, Value};
use serde::{Deserialize, Serialize};

const NOTES: usize = 1_000;
const TIME: Duration = Duration::from_millis(700);

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct State {
    visit_count: i32,
    notes: Vec<String>,
    last_updated: String,
}

fn state(note: impl Fn(usize) -> String) -> State {
    let notes = (0..NOTES).map(note).collect();
    State {
        visit_count: 1_000,
        notes,
        last_updated: "2024-05-01T12:34:56.7891234Z".into(),
    }
}

/// Nanoseconds per note of the fastest round.
fn measure<T>(mut run: impl FnMut() -> T) -> f64 {
    let (start, mut best) = (Instant::now(), Duration::MAX);
    while start.elapsed() < TIME {
        let round = Instant::now();
        let result = black_box(run());
        // Dropping the result is not measured.
        let took = round.elapsed();
        drop(result);
        best = best.min(took);
    }
    best.as_nanos() as f64 / NOTES as f64
}

fn row(name: &str, bytes: usize, out: f64, back: f64) {
    println!("{name:<34}{bytes:>10}{out:>12.1}{back:>12.1}");
}

fn main() {
    println!(
        "{:<34}{:>10}{:>12}{:>12}",
        "ns per note of 40 characters", "bytes", "out", "in"
    );
    let plain = state(|index| format!("{index:040}"));
    let escaped = state(|index| format!("{index:030} <a&b>\n_x\u{1}"));
    let spoken = state(|index| format!("{index:020} größer, schöner 😀"));
    for (name, state) in [
        ("", &plain),
        (", <>& and controls", &escaped),
        (", umlauts and emoji", &spoken),
    ] {
        let text = clixml::to_string(state).expect("it is written");
        assert_eq!(
            &clixml::from_str::<State>(&text).expect("it is read"),
            state
        );
        let out = measure(|| clixml::to_string(state));
        let back = measure(|| clixml::from_str::<State>(&text));
        row(&format!("clixml{name}"), text.len(), out, back);
    }

    let text = clixml::to_string(&plain).expect("it is written");
    let bytes = text.clone().into_bytes();
    row(
        "clixml from bytes",
        bytes.len(),
        measure(|| clixml::to_vec(&plain)),
        measure(|| clixml::from_slice::<State>(&bytes)),
    );
    let value: Value = clixml::from_str(&text).expect("it is read");
    row(
        "clixml::Value",
        text.len(),
        measure(|| clixml::to_string(&value)),
        measure(|| clixml::from_str::<Value>(&text)),
    );
    let document: Document = text.parse().expect("it is read");
    row(
        "clixml::Document",
        text.len(),
        measure(|| document.to_text()),
        measure(|| text.parse::<Document>()),
    );

    let json = serde_json::to_string(&plain).expect("it is written");
    row(
        "serde_json",
        json.len(),
        measure(|| serde_json::to_string(&plain)),
        measure(|| serde_json::from_str::<State>(&json)),
    );
    let xml = quick_xml::se::to_string(&plain).expect("it is written");
    row(
        "quick-xml's serde",
        xml.len(),
        measure(|| quick_xml::se::to_string(&plain)),
        measure(|| quick_xml::de::from_str::<State>(&xml)),
    );
    row(
        "quick-xml's events alone, no serde",
        text.len(),
        measure(|| events_out(&plain)),
        measure(|| events_in(&text)),
    );
    objects();
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Item {
    id: i32,
    name: String,
    in_stock: bool,
    price: f64,
}

/// The same for objects instead of notes: 1,000 with four members each.
fn objects() {
    println!(
        "\n{:<34}{:>10}{:>12}{:>12}",
        "ns per object of four members", "bytes", "out", "in"
    );
    let items: Vec<Item> = (0..NOTES as i32)
        .map(|id| Item {
            id,
            name: format!("item {id}"),
            in_stock: id % 2 == 0,
            price: f64::from(id) / 4.0,
        })
        .collect();
    let text = clixml::to_string(&items).expect("it is written");
    row(
        "clixml",
        text.len(),
        measure(|| clixml::to_string(&items)),
        measure(|| clixml::from_str::<Vec<Item>>(&text)),
    );
    let document: Document = text.parse().expect("it is read");
    row(
        "clixml::Document",
        text.len(),
        measure(|| document.to_text()),
        measure(|| text.parse::<Document>()),
    );
    let json = serde_json::to_string(&items).expect("it is written");
    row(
        "serde_json",
        json.len(),
        measure(|| serde_json::to_string(&items)),
        measure(|| serde_json::from_str::<Vec<Item>>(&json)),
    );
}

/// The cost of only sending the events of each note through quick-xml's writer.
fn events_out(state: &State) -> Vec<u8> {
    use quick_xml::events::{BytesEnd, BytesStart, BytesText, Event};
    let mut writer = quick_xml::Writer::new_with_indent(Vec::new(), b' ', 2);
    for note in &state.notes {
        writer
            .write_event(Event::Start(BytesStart::new("S")))
            .expect("it is written");
        writer
            .write_event(Event::Text(BytesText::new(note)))
            .expect("it is written");
        writer
            .write_event(Event::End(BytesEnd::new("S")))
            .expect("it is written");
    }
    writer.into_inner()
}

/// The cost of only looking at each event of quick-xml's reader.
fn events_in(text: &str) -> usize {
    let mut reader = quick_xml::Reader::from_str(text);
    let mut count = 0;
    loop {
        match reader.read_event().expect("it is well-formed") {
            quick_xml::events::Event::Eof => return count,
            event => count += event.len(),
        }
    }
}
