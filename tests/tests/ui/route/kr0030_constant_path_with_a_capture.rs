//! KR0030: a constant path has a capture (1 error)

use kr_runtime::prelude::*;

const CART: &str = "/carts/{id}";

#[kr_route(get, CART)]
fn cart() {}

fn main() {}
