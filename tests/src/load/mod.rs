//! Load for the benchmarks: a client that costs little compared with the server, and what it measures.

mod comparison;
mod connection;
mod documents;
mod latency;
mod percentiles;
mod response;
mod round;
mod server_under_test;
mod table;

pub use comparison::Comparison;
pub use connection::{Connection, Request};
pub use documents::{fill, import, snapshot};
pub use latency::Latencies;
pub use percentiles::Percentiles;
pub use round::{Round, Workload};
pub use server_under_test::{ServerUnderTest, handwritten, kr, kr_uncached, servers_under_test};
pub use table::{Table, grouped};

/// Whether a benchmark was started with this argument.
#[must_use]
pub fn has_argument(argument: &str) -> bool {
    std::env::args().any(|given| given == argument)
}

/// How long to measure, as a multiple of the default: `KR_BENCH_PATIENCE`, 1 unless set.
#[must_use]
pub fn patience() -> u32 {
    let patience = std::env::var("KR_BENCH_PATIENCE").ok();
    patience
        .and_then(|patience| patience.parse().ok())
        .unwrap_or(1)
}
