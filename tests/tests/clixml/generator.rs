//! Generated values of every type that has an element.

use std::collections::BTreeMap;
use std::fmt::Debug;

use kr_runtime::Timestamp;
use kr_runtime::clixml::{
    Content, DateTime, Decimal, Guid, ListKind, Object, SecureString, Text, TypeNames, Value,
    Version,
};
use serde::{Deserialize, Serialize};

/// A generator that gives the same values in every run.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        (self.next() >> 11) % bound
    }

    fn pick<T: Clone>(&mut self, items: &[T]) -> T {
        items[self.below(items.len() as u64) as usize].clone()
    }

    /// Mostly the same few numbers, so that elements of different kinds have the same one.
    fn number(&mut self) -> u64 {
        if self.below(2) == 0 {
            self.below(3)
        } else {
            self.next() >> self.below(64)
        }
    }
}

pub(crate) trait Generate: Sized {
    fn generate(random: &mut Random) -> Self;
}

macro_rules! generate {
    ($($type:ty: $random:ident => $value:expr;)*) => {$(
        impl Generate for $type {
            fn generate($random: &mut Random) -> Self {
                $value
            }
        }
    )*};
}

const TEXTS: &[&str] = &[
    "",
    "a",
    "A",
    "5",
    "1.10",
    "PT1H",
    "2024-05-01T12:34:56Z",
    "6b29fc40-ca47-1067-b31d-00dd010662da",
    "7000",
    "true",
    " x ",
    "_x0041_",
    "a\r\nb\t",
    "<&>\"'",
    "😀",
    "\u{FFFF}",
    "ı",
    "null",
    "\u{0}",
];

generate! {
    bool: random => random.below(2) == 0;
    u8: random => random.number() as u8;
    i8: random => random.number() as i8;
    u16: random => random.number() as u16;
    i16: random => random.number() as i16;
    u32: random => random.number() as u32;
    i32: random => random.number() as i32;
    u64: random => random.number();
    i64: random => random.number() as i64;
    f32: random => random.pick(&[0.0, -0.0, 1.0, 0.1, f32::MAX, f32::MIN_POSITIVE, f32::INFINITY, 1e20]);
    f64: random => random.pick(&[0.0, -0.0, 1.0, 0.1, f64::MAX, f64::MIN_POSITIVE, f64::NEG_INFINITY, 1e300]);
    char: random => random.pick(&['a', '5', '\0', 'ß', '\u{FFFF}', '😀', '\r']);
    (): _random => ();
    String: random => random.pick(TEXTS).to_owned();
    Text: random => match random.below(3) {
        0 => Text::from_utf16(&random.pick(&[[0x61, 0xD83D], [0xDE00, 0xD83D], [0xDC00, 0x5F]])),
        _ => random.pick(TEXTS).into(),
    };
    Decimal: random => random.pick(&["1.10", "0", "-0.00", "5", "79228162514264337593543950335"]).parse().unwrap();
    Guid: random => Guid::from_u128(u128::from(random.number()));
    Version: random => random.pick(&["1.2", "1.2.3", "1.2.3.4"]).parse().unwrap();
    DateTime: random => random.pick(&["2024-05-01T12:34:56Z", "2024-05-01T12:34:56", "2024-05-01T12:34:56.5+02:00"]).parse().unwrap();
    Timestamp: random => Timestamp::from_ticks(random.below(3_155_378_976_000_000_000) as i64).unwrap();
    SecureString: random => random.pick(&["7000", "70006100"]).parse().unwrap();
    jiff::SignedDuration: random => jiff::SignedDuration::new((random.number() as i32).into(), 0);
    Value: random => value(random, 3);
    Custom: random => Custom(Object::custom(members(random, 2)).into());
}

fn members(random: &mut Random, depth: u32) -> Vec<(Text, Value)> {
    let mut members: BTreeMap<Text, Value> = BTreeMap::new();
    for _ in 0..random.below(4) {
        // Names that other parts of the representations use are left out, and no two differ in case alone.
        let name = random.pick(&["x", "y", "z w", "_x0041_", "é", "😀"]);
        members.insert(name.into(), value(random, depth));
    }
    members.into_iter().collect()
}

fn value(random: &mut Random, depth: u32) -> Value {
    let kinds = if depth == 0 { 23 } else { 30 };
    match random.below(kinds) {
        0 => Value::Nil,
        1 => Value::String(Text::generate(random)),
        2 => Value::Char(random.pick(&[0x61, 0xD83D, 0])),
        3 => Value::Bool(bool::generate(random)),
        4 => Value::Byte(u8::generate(random)),
        5 => Value::SByte(i8::generate(random)),
        6 => Value::U16(u16::generate(random)),
        7 => Value::I16(i16::generate(random)),
        8 => Value::U32(u32::generate(random)),
        9 => Value::I32(i32::generate(random)),
        10 => Value::U64(u64::generate(random)),
        11 => Value::I64(i64::generate(random)),
        12 => Value::Single(f32::generate(random)),
        13 => Value::Double(f64::generate(random)),
        14 => Value::Decimal(Decimal::generate(random)),
        15 => Value::DateTime(DateTime::generate(random)),
        16 => Value::Duration(jiff::SignedDuration::generate(random)),
        17 => Value::Guid(Guid::generate(random)),
        18 => Value::Uri("https://example.com/?a&b".into()),
        19 => Value::Version(Version::generate(random)),
        20 => random.pick(&[
            Value::XmlDocument("<a />".into()),
            Value::ScriptBlock("a\nb".into()),
        ]),
        21 => Value::Bytes(random.pick(&[vec![], vec![1, 2], vec![0]])),
        22 => Value::SecureString(SecureString::generate(random)),
        23..26 => {
            // .NET's enums, and primitives with notes.
            let inner = loop {
                match value(random, 0) {
                    Value::Nil => {}
                    inner => break inner,
                }
            };
            let names = random.pick(&["System.DayOfWeek", "System.ConsoleColor"]);
            Object {
                type_names: Some(TypeNames::from([names])),
                to_string: Some(Text::from("name")),
                content: Content::Value(inner),
                ..Object::default()
            }
            .into()
        }
        26 => Object::custom(members(random, depth - 1)).into(),
        27 => {
            let entries: Vec<_> = (0..random.below(3))
                .map(|_| (value(random, 0), value(random, depth - 1)))
                .filter(|(key, _)| !key.is_nil())
                .collect();
            let table = random.pick(&[Object::hashtable([]), Object::ordered([])]);
            Object {
                content: Content::Dictionary(entries),
                ..table
            }
            .into()
        }
        28 => Object {
            properties: members(random, depth - 1),
            ..Object::default()
        }
        .into(),
        _ => {
            let items = (0..random.below(3))
                .map(|_| value(random, depth - 1))
                .collect();
            let kind = random.pick(&[
                ListKind::List,
                ListKind::Queue,
                ListKind::Stack,
                ListKind::Enumerable,
            ]);
            let list = random.pick(&[Object::list([]), Object::default()]);
            Object {
                content: Content::List(kind, items),
                ..list
            }
            .into()
        }
    }
}

/// A value that may stand in place of the members around it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Custom(Value);

impl<T: Generate + Debug> Generate for Option<T> {
    fn generate(random: &mut Random) -> Self {
        // Null is `None`, as in other formats of serde.
        let value = Some(T::generate(random)).filter(|value| format!("{value:?}") != "Nil");
        value.filter(|_| random.below(3) > 0)
    }
}

impl<T: Generate> Generate for Vec<T> {
    fn generate(random: &mut Random) -> Self {
        (0..random.below(4)).map(|_| T::generate(random)).collect()
    }
}

impl<T: Generate> Generate for BTreeMap<String, T> {
    fn generate(random: &mut Random) -> Self {
        (0..random.below(4))
            .map(|_| {
                (
                    random.pick(&["k1", "k2", "_x0041_", "ß"]).to_owned(),
                    T::generate(random),
                )
            })
            .collect()
    }
}
