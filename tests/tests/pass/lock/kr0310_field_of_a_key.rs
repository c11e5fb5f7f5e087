//! KR0310: a key with a field that is one.

use kr_runtime::LockKey;

#[derive(Clone, PartialEq, Eq, Hash, LockKey)]
struct Name(String);

fn main() {
    let _ = Name("helmet".to_owned());
}
