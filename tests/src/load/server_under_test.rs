//! The servers that are compared.

use crate::{Program, example_for_benches, program_for_benches};
use std::path::PathBuf;
use std::process::Command;

/// A server that keeps the tutorial's contract.
#[derive(Clone)]
pub struct ServerUnderTest {
    /// Its name in tables.
    pub name: &'static str,
    program: PathBuf,
    variables: Vec<(&'static str, &'static str)>,
}

/// All of them, kr first.
#[must_use]
pub fn servers_under_test() -> Vec<ServerUnderTest> {
    std::iter::once(kr()).chain(handwritten()).collect()
}

/// The tutorial, as in the examples.
#[must_use]
pub fn kr() -> ServerUnderTest {
    ServerUnderTest {
        name: "kr",
        program: example_for_benches("snapshots"),
        // The log is not measured; the handwritten servers have none.
        variables: vec![("RUST_LOG", "error")],
    }
}

/// The tutorial's read without `cached`, to be compared in the place of [`kr`].
#[must_use]
pub fn kr_uncached() -> ServerUnderTest {
    ServerUnderTest {
        name: kr().name,
        program: program_for_benches("uncached"),
        variables: Vec::new(),
    }
}

/// The handwritten servers of the tutorial.
#[must_use]
pub fn handwritten() -> Vec<ServerUnderTest> {
    let stores = [
        ("`Mutex`, copied out", "mutex"),
        ("tokio's `Mutex`", "tokio-mutex"),
        ("`RwLock`", "rwlock"),
        ("`Arc` swapped", "swap"),
    ];
    let program = program_for_benches("handwritten");
    stores
        .map(|(name, store)| ServerUnderTest {
            name,
            program: program.clone(),
            variables: vec![("STORE", store)],
        })
        .into()
}

impl ServerUnderTest {
    /// Any other server.
    #[must_use]
    pub fn new(name: &'static str, program: PathBuf) -> Self {
        Self {
            name,
            program,
            variables: Vec::new(),
        }
    }

    /// Adds a variable to its environment.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: &'static str) -> Self {
        self.variables.push((name, value));
        self
    }

    /// Whether it is one of the examples.
    pub(crate) fn is_example(&self) -> bool {
        let mut folders = self.program.components().rev().skip(1);
        folders
            .next()
            .is_some_and(|it| it.as_os_str() == "examples")
    }

    /// Starts it.
    #[must_use]
    pub fn start(&self) -> Program {
        Program::start_with(&self.program, &self.variables)
    }

    /// The command that starts it under another program, such as valgrind with its arguments.
    #[must_use]
    pub fn under(&self, program: &str, arguments: &[String]) -> Command {
        let mut command = Command::new(program);
        command
            .args(arguments)
            .arg(&self.program)
            .envs(self.variables.iter().copied());
        command
    }
}
