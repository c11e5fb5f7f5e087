//! Memory: of an open connection, of a request that waits for a lock, and the peak during an export.
//!
//! `cargo bench -p kr-tests --bench memory`; with `-- --write` into `BENCHMARKS.md`. It is resident memory as the system
//! counts it; where it does not, nothing is printed.

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
    let servers_under_test: Vec<_> = servers_under_test()
        .into_iter()
        .map(with_fixed_mmap_threshold)
        .collect();
    if servers_under_test[0].start().memory("VmRSS").is_none() {
        println!("skipped: this system does not report the memory of a process");
        return;
    }
    let head = ["bytes", "kr"].into_iter();
    let mut table = Table::new(
        "memory",
        head.chain(handwritten().iter().map(|server| server.name)),
    );
    let per_connection: Vec<_> = servers_under_test.iter().map(connection).collect();
    table.row(cells("an open connection", &per_connection, grouped));

    let test_server = with_fixed_mmap_threshold(ServerUnderTest::new(
        "kr",
        program_for_benches("test_server"),
    ));
    let mut waiting = vec![waiting_request(&test_server, "/slow")];
    for server in &servers_under_test[1..] {
        let waits_in_a_task = server.name.contains("tokio");
        waiting.push(match waits_in_a_task {
            true => waiting_request(server, "/hold"),
            // Requests that wait for std's locks block threads, and there are not enough of those.
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
        "peak during an export of 100,000 notes",
        &peaks,
        grouped,
    ));
    table.row(cells(
        "… times the length of the response",
        &ratios,
        |ratio| format!("{ratio:.2}"),
    ));
    println!("{table}");
    if has_argument("--write") {
        table.write("Resident memory, beyond what the server had before.");
    }
}

/// Fixes the threshold above which glibc returns blocks to the system at once; otherwise it grows.
fn with_fixed_mmap_threshold(server_under_test: ServerUnderTest) -> ServerUnderTest {
    server_under_test.with("MALLOC_MMAP_THRESHOLD_", "131072")
}

fn cells(name: &str, figures: &[f64], show: impl Fn(f64) -> String) -> Vec<String> {
    let figures = figures.iter().copied().map(show);
    std::iter::once(name.to_owned()).chain(figures).collect()
}

fn resident(server: &Program) -> f64 {
    // The last requests may still be running.
    thread::sleep(Duration::from_millis(300));
    server.memory("VmRSS").unwrap_or_default() as f64
}

/// Opens connections that have sent one request, and keeps them.
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
    // The first connections allocate what all of them share.
    let _first = connect(&server, &request, 50);
    let before = resident(&server);
    let _many = connect(&server, &request, CONNECTIONS);
    (resident(&server) - before) / CONNECTIONS as f64
}

/// The memory of a waiting request beyond that of its connection.
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

/// The peak memory that an export adds, and the length of its response.
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
