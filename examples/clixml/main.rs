//! Shows CLIXML files: `cargo run --example clixml -- show state.clixml`.

mod describe;

use std::fs::File;
use std::io::{self, IsTerminal, Read, Write};
use std::process::ExitCode;

use kr_runtime::clixml::{self, Document, ReadOptions, Value};

const USAGE: &str = "\
usage: clixml show|json|describe|rewrite FILE

  show      a readable tree
  json      plain JSON, as a script wants it
  describe  one line of JSON that says what PowerShell sees
  rewrite   the document as this library writes it

FILE may be - for standard input.";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args_os()
        .skip(1)
        .map(|word| word.to_string_lossy().into_owned())
        .collect();
    let (command, file) = match &arguments[..] {
        [command, file] if matches!(&**command, "show" | "json" | "describe" | "rewrite") => {
            (command, file)
        }
        [word] if matches!(&**word, "help" | "-h" | "--help") => {
            println!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    // All output is made before any of it is written, so a failure writes nothing.
    match output(command, file).and_then(|text| print(&text)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("clixml: {file}: {message}");
            ExitCode::FAILURE
        }
    }
}

fn output(command: &str, file: &str) -> Result<String, String> {
    let document = read(file)?;
    let say = |error: clixml::Error| error.to_string();
    match command {
        "show" => {
            let colour = io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
            Ok(document.tree().coloured(colour).to_string())
        }
        "json" => serde_json::to_string_pretty(&Value::from(document))
            .map(|json| json + "\n")
            .map_err(|error| error.to_string()),
        "describe" => describe::describe(&document).map(|line| line + "\n"),
        _ => document.to_text().map_err(say),
    }
}

fn read(file: &str) -> Result<Document, String> {
    let options = ReadOptions::new();
    let mut bytes = Vec::new();
    let read = match file {
        "-" => io::stdin().lock().read_to_end(&mut bytes),
        path => File::open(path).and_then(|mut file| file.read_to_end(&mut bytes)),
    };
    read.map_err(|error| error.to_string())?;
    options
        .document_from_slice(&bytes)
        .map_err(|error| error.to_string())
}

fn print(text: &str) -> Result<(), String> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        // The reader has closed the pipe, as `head` does.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written.map_err(|error| error.to_string()),
    }
}
