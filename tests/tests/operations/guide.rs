//! The pictures of the guide.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use std::fs;

/// The documentation has them in its text; in the repository they are files.
#[test]
fn pictures_in_the_text_are_those_in_the_files() {
    let folder = "../kr-runtime/docs/guide/pictures";
    let mut inline = String::new();
    for name in ["overview", "state", "locks", "phone"] {
        let picture = fs::read(format!("{folder}/{name}.png")).unwrap();
        let data = BASE64_STANDARD.encode(picture);
        inline += &format!("[picture-{name}]: data:image/png;base64,{data}\n");
    }
    let found = fs::read_to_string(format!("{folder}/inline.md")).unwrap();
    assert!(found == inline, "write it again:\n{inline}");
}
