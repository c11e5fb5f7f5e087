//! KR0102: a function that a trait only declares (1 error)

use kr_runtime::prelude::*;

trait Pages {
    #[kr_route(get, "/page")]
    fn page() -> String;
}

fn main() {}
