//! A state survives the way out and back; reading any bytes as a state ends with a state or an error.
#![no_main]

use std::collections::BTreeMap;

use kr_runtime::{Timestamp, clixml};
use libfuzzer_sys::fuzz_target;
use serde::{Deserialize, Serialize};

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct State {
    visit_count: i32,
    notes: Vec<String>,
    #[serde(with = "clixml::datetime")]
    last_updated: Timestamp,
    #[serde(default)]
    more: BTreeMap<String, Option<Choice>>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
enum Choice {
    None,
    One(i64),
    Two(char, f64),
    Three { a: u8, b: Vec<Choice> },
}

fuzz_target!(|bytes: &[u8]| {
    if let Ok(state) = clixml::from_slice::<State>(bytes) {
        let text = clixml::to_string(&state).expect("it is written");
        let again: State = clixml::from_str(&text).expect("it is read");
        assert_eq!(clixml::to_string(&again).expect("it is written"), text);
    }
    // The same bytes as the contents of a state.
    let text = String::from_utf8_lossy(bytes);
    let number = bytes.iter().fold(0i64, |number, byte| number.wrapping_mul(257).wrapping_add(i64::from(*byte)));
    let state = State {
        visit_count: number as i32,
        notes: text.split('|').take(50).map(str::to_owned).collect(),
        last_updated: Timestamp::from_ticks(number.rem_euclid(Timestamp::MAX.ticks() + 1)).expect("in range"),
        more: text.split(' ').take(20).map(|key| (key.to_owned(), Some(Choice::One(number)))).collect(),
    };
    let document = clixml::to_string(&state).expect("it is written");
    assert_eq!(clixml::from_str::<State>(&document).expect("it is read"), state);
});
