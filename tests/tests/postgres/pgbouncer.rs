//! Behind PgBouncer, in transaction mode: each transaction may get another session.

use crate::ledger::{Fate, check, connect, options};
use crate::support::Load;
use futures_util::future::join_all;
use kr_tests::postgres::{database_of, postgres};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

struct Pgbouncer {
    child: Child,
    /// The database, by way of it.
    url: String,
    _folder: tempfile::TempDir,
}

impl Pgbouncer {
    /// One in front of a new database of the server; `None`, said aloud, where one of them is not installed.
    fn start() -> Option<Self> {
        let server = postgres()?;
        let url = server.database();
        let (server, database) = (server.port(), database_of(&url));
        let program = ["/usr/sbin/pgbouncer", "/usr/bin/pgbouncer"]
            .into_iter()
            .find(|path| fs::exists(path).unwrap_or_default());
        let Some(program) = program else {
            assert!(
                std::env::var_os("KR_POSTGRES").is_none_or(|value| value != "required"),
                "PgBouncer is not installed"
            );
            eprintln!(
                "NOT TESTED: PgBouncer is not installed; `apt-get install pgbouncer` brings it"
            );
            return None;
        };
        let folder = tempfile::tempdir().unwrap();
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        drop(listener);
        let settings = format!(
            "[databases]\n{database} = host=127.0.0.1 port={server} user=kr\n[pgbouncer]\nlisten_addr = 127.0.0.1\n\
             listen_port = {port}\nauth_type = any\npool_mode = transaction\ndefault_pool_size = 5\nmax_client_conn = 200\n\
             unix_socket_dir =\nignore_startup_parameters = extra_float_digits\n"
        );
        let path = folder.path().join("pgbouncer.ini");
        fs::write(&path, settings).unwrap();
        let mut command = Command::new(program);
        command.arg("-q").arg(&path).stdin(Stdio::null());
        if let Some((user, group)) = kr_tests::postgres::unprivileged() {
            command.uid(user).gid(group);
        }
        let child = command.spawn().unwrap();
        Some(Self {
            child,
            url: format!("postgres://kr@127.0.0.1:{port}/{database}"),
            _folder: folder,
        })
    }
}

impl Drop for Pgbouncer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_processes_share_a_database_behind_pgbouncer() {
    let Some(pooler) = Pgbouncer::start() else {
        return;
    };
    let machines = [1, 2, 3].map(|_| connect(options(), &pooler.url).unwrap());
    let load = Load::start(&machines, 24);
    load.wait_for(600, Duration::from_secs(60)).await;
    let fates = load.end().await;
    assert!(fates.values().all(|fate| *fate == Fate::Kept));
    check(&machines[0], &fates).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn prepared_statements_behind_an_old_pgbouncer_are_refused_with_advice() {
    let Some(pooler) = Pgbouncer::start() else {
        return;
    };
    let machines =
        [1, 2, 3].map(|_| connect(options().prepared_statements(true), &pooler.url).unwrap());
    // Sooner or later, a transaction gets a session that does not know the statement.
    for _ in 0..200 {
        let changes = machines.iter().zip(1..).map(|(machine, key)| {
            let lists = &machine.ledger.lists;
            async move { lists.update(&key, |list| list.numbers.clear()).await }
        });
        for change in join_all(changes).await {
            let Err(error) = change else { continue };
            let text = error.to_string();
            assert!(text.contains("leave `prepared_statements` off"), "{text}");
            return;
        }
    }
    panic!("the sessions of the server were never mixed up");
}
