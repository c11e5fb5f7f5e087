//! The methods of `App` that say where it listens, and what it knows of its clients.

use super::builder::App;
use super::endpoint::Endpoint;
use tokio::net::TcpListener;

impl<H> App<H> {
    /// Adds an address to listen on. Without one it is `127.0.0.1`, port `PORT` or 5000.
    #[must_use]
    pub fn endpoint(mut self, endpoint: impl Into<Endpoint>) -> Self {
        self.endpoints.push(endpoint.into());
        self
    }

    /// Adds a listener that is there already, such as one that a service manager hands over. With one, the application
    /// listens on no default address.
    ///
    /// ```
    /// # use kr_runtime::prelude::*;
    /// # #[derive(Host)]
    /// # struct Empty {}
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    /// let server = App::new("Empty", Empty {}).listener(listener).build()?;
    /// # drop(server);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn listener(mut self, listener: TcpListener) -> Self {
        self.listeners.push(listener);
        self
    }

    /// Puts the client's address into every request: handlers, layers and merged routers take it as
    /// `ConnectInfo<SocketAddr>`. Without this, that argument is answered with a 500.
    ///
    /// It is the address of the connection, so behind a proxy the proxy's. [`into_router`](Self::into_router) knows no
    /// connections; there, axum's `into_make_service_with_connect_info` does the same.
    ///
    /// ```
    /// use kr_runtime::axum::extract::ConnectInfo;
    /// use kr_runtime::prelude::*;
    /// use std::net::SocketAddr;
    ///
    /// #[kr_route(get, "/who")]
    /// fn who(ConnectInfo(client): ConnectInfo<SocketAddr>) -> String {
    ///     client.ip().to_string()
    /// }
    ///
    /// # #[derive(Host)]
    /// # struct Empty {}
    /// let app = App::new("Who", Empty {}).mount(routes![who]).connect_info();
    /// ```
    #[must_use]
    pub fn connect_info(mut self) -> Self {
        self.has_connect_info = true;
        self
    }
}
