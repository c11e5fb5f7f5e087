//! kr compared with other servers under the same load, in alternating turns.

use super::{
    Percentiles, Request, Round, ServerUnderTest, Table, Workload, grouped, has_argument, patience,
};
use crate::Program;
use std::time::Duration;

/// How long each server gets requests in each turn.
const TURN: Duration = Duration::from_millis(200);
const TURNS: usize = 3;

/// Requests per second and processor time of kr, and its ratios to the others in the same turn.
pub struct Comparison {
    names: Vec<&'static str>,
    table: Table,
}

impl Comparison {
    /// Compares the first server with the others.
    #[must_use]
    pub fn new(name: &'static str, servers_under_test: &[ServerUnderTest]) -> Self {
        let names: Vec<_> = servers_under_test
            .iter()
            .map(|server_under_test| server_under_test.name)
            .collect();
        let head = ["kr / handwritten", "", "kr"].into_iter();
        let table = Table::new(name, head.chain(names[1..].iter().copied()));
        Self { names, table }
    }

    /// Measures each server, prints the result, and adds it to the table.
    pub fn row(
        &mut self,
        name: &str,
        servers: &[&Program],
        requests: impl Fn(&Program) -> Vec<Request>,
        connections: usize,
    ) {
        let workload = |server| Workload {
            requests: requests(server),
            connections,
            time: TURN * patience(),
        };
        let workloads: Vec<_> = servers.iter().map(|server| workload(server)).collect();
        let turn = || -> Vec<Round> {
            let each = workloads.iter().zip(servers);
            each.map(|(workload, server)| workload.run(server))
                .collect()
        };
        // The first one warms up.
        let turns: Vec<_> = (0..=turns()).map(|_| turn()).skip(1).collect();
        let of_kr =
            |figure: fn(&Round) -> f64| Percentiles::of(turns.iter().map(|turn| figure(&turn[0])));
        let (rate, processor) = (of_kr(|kr| kr.per_second), of_kr(|kr| kr.processor));
        println!("{name}");
        println!("  kr: {rate} requests/s, {processor} µs of processor time each");
        let mut rates = vec![name.to_owned(), "requests/s".into(), grouped(rate.median)];
        let mut processors = vec![
            String::new(),
            "processor time".into(),
            format!("{} µs", figure(processor.median)),
        ];
        for (index, other) in self.names.iter().enumerate().skip(1) {
            let ratio = |figure: fn(&Round) -> f64| {
                Percentiles::of(
                    turns
                        .iter()
                        .map(|turn| figure(&turn[0]) / figure(&turn[index])),
                )
            };
            let (rate, processor) = (
                ratio(|round| round.per_second),
                ratio(|round| round.processor),
            );
            println!("  kr / {other}: {rate} of the requests/s, {processor} of the processor time");
            rates.push(rate.to_string());
            processors.push(processor.to_string());
        }
        self.table.row(rates);
        self.table.row(processors);
    }

    /// Adds a row of figures that are not ratios.
    pub fn figures(&mut self, name: &str, unit: &str, figures: &[f64]) {
        let figures: Vec<_> = figures.iter().copied().map(grouped).collect();
        println!("{name}, {unit}: {}", figures.join(", "));
        let head = [name, unit].map(str::to_owned).into_iter();
        self.table.row(head.chain(figures));
    }

    /// Writes the table, if `--write` was given.
    pub fn finish(&self) {
        if has_argument("--write") {
            self.table.write(&format!(
                "Ratios of kr to each of the others in the same round, {} rounds of {:?}: median [min, max].",
                turns(),
                TURN * patience()
            ));
        }
    }
}

fn figure(number: f64) -> String {
    match number {
        small if small < 100.0 => format!("{small:.1}"),
        large => grouped(large),
    }
}

fn turns() -> usize {
    TURNS + 2 * (patience() as usize - 1)
}
