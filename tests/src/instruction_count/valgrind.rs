//! Running programs under callgrind.

use crate::Program;
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

/// The error says why nothing can be counted.
pub(super) fn find() -> Result<(), String> {
    let found = Command::new("valgrind")
        .arg("--version")
        .stdout(Stdio::null())
        .status();
    match found {
        Ok(status) if status.success() => Ok(()),
        _ => Err("there is no valgrind".into()),
    }
}

/// The instructions of one step, from the difference between a run with few steps and one with many.
pub(super) fn per_step(few: u32, many: u32, run: impl Fn(u32, &[String])) -> f64 {
    let count = |steps| {
        let output = Output::new();
        let out = format!("--callgrind-out-file={}", output.0.display());
        run(steps, &["--quiet".into(), "--tool=callgrind".into(), out]);
        total(&output.0)
    };
    (count(many) - count(few)) / f64::from(many - few)
}

/// Starts a server with one worker, uses it, and shuts it down.
pub(super) fn serve(command: &mut Command, use_it: impl FnOnce(SocketAddr)) {
    let mut server = Program::start_by(command.env("TOKIO_WORKER_THREADS", "1"));
    use_it(server.address);
    server.signal("TERM");
    server.wait();
}

fn total(output: &Path) -> f64 {
    let text = fs::read_to_string(output).expect("callgrind's output");
    let line = text.lines().find_map(|line| {
        line.strip_prefix("totals: ")
            .or_else(|| line.strip_prefix("summary: "))
    });
    line.and_then(|total| total.trim().parse().ok())
        .expect("callgrind's total")
}

/// A temporary file, deleted on drop.
struct Output(PathBuf);

impl Output {
    fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let next = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("kr-callgrind-{}-{next}", std::process::id());
        Self(std::env::temp_dir().join(name))
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}
