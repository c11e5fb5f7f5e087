//! KR0507: a key of its own.

use kr_runtime::LockKey;

#[derive(Clone, PartialEq, Eq, Hash, LockKey)]
struct Id(u64);

fn main() {
    let _ = Id(7);
}
