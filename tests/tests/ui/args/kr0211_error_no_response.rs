//! KR0211: an error that is no response (1 error)

use kr_runtime::prelude::*;
use std::num::ParseIntError;

#[kr_route(post, "/number")]
fn number(body: String) -> Result<String, ParseIntError> {
    let number: u64 = body.parse()?;
    Ok(number.to_string())
}

fn main() {}
