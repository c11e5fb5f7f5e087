//! Counts instructions per request under valgrind's callgrind, of kr and of the handwritten servers.
//!
//! ```text
//! cargo run --release --package kr-tests --bin instructions               # prints the table
//! cargo run --release --package kr-tests --bin instructions -- --write    # writes it into BENCHMARKS.md
//! cargo run --release --package kr-tests --bin instructions -- --check    # fails if kr needs 3 % more than is written there
//! ```

fn main() -> std::process::ExitCode {
    kr_tests::instruction_count::main()
}
