//! Accepting connections.

use super::activity::Activity;
use super::connection::Connection;
use super::file_limit::default_max_connections;
use super::open_connections::OpenConnections;
use super::service::Shared;
use super::socket::Socket;
use super::spare_descriptor::SpareDescriptor;
use super::supervisor::{Connections, supervise};
use super::turn_away::{TurnedAway, turn_away};
use crate::app::limits::Limits;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio::time::sleep;
use tokio_util::task::TaskTracker;

/// Accepts connections for all listeners of a server.
#[derive(Clone)]
pub(in crate::app) struct Acceptor {
    shared: Arc<Shared>,
    connections: Arc<Connections>,
    open: OpenConnections,
    tasks: TaskTracker,
    sockets: TaskTracker,
}

impl Acceptor {
    pub(in crate::app) fn new(shared: Shared, limits: &Limits) -> Self {
        let max_connections = limits
            .max_connections
            .unwrap_or_else(default_max_connections);
        Self {
            shared: Arc::new(shared),
            connections: Arc::default(),
            open: OpenConnections::new(max_connections),
            tasks: TaskTracker::new(),
            sockets: TaskTracker::new(),
        }
    }

    /// How many connections are open, and how many clients were turned away.
    #[cfg(feature = "operations")]
    pub(in crate::app) fn connections(&self) -> crate::operations::Connections {
        self.open.counted()
    }

    /// The tasks of the connections.
    pub(in crate::app) fn tasks(&self) -> &TaskTracker {
        &self.tasks
    }

    /// The sockets. Once the tasks have ended, those of other protocols are left, such as WebSocket.
    pub(in crate::app) fn sockets(&self) -> &TaskTracker {
        &self.sockets
    }

    /// Starts to look after the connections. The task never ends by itself.
    pub(in crate::app) fn supervise(&self, limits: Limits) -> JoinHandle<()> {
        let stop = self.shared.stop.clone();
        let stop = async move { stop.requested().await };
        tokio::spawn(supervise(Arc::clone(&self.connections), limits, stop))
    }

    /// Accepts until the server stops; then the address is free.
    pub(in crate::app) async fn accept(self, listener: TcpListener) {
        let mut spare = SpareDescriptor::new();
        let mut turned_away = TurnedAway::default();
        let stop = self.shared.stop.clone();
        let mut stop = std::pin::pin!(stop.requested());
        loop {
            let accepted = tokio::select! {
                accepted = listener.accept() => accepted,
                () = &mut stop => return,
            };
            match accepted {
                Ok((stream, client)) => self.serve(stream, client, &mut turned_away),
                Err(error) if is_of_the_connection(&error) => {}
                Err(error) => {
                    turned_away.another(&error.to_string());
                    self.open.refuse();
                    // There is a connection, so this returns at once, unless the descriptor went to another thread.
                    if spare.give_up()
                        && let Ok(Ok((stream, _))) =
                            tokio::time::timeout(Duration::from_millis(10), listener.accept()).await
                    {
                        turn_away(stream);
                        spare.get_back();
                    } else {
                        sleep(Duration::from_millis(50)).await;
                        spare.get_back();
                    }
                }
            }
        }
    }

    fn serve(&self, stream: TcpStream, client: SocketAddr, turned_away: &mut TurnedAway) {
        let Some(open) = self.open.open() else {
            turned_away.another("the limit of `App::max_connections` is reached");
            self.open.refuse();
            turn_away(stream);
            return;
        };
        // Responses are written whole; waiting to fill a packet would only delay them.
        let _ = stream.set_nodelay(true);
        let activity = Arc::<Activity>::default();
        let socket = Socket::new(stream, Arc::clone(&activity), open, self.sockets.token());
        self.connections.add(&activity);
        self.tasks
            .spawn(Connection::new(socket, client, &activity, &self.shared));
    }
}

/// Whether only the connection failed that was accepted, as when the client has gone already.
fn is_of_the_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    matches!(
        error.kind(),
        ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted
    )
}
