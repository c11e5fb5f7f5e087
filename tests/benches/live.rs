//! How long a commit takes to reach all who follow a response, and what each of them costs in memory.
//!
//! ```text
//! cargo bench -p kr-tests --bench live                  # 10,000 listeners; `LISTENERS=1000` for fewer
//! cargo bench -p kr-tests --bench live -- --write       # into `BENCHMARKS.md`
//! ```
//!
//! Each listener has a connection of its own. Client and server share the machine's cores, so the time includes that of the
//! client, which reads every event. The memory of a connection is measured after one ordinary request on it. The system has to
//! permit as many open files.

use kr_tests::load::{Connection, Percentiles, Request, Table, has_argument};
use kr_tests::{Program, program_for_benches};
use std::env;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc;

const COMMITS: u64 = 20;

fn main() {
    let listeners = env::var("LISTENERS")
        .ok()
        .and_then(|text| text.parse().ok());
    let listeners: usize = listeners.unwrap_or(10_000);
    let head = [
        "listeners of one response",
        "server",
        "to the first",
        "to the last",
        "processor time of a commit",
        "memory of a connection",
        "of a listener on it",
    ];
    let mut table = Table::new("live", head);
    for server in ["kr", "handwritten"] {
        // Its end closes the connections.
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        let cells = runtime.block_on(measure(server, listeners));
        eprintln!("{}", cells.join(" | "));
        table.row(cells);
    }
    println!("{table}");
    if has_argument("--write") {
        table.write("Median [min, max] of 20 commits, one after the other.");
    }
}

async fn measure(kind: &str, listeners: usize) -> [String; 7] {
    let server = Program::start_with(&program_for_benches("live_server"), &[("SERVER", kind)]);
    let empty = server.memory("VmRSS").expect("/proc");
    let mut connections = Vec::new();
    for _ in 0..listeners {
        let stream = TcpStream::connect(server.address).await;
        let mut stream = stream.expect("the server");
        let request = b"GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n";
        stream.write_all(request).await.expect("a connection");
        assert!(stream.read(&mut [0; 1_024]).await.expect("a response") > 0);
        connections.push(stream);
    }
    let connected = server.memory("VmRSS").expect("/proc");
    let (heard, mut hears) = mpsc::unbounded_channel();
    for mut stream in connections {
        let heard = heard.clone();
        tokio::spawn(async move {
            let request = b"GET /score HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n\r\n";
            stream.write_all(request).await.expect("a connection");
            let mut buffer = [0; 512];
            loop {
                let read = stream.read(&mut buffer).await.expect("events");
                let text = String::from_utf8_lossy(&buffer[..read]);
                for _ in text.matches("data: ") {
                    if heard.send(Instant::now()).is_err() {
                        return;
                    }
                }
            }
        });
        // The first event has come, so the next one is that of a commit.
        hears.recv().await;
    }
    let listening = server.memory("VmRSS").expect("/proc");
    let mut connection = Connection::connect(server.address);
    let before = server.processor_seconds().expect("/proc");
    let (mut first, mut last) = (Vec::new(), Vec::new());
    for _ in 0..COMMITS {
        let begin = Instant::now();
        connection.request(&Request::new("POST", "/score"));
        for index in 0..listeners {
            let at = hears.recv().await.expect("an event");
            if index == 0 {
                first.push((at - begin).as_secs_f64() * 1e3);
            }
            if index + 1 == listeners {
                last.push((at - begin).as_secs_f64() * 1e3);
            }
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let processor = server.processor_seconds().expect("/proc") - before;
    let each = |before: u64, after: u64| {
        let bytes = after.saturating_sub(before) as f64 / listeners as f64;
        format!("{:.1} kB", bytes / 1e3)
    };
    [
        listeners.to_string(),
        kind.to_owned(),
        format!("{} ms", Percentiles::of(first.into_iter())),
        format!("{} ms", Percentiles::of(last.into_iter())),
        format!("{:.1} ms", processor * 1e3 / COMMITS as f64),
        each(empty, connected),
        each(connected, listening),
    ]
}
