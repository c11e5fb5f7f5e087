//! An HTTP/1.1 client with one connection. A test drops it to disconnect.

use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use std::net::SocketAddr;
use tokio::net::TcpStream;
use tokio::task::JoinHandle;

/// A connection to a server. Dropping it disconnects.
pub struct Client {
    address: SocketAddr,
    sender: SendRequest<Full<Bytes>>,
    connection: JoinHandle<()>,
}

/// A response with its whole body.
#[derive(Debug)]
pub struct Response {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

impl Client {
    /// Connects.
    ///
    /// # Panics
    /// If no server listens there.
    pub async fn connect(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).await.expect("a server");
        stream.set_nodelay(true).expect("a socket");
        let (sender, connection) = handshake(TokioIo::new(stream)).await.expect("HTTP");
        let connection = tokio::spawn(async move {
            let _ = connection.await;
        });
        Self {
            address,
            sender,
            connection,
        }
    }

    /// Sends a request without a body.
    pub async fn get(&mut self, path: &str) -> Response {
        self.send(Method::GET, path, None, "").await
    }

    /// Sends a `POST` without a body.
    pub async fn post(&mut self, path: &str) -> Response {
        self.send(Method::POST, path, None, "").await
    }

    /// Sends a `POST` with a JSON body.
    pub async fn post_json(&mut self, path: &str, body: &Value) -> Response {
        let body = body.to_string();
        self.send(Method::POST, path, Some("application/json"), body)
            .await
    }

    /// Sends a `PUT` with a JSON body.
    pub async fn put_json(&mut self, path: &str, body: &Value) -> Response {
        let body = body.to_string();
        self.send(Method::PUT, path, Some("application/json"), body)
            .await
    }

    /// Sends a `DELETE`.
    pub async fn delete(&mut self, path: &str) -> Response {
        self.send(Method::DELETE, path, None, "").await
    }

    /// Sends a request and reads the whole response.
    ///
    /// # Panics
    /// If the server disconnects instead.
    pub async fn send(
        &mut self,
        method: Method,
        path: &str,
        content_type: Option<&str>,
        body: impl Into<Bytes>,
    ) -> Response {
        let content_type = content_type.map(|content_type| ("content-type", content_type));
        let headers: Vec<_> = content_type.into_iter().collect();
        self.send_with(method, path, &headers, body).await
    }

    /// Sends a request with headers and reads the whole response.
    ///
    /// # Panics
    /// If the server disconnects instead.
    pub async fn send_with(
        &mut self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Bytes>,
    ) -> Response {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", self.address.to_string());
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Full::new(body.into())).expect("a request");
        self.sender.ready().await.expect("an open connection");
        let response = self.sender.send_request(request).await.expect("a response");
        let (parts, body) = response.into_parts();
        let body = body
            .collect()
            .await
            .expect("a complete response")
            .to_bytes();
        Response {
            status: parts.status,
            headers: parts.headers,
            body,
        }
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        self.connection.abort();
    }
}

impl Response {
    /// The body as JSON.
    ///
    /// # Panics
    /// If it is not.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    /// The body as text.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// A header, empty if there is none.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    /// Asserts that this is a problem response (RFC 9457) with that status, and returns its text.
    ///
    /// # Panics
    /// If it is not.
    #[must_use]
    pub fn problem(&self, status: StatusCode) -> String {
        assert_eq!(self.status, status, "{}", self.text());
        assert_eq!(self.header("content-type"), "application/problem+json");
        let problem = self.json();
        assert_eq!(problem["status"], status.as_u16());
        assert_eq!(
            problem["title"],
            status.canonical_reason().unwrap_or_default()
        );
        assert_eq!(problem["error"], problem["detail"]);
        problem["error"].as_str().unwrap_or_default().to_owned()
    }
}
