//! KR0504: a key without it.

use kr_runtime::LockKey;

#[derive(Clone, PartialEq, Eq, Hash, LockKey)]
struct CartId(u64);

fn main() {
    let _ = CartId(7);
}
