//! A proxy between a store and the server that does what networks do.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// A proxy. It ends with the runtime.
pub(crate) struct Proxy {
    port: u16,
    shared: Arc<Shared>,
}

struct Shared {
    /// How many more bytes pass to the server before all connections are cut; below 0: any number.
    to_server: AtomicI64,
    /// The same in the other direction.
    to_client: AtomicI64,
    delay_micros: AtomicU64,
    is_stalled: watch::Sender<bool>,
    cuts: watch::Sender<u64>,
}

impl Proxy {
    pub(crate) async fn start(server: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let shared = Arc::new(Shared {
            to_server: AtomicI64::new(-1),
            to_client: AtomicI64::new(-1),
            delay_micros: AtomicU64::new(0),
            is_stalled: watch::Sender::new(false),
            cuts: watch::Sender::new(0),
        });
        let connections = Arc::clone(&shared);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let shared = Arc::clone(&connections);
                tokio::spawn(async move {
                    let Ok(server) = TcpStream::connect(("127.0.0.1", server)).await else {
                        return;
                    };
                    // As both ends have it: a small part of a flight is not held back until the one before has arrived.
                    for socket in [&client, &server] {
                        let _ = socket.set_nodelay(true);
                    }
                    let (client_in, client_out) = client.into_split();
                    let (server_in, server_out) = server.into_split();
                    let mut cuts = shared.cuts.subscribe();
                    cuts.mark_unchanged();
                    tokio::select! {
                        () = pass(client_in, server_out, &shared.to_server, &shared) => {}
                        () = pass(server_in, client_out, &shared.to_client, &shared) => {}
                        _ = cuts.changed() => {}
                    }
                });
            }
        });
        Self { port, shared }
    }

    /// The URL of a database behind it.
    pub(crate) fn url(&self, direct: &str) -> String {
        let database = kr_tests::postgres::database_of(direct);
        format!("postgres://kr@127.0.0.1:{}/{database}", self.port)
    }

    /// Cuts all connections once so many bytes have passed to the server.
    pub(crate) fn cut_after_to_server(&self, bytes: i64) {
        self.shared.to_server.store(bytes, Ordering::SeqCst);
    }

    /// Cuts all connections once so many bytes have passed back.
    pub(crate) fn cut_after_to_client(&self, bytes: i64) {
        self.shared.to_client.store(bytes, Ordering::SeqCst);
    }

    /// Whether a cut is still to come.
    pub(crate) fn is_armed(&self) -> bool {
        let (to_server, to_client) = (&self.shared.to_server, &self.shared.to_client);
        to_server.load(Ordering::SeqCst) >= 0 || to_client.load(Ordering::SeqCst) >= 0
    }

    pub(crate) fn delay(&self, each_way: Duration) {
        let micros = u64::try_from(each_way.as_micros()).unwrap();
        self.shared.delay_micros.store(micros, Ordering::SeqCst);
    }

    /// Nothing passes, and nobody is told.
    pub(crate) fn stall(&self, is_stalled: bool) {
        self.shared.is_stalled.send_replace(is_stalled);
    }
}

async fn pass(
    mut from: tokio::net::tcp::OwnedReadHalf,
    mut to: tokio::net::tcp::OwnedWriteHalf,
    budget: &AtomicI64,
    shared: &Shared,
) {
    let mut buffer = [0; 4096];
    let mut stalled = shared.is_stalled.subscribe();
    while let Ok(read @ 1..) = from.read(&mut buffer).await {
        let delay = shared.delay_micros.load(Ordering::SeqCst);
        if delay > 0 {
            tokio::time::sleep(Duration::from_micros(delay)).await;
        }
        if stalled.wait_for(|is_stalled| !is_stalled).await.is_err() {
            return;
        }
        let mut passes = read;
        let rest = budget.load(Ordering::SeqCst);
        if rest >= 0 {
            passes = read.min(usize::try_from(rest).unwrap());
            budget.fetch_sub(passes as i64, Ordering::SeqCst);
        }
        if to.write_all(&buffer[..passes]).await.is_err() {
            return;
        }
        if passes < read {
            budget.store(-1, Ordering::SeqCst);
            shared.cuts.send_modify(|cuts| *cuts += 1);
            return;
        }
    }
}
