//! Looks into a store, and copies one to another.
//!
//! ```console
//! cargo run --example store -- inspect file:bank.kr
//! cargo run --example store -- copy file:bank.kr file:copy.kr
//! cargo run --example store -- export file:bank.kr > bank.jsonl
//! cargo run --example store -- import file:restored.kr < bank.jsonl
//! ```

use kr_runtime::{Durable, Progress, Store, StoreError};
use std::io::{self, BufWriter, IsTerminal, Write};
use std::process::ExitCode;

const HELP: &str = "\
Looks into a store, and copies one to another.

Usage: store inspect STORE          what it has, and whether every row can be read
       store copy FROM TO           all rows of one moment into a new store
       store export STORE           the rows as lines of JSON, to the standard output
       store import STORE           such lines from the standard input into a new store

STORE, FROM and TO are written as in KR_STORE: `file:bank.kr`, `postgres://user@host/database`.
A store that a program has open is its own: that program copies it with `Store::copy_to`.";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments[..] {
        [] | ["help" | "--help" | "-h", ..] => {
            println!("{HELP}");
            return ExitCode::SUCCESS;
        }
        ["inspect", store] => inspect(store),
        ["copy", from, to] => copy(from, to),
        ["export", store] => export(store),
        ["import", store] => import(store),
        _ => {
            eprintln!("{HELP}");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(exit) => exit,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Opens a store that is there.
fn existing(name: &str) -> Result<Store<Durable>, StoreError> {
    match name.starts_with("file:") && !name.contains('?') {
        true => Store::from_name(&format!("{name}?existing")),
        false => Store::from_name(name),
    }
}

fn inspect(name: &str) -> Result<ExitCode, StoreError> {
    let mut damaged = Vec::new();
    println!("{:>12} {:>14}  locks", "rows", "bytes");
    for space in existing(name)?.inspect()? {
        let locks = match space.space.as_str() {
            "" => "without a key",
            template => template,
        };
        println!("{:>12} {:>14}  {locks}", space.rows, space.bytes);
        damaged.extend(space.damaged);
    }
    for lock in &damaged {
        println!("damaged: {lock}");
    }
    Ok(match damaged.is_empty() {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}

fn copy(from: &str, to: &str) -> Result<ExitCode, StoreError> {
    let (from, to) = (existing(from)?, Store::from_name(to)?);
    ended(from.copy_to(&to, show)?);
    Ok(ExitCode::SUCCESS)
}

fn export(name: &str) -> Result<ExitCode, StoreError> {
    let output = BufWriter::new(io::stdout().lock());
    ended(existing(name)?.export(output, show)?);
    Ok(ExitCode::SUCCESS)
}

fn import(name: &str) -> Result<ExitCode, StoreError> {
    ended(Store::from_name(name)?.import(io::stdin().lock(), show)?);
    Ok(ExitCode::SUCCESS)
}

/// Shows how far it is, on a terminal.
fn show(progress: Progress) {
    if io::stderr().is_terminal() {
        eprint!("\r{} of {} rows", progress.rows, progress.of_rows);
        let _ = io::stderr().flush();
    }
}

fn ended(progress: Progress) {
    if io::stderr().is_terminal() {
        eprint!("\r");
    }
    eprintln!("{} rows, {} responses", progress.rows, progress.responses);
}
