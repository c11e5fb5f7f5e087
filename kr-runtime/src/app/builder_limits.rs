//! The methods of `App` that set limits, and what it asks of requests.

use super::builder::App;
use crate::http::AllowedHosts;
use std::time::Duration;

impl<H> App<H> {
    /// The largest request body in bytes; a larger one gets a 413. 30,000,000 unless set. If `Content-Length` says that the
    /// body is larger, nothing of it is read. A handler that takes no body answers without reading one. A
    /// router of [`merge`](Self::merge) reads as much as the limit allows before it refuses the rest.
    ///
    /// axum's `DefaultBodyLimit` counts, too, whether it is a layer of the application, of some routes or of a router
    /// around all of them. Without `body_limit` it replaces the 30,000,000; with both, the smaller one holds.
    ///
    /// ```
    /// use kr_runtime::axum::extract::DefaultBodyLimit;
    /// use kr_runtime::prelude::*;
    /// # #[derive(Host)]
    /// # struct Empty {}
    ///
    /// #[kr_route(post, "/upload")]
    /// fn upload(file: String) -> Json<usize> {
    ///     Json(file.len())
    /// }
    ///
    /// # fn main() -> kr_runtime::Result<()> {
    /// let uploads = routes![upload].layer(DefaultBodyLimit::max(100_000_000));
    /// let app = App::new("Files", Empty {}).mount(uploads);
    /// # app.into_router()?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn body_limit(mut self, bytes: usize) -> Self {
        self.limits.body.set = Some(bytes);
        self
    }

    /// How many bytes of request bodies may be in memory for all requests that are not answered yet; a request beyond that
    /// gets a 503. 64,000,000 unless set. A body that a handler takes as a stream does not count.
    #[must_use]
    pub fn total_body_limit(mut self, bytes: usize) -> Self {
        self.limits.total_body = bytes;
        self
    }

    /// The largest header of a request in bytes; a larger one gets a 431 without a body, and the connection is closed. 65,536 unless set.
    #[must_use]
    pub fn header_limit(mut self, bytes: usize) -> Self {
        self.limits.header = bytes;
        self
    }

    /// How long a client may take to send the header of a request; then the connection is closed. 30 seconds unless set.
    #[must_use]
    pub fn header_timeout(mut self, timeout: Duration) -> Self {
        self.limits.header_timeout = timeout;
        self
    }

    /// How long a connection may stay open between two requests. 75 seconds unless set.
    #[must_use]
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.limits.idle_timeout = timeout;
        self
    }

    /// How fast a request body has to come, in bytes per second, after a grace time at the start; a slower one gets a 408,
    /// and the connection is closed. 240 after 5 seconds unless set. A pause after a fast part is allowed for up to six grace
    /// times. The time in which the handler does not ask for the body does not count.
    #[must_use]
    pub fn min_body_rate(mut self, bytes_per_second: u32, grace: Duration) -> Self {
        self.limits.body_rate = bytes_per_second;
        self.limits.body_grace = grace;
        self
    }

    /// How long a client may read nothing of a response that does not fit into the buffers of the network; then the
    /// connection is closed. 30 seconds unless set. A response that fits into them has been sent, and
    /// [`idle_timeout`](Self::idle_timeout) holds.
    #[must_use]
    pub fn write_timeout(mut self, timeout: Duration) -> Self {
        self.limits.write_timeout = timeout;
        self
    }

    /// How many connections may be open; another one gets a 503 and is closed. 10,000 unless set, or seven eighths of the
    /// number of files that the process may open, if that is less.
    #[must_use]
    pub fn max_connections(mut self, connections: usize) -> Self {
        self.limits.max_connections = Some(connections);
        self
    }

    /// The hosts that the application answers for; a request that names another one, or none, gets a 421. Any host unless set,
    /// and then an empty `Host` is accepted, too (RFC 9112, section 3.3). An entry without a port stands for all ports.
    ///
    /// Set it for an application on the loopback interface or in a private network. Otherwise a page can give its own name
    /// the address of the application and read what it answers (DNS rebinding).
    ///
    /// ```
    /// # use kr_runtime::prelude::*;
    /// # #[derive(Host)]
    /// # struct Empty {}
    /// let app = App::new("Local", Empty {}).allowed_hosts(["localhost", "127.0.0.1", "[::1]"]);
    /// ```
    #[must_use]
    pub fn allowed_hosts(mut self, hosts: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.policy.allowed_hosts = Some(AllowedHosts::new(hosts));
        self
    }

    /// Refuses changes that a page of another site has started in a browser, with a 403. Off unless set.
    ///
    /// Changes are all requests whose method is not `GET`, `HEAD`, `OPTIONS` or `TRACE`, and those to handlers that take
    /// locks. Where they come from is in the header `Sec-Fetch-Site`. Browsers do not send it over plain HTTP to another machine;
    /// there, `Origin` has to name the host and the port of the request, so a proxy has to pass `Host` on as it is. Programs
    /// that are no browsers send neither, and are not refused.
    ///
    /// A page of another subdomain is of the same site. A page of the same host on another port is of the same site to a browser,
    /// but it may be of another application: it is refused where `Origin` shows the port. A browser sends `Origin` with every
    /// request but `GET` and `HEAD`.
    #[must_use]
    pub fn same_site(mut self) -> Self {
        self.policy.same_site = true;
        self
    }
}
