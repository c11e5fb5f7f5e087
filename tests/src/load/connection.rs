//! A connection of the benchmarks' client.

use super::response::Response;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// The bytes of a request, made once.
#[derive(Clone)]
pub struct Request(pub(super) Arc<[u8]>);

impl Request {
    /// A request without a body.
    #[must_use]
    pub fn new(verb: &str, path: &str) -> Self {
        let text = format!("{verb} {path} HTTP/1.1\r\nhost: localhost\r\n\r\n");
        Self(text.into_bytes().into())
    }

    /// A `GET` with a bearer token.
    #[must_use]
    pub fn bearing(path: &str, token: &str) -> Self {
        let text = format!(
            "GET {path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {token}\r\n\r\n"
        );
        Self(text.into_bytes().into())
    }

    /// A `GET` with `If-None-Match`.
    #[must_use]
    pub fn if_none_match(path: &str, tag: &str) -> Self {
        let text =
            format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nif-none-match: {tag}\r\n\r\n");
        Self(text.into_bytes().into())
    }

    /// A `POST` with a JSON body.
    #[must_use]
    pub fn json(path: &str, body: &str) -> Self {
        let text = format!(
            "POST {path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n\
             content-length: {}\r\n\r\n{body}",
            body.len()
        );
        Self(text.into_bytes().into())
    }
}

/// A connection that waits for each response.
pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// How much is read at once.
const BUFFER: usize = 64 * 1024;

impl Connection {
    /// Connects.
    ///
    /// # Panics
    /// If no server listens there.
    #[must_use]
    pub fn connect(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).expect("a server");
        stream.set_nodelay(true).expect("a socket");
        Self {
            stream,
            buffer: vec![0; BUFFER],
        }
    }

    /// Sends a request, and does not read the response.
    ///
    /// # Panics
    /// If the server has disconnected.
    pub fn send(&mut self, request: &Request) {
        self.stream
            .write_all(&request.0)
            .expect("an open connection");
    }

    /// Sends a request and reads the response, which has to be a success. Returns the length of its body.
    ///
    /// # Panics
    /// If it is not.
    pub fn request(&mut self, request: &Request) -> usize {
        self.response(request).length
    }

    /// The `ETag` of the response to a `GET`, or one that matches no response.
    ///
    /// # Panics
    /// If the response is not a success.
    pub fn etag(&mut self, path: &str) -> String {
        let response = self.response(&Request::new("GET", path));
        match response.header("etag") {
            "" => "W/\"0123456789abcdef-0\"".to_owned(),
            tag => tag.to_owned(),
        }
    }

    fn response(&mut self, request: &Request) -> Response {
        self.send(request);
        let mut response = Response::default();
        loop {
            let count = self.stream.read(&mut self.buffer).expect("a response");
            assert!(count > 0, "the server disconnected");
            if let Some(status) = response.take(&self.buffer[..count]) {
                assert_success(status);
                return response;
            }
        }
    }
}

/// 304 is the success of a request with `If-None-Match`.
fn assert_success(status: u16) {
    assert!(status == 200 || status == 304, "no success: {status}");
}

/// As [`Connection`], for many connections in one thread.
pub(super) struct AsyncConnection {
    stream: tokio::net::TcpStream,
    buffer: Vec<u8>,
}

impl AsyncConnection {
    pub(super) async fn connect(address: SocketAddr) -> Self {
        let stream = tokio::net::TcpStream::connect(address)
            .await
            .expect("a server");
        stream.set_nodelay(true).expect("a socket");
        Self {
            stream,
            buffer: vec![0; BUFFER],
        }
    }

    pub(super) async fn request(&mut self, request: &Request) {
        self.stream
            .write_all(&request.0)
            .await
            .expect("an open connection");
        let mut response = Response::default();
        loop {
            let count = self
                .stream
                .read(&mut self.buffer)
                .await
                .expect("a response");
            assert!(count > 0, "the server disconnected");
            if let Some(status) = response.take(&self.buffer[..count]) {
                assert_success(status);
                return;
            }
        }
    }
}
