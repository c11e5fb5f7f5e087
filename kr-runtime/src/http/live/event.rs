//! The text of an event.

use super::feeds::Feeds;
use super::source::Made;
use crate::transaction::Revisions;
use axum::body::{Bytes, to_bytes};
use axum::response::Response;
use std::fmt::Write;

/// What keeps proxies from closing a stream in which nothing happens: a comment.
pub(super) const COMMENT: Bytes = Bytes::from_static(b":\n\n");

/// A response as an event of these feeds. The response itself if it is no success.
pub(super) async fn event(made: Made, feeds: &Feeds) -> Result<(Bytes, Revisions), Response> {
    let Made {
        response,
        revisions,
    } = made;
    if !response.status().is_success() {
        return Err(response);
    }
    let (parts, body) = response.into_parts();
    // A body that was made from committed values is in memory.
    let body = match to_bytes(body, usize::MAX).await {
        Ok(body) => body,
        Err(error) => return Err(Response::from_parts(parts, error.to_string().into())),
    };
    Ok((text(&feeds.event_id(&revisions), &body).into(), revisions))
}

fn text(id: &str, body: &[u8]) -> String {
    let body = String::from_utf8_lossy(body);
    let mut text = String::with_capacity(body.len() + 32);
    let _ = writeln!(text, "id: {id}");
    // A carriage return ends a line as well.
    for line in body.split("\r\n").flat_map(|part| part.split(['\n', '\r'])) {
        let _ = writeln!(text, "data: {line}");
    }
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_body_is_data() {
        assert_eq!(text("7", b"{}"), "id: 7\ndata: {}\n\n");
        assert_eq!(
            text("7-9", b"a\r\nb\n\nc\rd"),
            "id: 7-9\ndata: a\ndata: b\ndata: \ndata: c\ndata: d\n\n"
        );
        assert_eq!(text("0", b""), "id: 0\ndata: \n\n");
    }
}
