//! KR0507: a key of several fields (1 error)

use kr_runtime::LockKey;

#[derive(Clone, PartialEq, Eq, Hash, LockKey)]
struct Place {
    shelf: u32,
    row: u32,
}

fn main() {
    let _ = Place { shelf: 1, row: 2 };
}
