//! Programs of others that judge a document: a validator, and a client that draws requests from it. Both are Python packages.

use std::io::{self, Write};
use std::process::{Command, Output};

/// The program, if it is installed. Without it a test says so and passes, or fails where `KR_OPENAPI_TOOLS=required`.
pub(crate) fn tool(name: &str) -> Option<Command> {
    let version = Command::new(name).arg("--version").output();
    if version.is_ok_and(|version| version.status.success()) {
        return Some(Command::new(name));
    }
    let is_required = std::env::var("KR_OPENAPI_TOOLS").is_ok_and(|is| is == "required");
    assert!(
        !is_required,
        "KR_OPENAPI_TOOLS=required, and no `{name}` is here"
    );
    // Not `eprintln!`, which a test that passes does not show.
    let _ = writeln!(
        io::stderr(),
        "SKIPPED: documents are NOT judged by `{name}`; install it with pip"
    );
    None
}

/// Everything that it printed.
pub(crate) fn printed(output: &Output) -> String {
    let texts = [&output.stdout, &output.stderr];
    texts.map(|text| String::from_utf8_lossy(text)).join("\n")
}
