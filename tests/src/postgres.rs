//! A PostgreSQL server of the tests' own, in a temporary folder, started as a user without rights.
//!
//! It ends with the process that started it, whatever way that ends: a shell waits for the end of its input, and stops it.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// A server.
pub struct Postgres {
    folder: PathBuf,
    programs: PathBuf,
    port: u16,
    user: Option<(u32, u32)>,
    /// Keeps the server running as long as its input is open.
    _keeper: Child,
}

/// What stops the server and removes its folder once nobody needs it.
const KEEPER: &str = r#"trap '' INT TERM; cat >/dev/null; "$1/pg_ctl" -D "$2/data" -m immediate -w stop >/dev/null 2>&1; rm -rf "$2""#;

/// The server that the tests of this process share; `None`, said aloud, where PostgreSQL is not installed.
///
/// # Panics
/// If it cannot be started, or if it is not installed and `KR_POSTGRES` is `required`.
pub fn postgres() -> Option<&'static Postgres> {
    static SERVER: OnceLock<Option<Postgres>> = OnceLock::new();
    SERVER.get_or_init(|| Postgres::start("")).as_ref()
}

impl Postgres {
    /// Starts a server with more settings, such as `max_connections = 20`; `None`, said aloud, where PostgreSQL is not
    /// installed.
    ///
    /// # Panics
    /// As [`postgres`].
    #[must_use]
    pub fn start(settings: &str) -> Option<Self> {
        let Some(programs) = programs() else {
            assert!(
                std::env::var_os("KR_POSTGRES").is_none_or(|value| value != "required"),
                "PostgreSQL is not installed"
            );
            eprintln!(
                "NOT TESTED: PostgreSQL is not installed; `apt-get install postgresql` brings it"
            );
            return None;
        };
        let user = unprivileged();
        let folder = folder_for(user);
        let port = free_port();
        let keeper = Command::new("sh")
            .args(["-c", KEEPER, "sh"])
            .args([&programs, &folder])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .as_user(user)
            .spawn()
            .expect("a shell");
        let server = Self {
            folder,
            programs,
            port,
            user,
            _keeper: keeper,
        };
        server.run("initdb", |command| {
            command
                .args([
                    "--no-sync",
                    "--auth=trust",
                    "--username=kr",
                    "--encoding=UTF8",
                    "--no-locale",
                    "-D",
                ])
                .arg(server.data())
        });
        let conf = server.data().join("postgresql.conf");
        let known = fs::read_to_string(&conf).expect("its settings");
        let all = format!(
            "{known}\nlisten_addresses = '127.0.0.1'\nport = {port}\nunix_socket_directories = '{}'\n\
             max_connections = 200\n{settings}\n",
            server.folder.display()
        );
        fs::write(&conf, all).expect("its settings");
        server.begin();
        Some(server)
    }

    /// A database of its own for a test: its URL.
    ///
    /// # Panics
    /// If the server does not make it.
    #[must_use]
    pub fn database(&self) -> String {
        static LAST: AtomicU32 = AtomicU32::new(0);
        let name = format!("test{}", LAST.fetch_add(1, Ordering::Relaxed));
        self.sql("postgres", &format!("CREATE DATABASE {name}"));
        self.url(&name)
    }

    /// The URL of a database.
    #[must_use]
    pub fn url(&self, database: &str) -> String {
        format!("postgres://kr@127.0.0.1:{}/{database}", self.port)
    }

    /// Where it listens, on loopback.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Where its files are.
    #[must_use]
    pub fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// What `psql` prints for a statement.
    ///
    /// # Panics
    /// If it fails.
    pub fn sql(&self, database: &str, statement: &str) -> String {
        let output = Command::new(self.programs.join("psql"))
            .args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1"])
            .args(["-d", &self.url(database), "-c", statement])
            .output()
            .expect("psql");
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{statement}: {error}");
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    /// The server ends as in a crash of the machine, and starts again.
    pub fn restart_at_once(&self) {
        self.stop_at_once();
        self.begin();
    }

    /// The server ends as in a crash of the machine.
    pub fn stop_at_once(&self) {
        self.run("pg_ctl", |command| {
            command
                .arg("-D")
                .arg(self.data())
                .args(["-m", "immediate", "-w", "stop"])
        });
    }

    /// Sends a signal to all processes of the server.
    ///
    /// # Panics
    /// If that fails.
    pub fn signal(&self, name: &str) {
        let pid = fs::read_to_string(self.data().join("postmaster.pid")).expect("a server");
        let pid = pid.lines().next().expect("its number");
        // The server itself last: it starts a process again that it misses.
        let command = format!("kill -{name} $(ps -o pid= --ppid {pid}) {pid}");
        let sent = Command::new("sh").args(["-c", &command]).status();
        assert!(sent.is_ok_and(|status| status.success()), "{command}");
    }

    /// The server starts, or starts again.
    ///
    /// # Panics
    /// If it does not within half a minute.
    pub fn begin(&self) {
        self.run("pg_ctl", |command| {
            command
                .arg("-D")
                .arg(self.data())
                .args(["-w", "-t", "30", "-l"])
                .arg(self.folder.join("log"))
                .arg("start")
        });
        let end = Instant::now() + Duration::from_secs(30);
        while !self.is_ready() {
            assert!(Instant::now() < end, "the server does not start");
            thread::sleep(Duration::from_millis(20));
        }
    }

    fn is_ready(&self) -> bool {
        let ready = Command::new(self.programs.join("pg_isready"))
            .args(["-q", "-h", "127.0.0.1", "-p", &self.port.to_string()])
            .status();
        ready.is_ok_and(|status| status.success())
    }

    fn run(&self, program: &str, set: impl FnOnce(&mut Command) -> &mut Command) {
        let mut command = Command::new(self.programs.join(program));
        set(&mut command);
        let done = command
            .current_dir(&self.folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .as_user(self.user)
            .status();
        let log = || fs::read_to_string(self.folder.join("log")).unwrap_or_default();
        assert!(
            done.is_ok_and(|status| status.success()),
            "{program} failed: {}",
            log()
        );
    }
}

trait AsUser {
    fn as_user(&mut self, user: Option<(u32, u32)>) -> &mut Self;
}

impl AsUser for Command {
    fn as_user(&mut self, user: Option<(u32, u32)>) -> &mut Self {
        match user {
            Some((user, group)) => self.uid(user).gid(group),
            None => self,
        }
    }
}

/// Where PostgreSQL's programs are.
fn programs() -> Option<PathBuf> {
    let asked = Command::new("pg_config").arg("--bindir").output();
    let asked = asked
        .ok()
        .map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    let known = asked.map(PathBuf::from);
    let debian = fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let debian = debian.flatten().map(|version| version.path().join("bin"));
    known
        .into_iter()
        .chain(debian)
        .find(|folder| folder.join("initdb").exists() && folder.join("psql").exists())
}

/// PostgreSQL does not run as root: the ids of a user and its group for it, if this process is root.
#[must_use]
pub fn unprivileged() -> Option<(u32, u32)> {
    let number = |arguments: &[&str]| {
        let output = Command::new("id").args(arguments).output().ok()?;
        String::from_utf8_lossy(&output.stdout)
            .trim()
            .parse::<u32>()
            .ok()
    };
    if number(&["-u"]) != Some(0) {
        return None;
    }
    ["postgres", "nobody"]
        .iter()
        .find_map(|name| Some((number(&["-u", name])?, number(&["-g", name])?)))
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("its address").port()
}

/// A folder that the server can reach, which is another user than this one: what is above it may be closed to that one.
fn folder_for(user: Option<(u32, u32)>) -> PathBuf {
    let places = [std::env::temp_dir(), "/tmp".into(), "/var/tmp".into()];
    for place in places {
        let folder = tempfile::Builder::new()
            .prefix("kr-postgres-")
            .tempdir_in(place);
        let Ok(folder) = folder else { continue };
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).expect("its rights");
        if let Some((user, group)) = user {
            chown(folder.path(), Some(user), Some(group)).expect("its owner");
        }
        let reached = Command::new("sh")
            .args(["-c", "cd \"$1\" && : > reached", "sh"])
            .arg(folder.path())
            .stderr(Stdio::null())
            .as_user(user)
            .status();
        if reached.is_ok_and(|status| status.success()) {
            return folder.keep();
        }
    }
    panic!("no folder for temporary files can be reached by the user of the server");
}

/// The name of the database in a URL.
#[must_use]
pub fn database_of(url: &str) -> &str {
    Path::new(url)
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or_default()
}
