//! KR0504: an unknown argument of a key (1 error)

use kr_runtime::LockKey;

#[derive(Clone, PartialEq, Eq, Hash, LockKey)]
#[lock_key(lock = "cart")]
struct CartId(u64);

fn main() {
    let _ = CartId(7);
}
