//! KR0507: a generic key (1 error)

use kr_runtime::LockKey;

#[derive(Clone, PartialEq, Eq, Hash, LockKey)]
struct Id<T>(T);

fn main() {
    let _ = Id(7_u64);
}
