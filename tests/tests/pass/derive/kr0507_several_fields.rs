//! KR0507: a key that says what its text is.

use kr_runtime::{KeyWriter, LockKey};

#[derive(Clone, PartialEq, Eq, Hash)]
struct Place {
    shelf: u32,
    row: u32,
}

impl LockKey for Place {
    fn write_to(&self, text: &mut KeyWriter<'_>) {
        text.part(format_args!("{}-{}", self.shelf, self.row));
    }
}

fn main() {
    let _ = Place { shelf: 1, row: 2 };
}
