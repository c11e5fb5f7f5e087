//! KR0310: a key with a field that is not a key (1 error)

use kr_runtime::LockKey;

#[derive(Clone, PartialEq, Eq, Hash, LockKey)]
struct Name(&'static str);

fn main() {
    let _ = Name("helmet");
}
