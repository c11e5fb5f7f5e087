//! A client that sends bytes, not requests.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

/// How long a test waits at most.
const LONGEST: Duration = Duration::from_secs(10);

pub(super) struct Socket(TcpStream);

impl Socket {
    pub(super) fn connect(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).expect("a server");
        stream.set_read_timeout(Some(LONGEST)).expect("a socket");
        Self(stream)
    }

    /// Connects and sends.
    pub(super) fn with(address: SocketAddr, text: &str) -> Self {
        let mut socket = Self::connect(address);
        socket.send(text);
        socket
    }

    pub(super) fn send(&mut self, text: &str) {
        let _ = self.0.write_all(text.as_bytes());
    }

    /// What comes until the server closes the connection.
    pub(super) fn rest(&mut self) -> String {
        let mut received = Vec::new();
        let deadline = Instant::now() + LONGEST;
        let mut buffer = [0; 64 * 1024];
        loop {
            match self.0.read(&mut buffer) {
                Ok(0) => break,
                Ok(size) => received.extend_from_slice(&buffer[..size]),
                Err(error) if error.kind() == ErrorKind::ConnectionReset => break,
                Err(error) => panic!("the connection is still open: {error}"),
            }
            assert!(Instant::now() < deadline, "there is no end");
        }
        String::from_utf8_lossy(&received).into_owned()
    }

    /// What comes until it contains a text.
    pub(super) fn until(&mut self, text: &str) -> String {
        let mut received = String::new();
        let mut buffer = [0; 4096];
        while !received.contains(text) {
            let size = self.0.read(&mut buffer).expect("more of the response");
            assert!(size > 0, "closed after {received:?}");
            received.push_str(&String::from_utf8_lossy(&buffer[..size]));
        }
        received
    }

    /// How long it takes until the server closes the connection.
    pub(super) fn time_to_close(&mut self) -> Duration {
        let start = Instant::now();
        let _ = self.rest();
        start.elapsed()
    }
}

/// Sends a request that is the last one of its connection, and returns the whole response.
pub(super) fn exchange(address: SocketAddr, request: &str) -> String {
    Socket::with(address, request).rest()
}
