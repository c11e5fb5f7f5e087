//! Memory: of an open connection, of a request that waits for a lock, and at most during an export.
//!
//! `cargo bench -p kr-tests --bench memory`; with `-- --write` into `BENCHMARKS.md`. It is resident memory as the system
//! counts it, so nothing is printed where it does not.

use kr_tests::load::{
    Connection, Request, ServerUnderTest, Table, fill, grouped, handwritten, has_argument,
    servers_under_test,
};
use kr_tests::{Program, program_for_benches};
use std::thread;
use std::time::Duration;

const CONNECTIONS: usize = 800;
const NOTES: usize = 100_000;

fn main() {
    let servers_under_test: Vec<_> = servers_under_test().into_iter().map(frugal).collect();
    if servers_under_test[0].start().memory("VmRSS").is_none() {
        println!("skipped: this system does not tell how much memory a process has");
        return;
    }
    let head = ["bytes", "kr"].into_iter();
    let mut table = Table::new(
        "memory",
        head.chain(handwritten().iter().map(|server| server.name)),
    );
    let per_connection: Vec<_> = servers_under_test.iter().map(connection).collect();
    table.row(cells("an open connection", &per_connection, grouped));

    let probe = frugal(ServerUnderTest::new(
        "kr",
        program_for_benches("test_server"),
    ));
    let mut waiting = vec![waiting_request(&probe, "/slow")];
    for server in &servers_under_test[1..] {
        let waits_in_a_task = server.name.contains("tokio");
        waiting.push(match waits_in_a_task {
            true => waiting_request(server, "/hold"),
            // Requests that wait for std's locks keep threads waiting, of which there are not so many.
            false => f64::NAN,
        });
    }
    table.row(cells(
        "a request that waits for its lock",
        &waiting,
        |bytes| {
            if bytes.is_nan() {
                "–".into()
            } else {
                grouped(bytes)
            }
        },
    ));

    let exports: Vec<_> = servers_under_test.iter().map(export).collect();
    let peaks: Vec<_> = exports.iter().map(|(peak, _)| *peak).collect();
    let ratios: Vec<_> = exports.iter().map(|(peak, size)| peak / size).collect();
    table.row(cells(
        "most during an export of 100,000 notes",
        &peaks,
        grouped,
    ));
    table.row(cells("… times the answer's length", &ratios, |ratio| {
        format!("{ratio:.2}")
    }));
    println!("{table}");
    if has_argument("--write") {
        table.write("Resident memory, beyond what the server had before.");
    }
}

/// glibc gives large blocks back at once only if it does not get used to them.
fn frugal(server_under_test: ServerUnderTest) -> ServerUnderTest {
    server_under_test.with("MALLOC_MMAP_THRESHOLD_", "131072")
}

fn cells(name: &str, figures: &[f64], show: impl Fn(f64) -> String) -> Vec<String> {
    let figures = figures.iter().copied().map(show);
    std::iter::once(name.to_owned()).chain(figures).collect()
}

fn resident(server: &Program) -> f64 {
    // What has just been asked may still be under way.
    thread::sleep(Duration::from_millis(300));
    server.memory("VmRSS").unwrap_or_default() as f64
}

/// Opens connections that have asked once, and are kept.
fn connect(server: &Program, request: &Request, count: usize) -> Vec<Connection> {
    let connect = |_| {
        let mut connection = Connection::connect(server.address);
        connection.request(request);
        connection
    };
    (0..count).map(connect).collect()
}

fn connection(server_under_test: &ServerUnderTest) -> f64 {
    let server = server_under_test.start();
    let request = Request::new("GET", "/state");
    // The first ones bring what is there once for all.
    let _first = connect(&server, &request, 50);
    let before = resident(&server);
    let _many = connect(&server, &request, CONNECTIONS);
    (resident(&server) - before) / CONNECTIONS as f64
}

/// What a request that waits has beyond its connection.
fn waiting_request(server_under_test: &ServerUnderTest, hold: &str) -> f64 {
    let server = server_under_test.start();
    let hold = |millis: u32| Request::new("POST", &format!("{hold}/{millis}"));
    let mut connections = connect(&server, &hold(0), CONNECTIONS);
    let before = resident(&server);
    let mut holder = Connection::connect(server.address);
    holder.send(&hold(5_000));
    thread::sleep(Duration::from_millis(50));
    for connection in &mut connections {
        connection.send(&hold(0));
    }
    (resident(&server) - before) / CONNECTIONS as f64
}

/// The most that an export adds, and how long its answer is.
fn export(server_under_test: &ServerUnderTest) -> (f64, f64) {
    let server = server_under_test.start();
    fill(server.address, NOTES);
    let before = resident(&server);
    server.reset_peak();
    let size =
        Connection::connect(server.address).request(&Request::new("POST", "/snapshot/export"));
    let peak = server.memory("VmHWM").unwrap_or_default() as f64;
    (peak - before, size as f64)
}
