//! KR0507: a key that says what its text is.

use kr_runtime::{KeyWriter, LockKey};

#[derive(Clone, PartialEq, Eq, Hash)]
enum Size {
    Small,
    Large,
}

impl LockKey for Size {
    fn write_to(&self, text: &mut KeyWriter<'_>) {
        text.part(match self {
            Self::Small => "small",
            Self::Large => "large",
        });
    }
}

fn main() {
    let _ = [Size::Small, Size::Large];
}
