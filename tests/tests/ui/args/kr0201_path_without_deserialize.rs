//! KR0201: the path's type cannot be read (1 error)

use kr_runtime::axum::extract::Path;
use kr_runtime::prelude::*;

struct Place {
    shelf: u32,
}

#[kr_route(get, "/shelf/{shelf}")]
fn shelf(place: Path<Place>) -> String {
    place.shelf.to_string()
}

fn main() {}
