//! KR0507: a key that is an enum (1 error)

use kr_runtime::LockKey;

#[derive(Clone, PartialEq, Eq, Hash, LockKey)]
enum Size {
    Small,
    Large,
}

fn main() {
    let _ = [Size::Small, Size::Large];
}
