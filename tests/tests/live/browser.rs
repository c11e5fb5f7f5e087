//! Chromium without a window, driven through its debugging protocol over a pipe: JSON messages that end with a zero byte.

use serde_json::{Value, json};
use std::io::{self, BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};
use tempfile::TempDir;

const NAMES: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

/// How long anything in the browser may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// A browser with one page.
pub(crate) struct Browser {
    process: Child,
    commands: ChildStdin,
    messages: Receiver<Value>,
    commands_sent: u64,
    session: Option<String>,
    _profile: TempDir,
}

impl Browser {
    /// Opens a page. Without Chromium there is none, which is an error where `KR_BROWSER=required`.
    pub(crate) fn open(url: &str) -> Option<Self> {
        let Some(name) = NAMES.iter().find(|name| is_installed(name)) else {
            let is_required = std::env::var("KR_BROWSER").is_ok_and(|is| is == "required");
            assert!(!is_required, "KR_BROWSER=required, and no Chromium is here");
            // Not `eprintln!`, which a test that passes does not show.
            let _ = writeln!(
                io::stderr(),
                "SKIPPED: a page is NOT tested in a browser; install the package `chromium`"
            );
            return None;
        };
        let mut browser = Self::start(name);
        let target = browser.call("Target.createTarget", &json!({ "url": url }));
        let target = json!({ "targetId": target["targetId"], "flatten": true });
        let attached = browser.call("Target.attachToTarget", &target);
        browser.session = attached["sessionId"].as_str().map(str::to_owned);
        Some(browser)
    }

    fn start(name: &str) -> Self {
        let profile = tempfile::tempdir().expect("a folder");
        let folder = format!("--user-data-dir={}", profile.path().display());
        // The browser reads commands from file 3 and writes to file 4.
        let script = r#"exec "$@" 3<&0 4>&1 </dev/null >/dev/null 2>&1"#;
        let mut process = Command::new("sh")
            .args(["-c", script, "sh", name, "--headless", "--disable-gpu"])
            .args(["--remote-debugging-pipe", "--no-first-run", &folder])
            .args(is_root().then_some("--no-sandbox"))
            .env("HOME", profile.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a shell");
        let commands = process.stdin.take().expect("its input");
        let output = BufReader::new(process.stdout.take().expect("its output"));
        let (sender, messages) = mpsc::channel();
        thread::spawn(move || {
            for message in output.split(0).map_while(Result::ok) {
                let message = serde_json::from_slice(&message).expect("JSON");
                if sender.send(message).is_err() {
                    return;
                }
            }
        });
        Self {
            process,
            commands,
            messages,
            commands_sent: 0,
            session: None,
            _profile: profile,
        }
    }

    /// The value of an expression in the page.
    pub(crate) fn evaluate(&mut self, expression: &str) -> Value {
        let expression = json!({ "expression": expression, "returnByValue": true });
        let evaluated = self.call("Runtime.evaluate", &expression);
        let exception = &evaluated["exceptionDetails"];
        assert!(exception.is_null(), "{exception}");
        evaluated["result"]["value"].clone()
    }

    /// Waits until an expression has a value.
    pub(crate) fn wait_for(&mut self, expression: &str, value: &Value) {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let now = self.evaluate(expression);
            if now == *value {
                return;
            }
            let is_late = Instant::now() > deadline;
            assert!(!is_late, "{expression} is {now}, not {value}");
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// Sends a command. Returns its number, which the answer repeats.
    fn send(&mut self, method: &str, params: &Value) -> io::Result<u64> {
        self.commands_sent += 1;
        let id = self.commands_sent;
        let mut command = json!({ "id": id, "method": method, "params": params });
        if let Some(session) = &self.session {
            command["sessionId"] = session.as_str().into();
        }
        let command = format!("{command}\0");
        self.commands.write_all(command.as_bytes())?;
        Ok(id)
    }

    pub(crate) fn call(&mut self, method: &str, params: &Value) -> Value {
        let id = self.send(method, params).expect("a running browser");
        loop {
            let message = self.messages.recv_timeout(PATIENCE);
            let mut message = message.expect("an answer of the browser");
            // The others are events.
            if message["id"] == id {
                assert!(message["error"].is_null(), "{method}: {message}");
                return message["result"].take();
            }
        }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // It ends its other processes before itself, so that the folder of its profile can be removed.
        self.session = None;
        let closes = self.send("Browser.close", &json!({})).is_ok();
        let deadline = Instant::now() + Duration::from_secs(5);
        while closes && Instant::now() < deadline && matches!(self.process.try_wait(), Ok(None)) {
            thread::sleep(Duration::from_millis(10));
        }
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn is_installed(name: &str) -> bool {
    let version = Command::new(name).arg("--version").output();
    version.is_ok_and(|version| version.status.success())
}

/// As root, the browser runs only without its sandbox.
fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output();
    id.is_ok_and(|id| id.stdout == b"0\n")
}
