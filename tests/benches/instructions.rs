//! The same as the binary of this name, so that `cargo bench` prints this table as well.

fn main() -> std::process::ExitCode {
    kr_tests::instruction_count::main()
}
