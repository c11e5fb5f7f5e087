//! Turning away a client for which there is no room.

use crate::sync::log;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::Instant;

const RESPONSE: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\n\
    content-type: application/problem+json\r\n\
    content-length: 170\r\n\
    retry-after: 1\r\n\
    connection: close\r\n\
    \r\n\
    {\"type\":\"about:blank\",\"title\":\"Service Unavailable\",\"status\":503,\
    \"detail\":\"there are too many connections; try again\",\
    \"error\":\"there are too many connections; try again\"}";

/// Answers 503 and closes the connection, without waiting for the client.
pub(super) fn turn_away(stream: TcpStream) {
    let _ = stream.try_write(RESPONSE);
    let Ok(stream) = stream.into_std() else {
        return;
    };
    let _ = stream.shutdown(std::net::Shutdown::Write);
    // With a request left unread, the client might be told of an error and never see the response.
    let _ = std::io::Read::read(&mut &stream, &mut [0; 16 * 1024]);
}

/// Says that clients are turned away, at most once a second.
#[derive(Default)]
pub(super) struct TurnedAway {
    clients: u64,
    said: Option<Instant>,
}

impl TurnedAway {
    pub(super) fn another(&mut self, reason: &str) {
        self.clients += 1;
        let now = Instant::now();
        if self
            .said
            .is_some_and(|said| now - said < Duration::from_secs(1))
        {
            return;
        }
        let clients = std::mem::take(&mut self.clients);
        self.said = Some(now);
        log::error!(clients, "connections are refused: {reason}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_response_has_the_length_that_it_says() {
        let response = str::from_utf8(RESPONSE).unwrap();
        let (head, body) = response.split_once("\r\n\r\n").unwrap();
        assert!(
            head.contains(&format!("content-length: {}\r\n", body.len())),
            "{}",
            body.len()
        );
        assert!(serde_json::from_str::<serde_json::Value>(body).is_ok());
    }
}
