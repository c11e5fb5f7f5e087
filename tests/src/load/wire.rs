//! A connection of the benchmarks' client.

use super::answer::Answer;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// A request as it goes over the wire, made once.
#[derive(Clone)]
pub struct Ask(pub(super) Arc<[u8]>);

impl Ask {
    /// A request without a body.
    #[must_use]
    pub fn new(verb: &str, path: &str) -> Self {
        let text = format!("{verb} {path} HTTP/1.1\r\nhost: localhost\r\n\r\n");
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

/// A connection that waits for each answer.
pub struct Wire {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// What is read at once.
const BUFFER: usize = 64 * 1024;

impl Wire {
    /// Connects.
    ///
    /// # Panics
    /// If nobody listens there.
    #[must_use]
    pub fn connect(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).expect("a server");
        stream.set_nodelay(true).expect("a socket");
        Self {
            stream,
            buffer: vec![0; BUFFER],
        }
    }

    /// Sends a request, and leaves the answer where it is.
    ///
    /// # Panics
    /// If the server has hung up.
    pub fn send(&mut self, ask: &Ask) {
        self.stream.write_all(&ask.0).expect("an open connection");
    }

    /// Sends a request and reads the answer, which has to be a success. Returns the length of its body.
    ///
    /// # Panics
    /// If it is not.
    pub fn ask(&mut self, ask: &Ask) -> usize {
        self.send(ask);
        let mut answer = Answer::default();
        loop {
            let count = self.stream.read(&mut self.buffer).expect("an answer");
            assert!(count > 0, "the server hung up");
            if let Some(status) = answer.take(&self.buffer[..count]) {
                assert_eq!(status, 200, "a success");
                return answer.length;
            }
        }
    }
}

/// The same for many connections in one thread.
pub(super) struct AsyncWire {
    stream: tokio::net::TcpStream,
    buffer: Vec<u8>,
}

impl AsyncWire {
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

    pub(super) async fn ask(&mut self, ask: &Ask) {
        self.stream
            .write_all(&ask.0)
            .await
            .expect("an open connection");
        let mut answer = Answer::default();
        loop {
            let count = self.stream.read(&mut self.buffer).await.expect("an answer");
            assert!(count > 0, "the server hung up");
            if let Some(status) = answer.take(&self.buffer[..count]) {
                assert_eq!(status, 200, "a success");
                return;
            }
        }
    }
}
