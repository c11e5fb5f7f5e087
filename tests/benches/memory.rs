//! Memory: of an open connection, of a request that waits for a lock, and at most during an export.
//!
//! `cargo bench -p kr-tests --bench memory`; with `-- --write` into `BENCHMARKS.md`. It is resident memory as the system
//! counts it, so nothing is printed where it does not.

use kr_tests::load::{Ask, Contender, Table, Wire, asked_for, contenders, fill, grouped, twins};
use kr_tests::{Program, program_for_benches};
use std::thread;
use std::time::Duration;

const CONNECTIONS: usize = 800;
const NOTES: usize = 100_000;

fn main() {
    let contenders: Vec<_> = contenders().into_iter().map(frugal).collect();
    if contenders[0].start().memory("VmRSS").is_none() {
        println!("skipped: this system does not tell how much memory a process has");
        return;
    }
    let head = ["bytes", "kr"].into_iter();
    let mut table = Table::new("memory", head.chain(twins().iter().map(|twin| twin.name)));
    let per_connection: Vec<_> = contenders.iter().map(connection).collect();
    table.row(cells("an open connection", &per_connection, grouped));

    let probe = frugal(Contender::new("kr", program_for_benches("test_server")));
    let mut waiting = vec![waiting_request(&probe, "/slow")];
    for twin in &contenders[1..] {
        let waits_in_a_task = twin.name.contains("tokio");
        waiting.push(match waits_in_a_task {
            true => waiting_request(twin, "/hold"),
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

    let exports: Vec<_> = contenders.iter().map(export).collect();
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
    if asked_for("--write") {
        table.write("Resident memory, beyond what the server had before.");
    }
}

/// glibc gives large blocks back at once only if it does not get used to them.
fn frugal(contender: Contender) -> Contender {
    contender.with("MALLOC_MMAP_THRESHOLD_", "131072")
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
fn connect(server: &Program, ask: &Ask, count: usize) -> Vec<Wire> {
    let connect = |_| {
        let mut wire = Wire::connect(server.address);
        wire.ask(ask);
        wire
    };
    (0..count).map(connect).collect()
}

fn connection(contender: &Contender) -> f64 {
    let server = contender.start();
    let ask = Ask::new("GET", "/state");
    // The first ones bring what is there once for all.
    let _first = connect(&server, &ask, 50);
    let before = resident(&server);
    let _many = connect(&server, &ask, CONNECTIONS);
    (resident(&server) - before) / CONNECTIONS as f64
}

/// What a request that waits has beyond its connection.
fn waiting_request(contender: &Contender, hold: &str) -> f64 {
    let server = contender.start();
    let hold = |millis: u32| Ask::new("POST", &format!("{hold}/{millis}"));
    let mut wires = connect(&server, &hold(0), CONNECTIONS);
    let before = resident(&server);
    let mut holder = Wire::connect(server.address);
    holder.send(&hold(5_000));
    thread::sleep(Duration::from_millis(50));
    for wire in &mut wires {
        wire.send(&hold(0));
    }
    (resident(&server) - before) / CONNECTIONS as f64
}

/// The most that an export adds, and how long its answer is.
fn export(contender: &Contender) -> (f64, f64) {
    let server = contender.start();
    fill(server.address, NOTES);
    let before = resident(&server);
    server.forget_peak();
    let size = Wire::connect(server.address).ask(&Ask::new("POST", "/snapshot/export"));
    let peak = server.memory("VmHWM").unwrap_or_default() as f64;
    (peak - before, size as f64)
}
