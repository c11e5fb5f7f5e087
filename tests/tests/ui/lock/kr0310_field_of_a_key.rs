//! KR0310: a key around what is none (1 error)

use kr_runtime::LockKey;

#[derive(Clone, PartialEq, Eq, Hash, LockKey)]
struct Name(&'static str);

fn main() {
    let _ = Name("helmet");
}
