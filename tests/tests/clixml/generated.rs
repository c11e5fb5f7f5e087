//! Generated values in every representation of serde: what is written is read back equal, or writing is refused.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Debug;

use kr_runtime::Timestamp;
use kr_runtime::clixml::{self, DateTime, Decimal, Guid, SecureString, Text, Value, Version};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::generator::{Custom, Generate, Random};

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Newtype<T>(T);

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Inner<T> {
    inner: T,
    maybe: Option<T>,
    list: Vec<T>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Flat<T> {
    name: String,
    #[serde(flatten)]
    inner: Inner<T>,
    #[serde(flatten)]
    rest: BTreeMap<String, T>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
enum External<T> {
    Unit,
    Newtype(T),
    Tuple(T, T),
    Struct { inner: T },
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind")]
enum Internal<T> {
    Unit,
    Newtype(Inner<T>),
    Struct { inner: T, list: Vec<T> },
    Nested(External<T>),
    Map(BTreeMap<String, T>),
    Bare(T),
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "value")]
enum Adjacent<T> {
    Unit,
    Newtype(T),
    Tuple(T, T),
    Struct { inner: T },
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
enum Untagged<T> {
    Struct { inner: T, list: Vec<T> },
    Nested { deep: Box<Internal<T>> },
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct FlatEnum<T> {
    name: String,
    #[serde(flatten)]
    choice: External<T>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct FlatTagged<T> {
    name: String,
    #[serde(flatten)]
    choice: Internal<T>,
}

/// How often values were refused, and why.
#[derive(Default)]
struct Tally {
    kept: usize,
    not_written: BTreeMap<String, usize>,
    not_read: BTreeMap<String, usize>,
}

fn check<T: Debug + PartialEq + Serialize + DeserializeOwned>(value: &T, tally: &mut Tally) {
    let document = match clixml::to_string(value) {
        Ok(document) => document,
        Err(error) => {
            *tally.not_written.entry(error.to_string()).or_default() += 1;
            return;
        }
    };
    match clixml::from_str::<T>(&document) {
        Ok(read) => {
            assert!(
                *value == read || format!("{value:?}") == format!("{read:?}"),
                "{value:?}\n{read:?}\n{document}"
            );
            tally.kept += 1;
        }
        Err(error) => {
            let error = error.to_string();
            let error = error.split("): ").last().unwrap_or_default().to_owned();
            assert!(
                error.contains("one of several elements"),
                "{error}\n{value:?}\n{document}"
            );
            *tally.not_read.entry(error).or_default() += 1;
        }
    }
}

fn check_all<T: Generate + Debug + PartialEq + Serialize + DeserializeOwned>(
    seed: u64,
    rounds: u64,
) -> Tally {
    let random = &mut Random(seed * 2 + 1);
    let mut tally = Tally::default();
    for _ in 0..rounds {
        fn g<T: Generate>(random: &mut Random) -> T {
            T::generate(random)
        }
        fn inner<T: Generate + Debug>(random: &mut Random) -> Inner<T> {
            Inner {
                inner: g(random),
                maybe: g(random),
                list: g(random),
            }
        }
        fn external<T: Generate>(random: &mut Random) -> External<T> {
            match random.below(4) {
                0 => External::Unit,
                1 => External::Newtype(g(random)),
                2 => External::Tuple(g(random), g(random)),
                _ => External::Struct { inner: g(random) },
            }
        }
        fn internal<T: Generate + Debug>(random: &mut Random) -> Internal<T> {
            match random.below(6) {
                0 => Internal::Unit,
                1 => Internal::Newtype(inner(random)),
                2 => Internal::Struct {
                    inner: g(random),
                    list: g(random),
                },
                3 => Internal::Nested(external(random)),
                4 => Internal::Map(g(random)),
                _ => Internal::Bare(g(random)),
            }
        }
        let adjacent = |random: &mut Random| match random.below(4) {
            0 => Adjacent::Unit,
            1 => Adjacent::Newtype(g::<T>(random)),
            2 => Adjacent::Tuple(g(random), g(random)),
            _ => Adjacent::Struct { inner: g(random) },
        };
        check(&g::<T>(random), &mut tally);
        check(&(g::<T>(random), g::<T>(random)), &mut tally);
        check(&Newtype(g::<Vec<T>>(random)), &mut tally);
        check(&g::<BTreeMap<String, T>>(random), &mut tally);
        check(
            &g::<BTreeMap<String, T>>(random)
                .into_iter()
                .collect::<HashMap<_, _>>(),
            &mut tally,
        );
        check(&inner::<T>(random), &mut tally);
        check(&external::<T>(random), &mut tally);
        check(&internal::<T>(random), &mut tally);
        check(&Newtype(internal::<T>(random)), &mut tally);
        check(&adjacent(random), &mut tally);
        check(&Newtype(adjacent(random)), &mut tally);
        let untagged = if random.below(2) == 0 {
            Untagged::Struct {
                inner: g::<T>(random),
                list: g(random),
            }
        } else {
            Untagged::Nested {
                deep: Box::new(internal(random)),
            }
        };
        check(&untagged, &mut tally);
        check(&vec![internal::<T>(random), internal(random)], &mut tally);
        check(
            &Flat {
                name: g(random),
                inner: inner::<T>(random),
                rest: g(random),
            },
            &mut tally,
        );
        check(
            &FlatEnum {
                name: g(random),
                choice: external::<T>(random),
            },
            &mut tally,
        );
        check(
            &FlatTagged {
                name: g(random),
                choice: internal::<T>(random),
            },
            &mut tally,
        );
    }
    tally
}

macro_rules! scalars {
    ($($type:ty)*) => {
        #[test]
        fn every_scalar_survives_every_representation() {
            $({
                let tally = check_all::<$type>(line!().into(), 150);
                assert!(tally.kept > 1000, "{}: {} {:?}", stringify!($type), tally.kept, tally.not_written);
                assert!(tally.not_read.is_empty(), "{}: {:?}", stringify!($type), tally.not_read);
            })*
        }
    };
}

scalars! {
    bool u8 i8 u16 i16 u32 i32 u64 i64 f32 f64 char String Text Decimal Guid Version DateTime Timestamp SecureString
}

macro_rules! with {
    ($($name:ident $module:literal $type:ty;)*) => {$(
        #[derive(Debug, PartialEq, Serialize, Deserialize)]
        struct $name(#[serde(with = $module)] $type);

        impl Generate for $name {
            fn generate(random: &mut Random) -> Self {
                $name(Generate::generate(random))
            }
        }
    )*};
}

with! {
    AsDuration "clixml::duration" jiff::SignedDuration;
    AsUnit "clixml::utf16_unit" u16;
    AsScript "clixml::script_block" String;
    AsBytes "clixml::bytes" Vec<u8>;
    AsDate "clixml::datetime" Timestamp;
    AsDecimal "clixml::decimal" Decimal;
}

#[test]
fn every_field_module_survives_every_representation() {
    for tally in [
        check_all::<AsDuration>(1, 150),
        check_all::<AsUnit>(2, 150),
        check_all::<AsScript>(3, 150),
        check_all::<AsBytes>(4, 150),
        check_all::<AsDate>(5, 150),
        check_all::<AsDecimal>(6, 150),
    ] {
        assert!(tally.kept > 1000);
        assert!(tally.not_read.is_empty(), "{:?}", tally.not_read);
    }
}

#[test]
fn every_value_survives_every_representation() {
    let tally = check_all::<Value>(7, 600);
    assert!(
        tally.kept > 8000,
        "{} {:?} {:?}",
        tally.kept,
        tally.not_written,
        tally.not_read
    );
    let tally = check_all::<Custom>(8, 300);
    assert!(
        tally.kept > 4000,
        "{} {:?} {:?}",
        tally.kept,
        tally.not_written,
        tally.not_read
    );
}
