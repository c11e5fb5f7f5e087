//! As the program of this name, so that `cargo bench` prints this table, too.

fn main() -> std::process::ExitCode {
    kr_tests::instruction_count::main()
}
