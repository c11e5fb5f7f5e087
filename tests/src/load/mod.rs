//! Load for the benchmarks: a client that costs little beside the server, and what it measures.

mod answer;
mod comparison;
mod contender;
mod latency;
mod note;
mod round;
mod spread;
mod table;
mod wire;

pub use comparison::Comparison;
pub use contender::{Contender, contenders, kr, plain, twins};
pub use latency::Latencies;
pub use note::{fill, import, snapshot};
pub use round::{Round, Traffic};
pub use spread::Spread;
pub use table::{Table, grouped};
pub use wire::{Ask, Wire};

/// Whether a benchmark was started with this argument.
#[must_use]
pub fn asked_for(argument: &str) -> bool {
    std::env::args().any(|given| given == argument)
}

/// How long to measure, in multiples of the quick way: `KR_BENCH_PATIENCE`, 1 unless set.
#[must_use]
pub fn patience() -> u32 {
    let patience = std::env::var("KR_BENCH_PATIENCE").ok();
    patience
        .and_then(|patience| patience.parse().ok())
        .unwrap_or(1)
}
