//! KR0211: a problem as the error.

use kr_runtime::prelude::*;
use std::num::ParseIntError;

#[kr_route(post, "/number")]
fn number(body: String) -> Result<String, Problem> {
    let number: u64 = body
        .parse()
        .map_err(|error: ParseIntError| Problem::bad_request(error.to_string()))?;
    Ok(number.to_string())
}

fn main() {}
