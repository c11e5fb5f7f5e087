//! Load without HTTP: tasks of the program change or read accounts one after the other, and it prints what they came to.

use crate::Result;
use kr_tests::load::Latencies;
use std::time::{Duration, Instant};

pub(crate) struct Load {
    clients: u64,
    keys: u64,
    time: Duration,
    /// Whether accounts are read, and not changed.
    pub(crate) reads: bool,
}

impl Load {
    /// What the variables say; `None` if they ask for no load.
    pub(crate) fn from_env() -> Result<Option<Self>> {
        let number = |name: &str| -> Result<Option<u64>> {
            std::env::var(name)
                .ok()
                .map(|text| Ok(text.parse()?))
                .transpose()
        };
        let Some(clients) = number("CLIENTS")? else {
            return Ok(None);
        };
        Ok(Some(Self {
            clients,
            keys: number("KEYS")?.unwrap_or(1),
            time: Duration::from_millis(number("MILLIS")?.unwrap_or(1000)),
            reads: std::env::var_os("READS").is_some(),
        }))
    }

    /// Prints calls a second, and the median and 99th percentile in milliseconds.
    pub(crate) async fn run<F>(self, call: impl Fn(u64) -> F + Clone + Send + 'static) -> Result<()>
    where
        F: Future<Output = Result<()>> + Send,
    {
        let start = Instant::now();
        // The first fifth warms up.
        let (begin, end) = (start + self.time / 5, start + self.time);
        let clients = (0..self.clients).map(|client| {
            let call = call.clone();
            tokio::spawn(async move {
                let mut latencies = Latencies::default();
                let mut id = client * 7_919;
                loop {
                    let asked = Instant::now();
                    call(id % self.keys).await?;
                    let answered = Instant::now();
                    if answered > end {
                        return Result::<Latencies>::Ok(latencies);
                    }
                    if asked > begin {
                        latencies.add(answered - asked);
                    }
                    id += 1;
                }
            })
        });
        let mut all = Latencies::default();
        for client in clients.collect::<Vec<_>>() {
            all.merge(client.await??);
        }
        let rate = all.count() as f64 / (end - begin).as_secs_f64();
        let millis = |time: Duration| time.as_secs_f64() * 1e3;
        println!("{rate} {} {}", millis(all.median()), millis(all.p99()));
        Ok(())
    }
}
