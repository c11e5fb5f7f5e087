//! A server in a separate process, started as a user would start it.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, Command, ExitStatus, Stdio};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// A running program. Dropping it kills the process.
pub struct Program {
    child: Child,
    /// The line that it printed once it was ready.
    pub ready: String,
    /// Where it listens.
    pub address: SocketAddr,
}

/// The program of an example. Builds it if necessary.
///
/// # Panics
/// If it does not build.
#[must_use]
pub fn example(name: &str) -> PathBuf {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    in_folder(
        FOLDER.get_or_init(|| build("dev", &["--package", "kr-examples", "--examples"])),
        name,
    )
}

/// As [`example`], optimised.
///
/// # Panics
/// As [`example`].
#[must_use]
pub fn example_for_benches(name: &str) -> PathBuf {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    in_folder(
        FOLDER.get_or_init(|| build("release", &["--package", "kr-examples", "--examples"])),
        name,
    )
}

/// A program of this package, optimised.
///
/// # Panics
/// As [`example`].
#[must_use]
pub fn program_for_benches(name: &str) -> PathBuf {
    // Each on its own: some take minutes, with what they are measured against.
    static BUILT: Mutex<BTreeMap<String, PathBuf>> = Mutex::new(BTreeMap::new());
    let mut built = BUILT.lock().unwrap_or_else(PoisonError::into_inner);
    let program = built.entry(name.to_owned()).or_insert_with(|| {
        let folder = build("release", &["--package", "kr-tests", "--bin", name]);
        in_folder(&folder, name)
    });
    program.clone()
}

fn in_folder(folder: &Path, name: &str) -> PathBuf {
    folder
        .join(name)
        .with_extension(std::env::consts::EXE_EXTENSION)
}

/// Builds programs and returns the folder in which they are.
fn build(profile: &str, what: &[&str]) -> PathBuf {
    let cargo = option_env!("CARGO").unwrap_or("cargo");
    let built = Command::new(cargo)
        .args(["build", "--quiet", "--profile", profile])
        .args(["--message-format", "json"])
        .args(what)
        .stderr(Stdio::inherit())
        .output()
        .expect("cargo");
    assert!(built.status.success(), "the programs do not build");
    let messages = String::from_utf8(built.stdout).expect("JSON");
    messages
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .find_map(|message| Some(PathBuf::from(message["executable"].as_str()?)))
        .and_then(|program| Some(program.parent()?.to_owned()))
        .expect("the path of a program")
}

impl Program {
    /// Starts a program on a free port and waits until it prints its address.
    ///
    /// # Panics
    /// If it ends before that.
    #[must_use]
    pub fn start(program: &Path) -> Self {
        Self::start_with(program, &[])
    }

    /// As [`start`](Self::start), with variables in its environment.
    ///
    /// # Panics
    /// As [`start`](Self::start).
    #[must_use]
    pub fn start_with(program: &Path, variables: &[(&str, &str)]) -> Self {
        Self::start_by(Command::new(program).envs(variables.iter().copied()))
    }

    /// As [`start`](Self::start), with this command. The port is free unless the command sets `PORT`.
    ///
    /// # Panics
    /// As [`start`](Self::start).
    #[must_use]
    pub fn start_by(command: &mut Command) -> Self {
        Self::launch(command.stderr(Stdio::null()))
    }

    /// As [`start_by`](Self::start_by), with what the program writes to its standard error.
    ///
    /// # Panics
    /// As [`start`](Self::start).
    #[must_use]
    pub fn start_logging(command: &mut Command) -> (Self, ChildStderr) {
        let mut program = Self::launch(command.stderr(Stdio::piped()));
        let log = program.child.stderr.take().expect("its standard error");
        (program, log)
    }

    fn launch(command: &mut Command) -> Self {
        if command.get_envs().all(|(name, _)| name != "PORT") {
            command.env("PORT", "0");
        }
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program");
        let mut ready = String::new();
        let output = child.stdout.take().expect("its output");
        BufReader::new(output)
            .read_line(&mut ready)
            .expect("a line");
        let ready = ready.trim_end().to_owned();
        let address = ready
            .rsplit_once("http://")
            .and_then(|(_, address)| address.parse().ok())
            .unwrap_or_else(|| panic!("the program said {ready:?}"));
        Self {
            child,
            ready,
            address,
        }
    }

    /// The number of the process.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// The processor time that the threads of the process have used, in seconds, where the system reports it.
    #[must_use]
    pub fn processor_seconds(&self) -> Option<f64> {
        let tasks = std::fs::read_dir(format!("/proc/{}/task", self.child.id())).ok()?;
        let nanoseconds: u64 = tasks
            .filter_map(|task| {
                let schedule = task.ok()?.path().join("schedstat");
                let schedule = std::fs::read_to_string(schedule).ok()?;
                schedule.split_whitespace().next()?.parse::<u64>().ok()
            })
            .sum();
        Some(nanoseconds as f64 / 1e9)
    }

    /// A memory figure of the process in bytes, such as `VmRSS` or `VmHWM`, where the system reports it.
    #[must_use]
    pub fn memory(&self, figure: &str) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status.lines().find_map(|line| {
            line.strip_prefix(figure)?
                .strip_prefix(':')?
                .trim()
                .strip_suffix(" kB")
        });
        Some(line?.parse::<u64>().ok()? * 1024)
    }

    /// Resets `VmHWM`, the peak memory of the process, to the current value.
    pub fn reset_peak(&self) {
        let _ = std::fs::write(format!("/proc/{}/clear_refs", self.child.id()), "5");
    }

    /// Sends the process a signal: `TERM` or `INT`.
    ///
    /// # Panics
    /// If that is not possible.
    pub fn signal(&self, signal: &str) {
        let id = self.child.id().to_string();
        let sent = Command::new("kill").args(["-s", signal, &id]).status();
        assert!(sent.expect("kill").success());
    }

    /// Waits for the end of the process.
    ///
    /// # Panics
    /// If it does not end within half a minute.
    pub fn wait(&mut self) -> ExitStatus {
        let deadline = Instant::now() + Duration::from_secs(30);
        loop {
            if let Some(status) = self.child.try_wait().expect("a process") {
                return status;
            }
            assert!(Instant::now() < deadline, "the program keeps running");
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// Runs a program that is expected to fail at once. Returns its standard error.
    ///
    /// # Panics
    /// If it succeeds, or keeps running.
    #[must_use]
    pub fn fails(program: &Path, variables: &[(&str, &str)]) -> String {
        let mut child = Command::new(program)
            .envs(variables.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program");
        let errors = child.stderr.take().expect("its errors");
        let mut program = Self {
            child,
            ready: String::new(),
            address: SocketAddr::from(([127, 0, 0, 1], 0)),
        };
        assert!(!program.wait().success(), "the program succeeded");
        let mut text = String::new();
        BufReader::new(errors)
            .read_to_string(&mut text)
            .expect("text");
        text
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
