//! A response as the bytes that are kept, and back.
//!
//! ```text
//! format  status  number of headers  (length  name  length  value)…  body
//!   1       2            2              2              4
//! ```

use crate::http::cached_response::buffered_body;
use crate::http::problem::Problem;
use axum::body::{Body, Bytes};
use axum::http::{HeaderName, HeaderValue, Response as HttpResponse, StatusCode, header};
use axum::response::Response;

const FORMAT: u8 = 1;

/// Not replayed: what would log somebody in again, what is of the moment, and what is about one connection.
const NOT_KEPT: [HeaderName; 7] = [
    header::SET_COOKIE,
    header::DATE,
    header::CONNECTION,
    header::CONTENT_LENGTH,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
    HeaderName::from_static("keep-alive"),
];

/// The response, and the bytes that are kept of it. If it cannot be kept, the problem that says so.
pub(super) fn encode(response: Response, longest: usize) -> Result<(Response, Vec<u8>), Problem> {
    let (mut parts, body) = response.into_parts();
    let Ok(body) = buffered_body(body, &mut parts.headers) else {
        return Err(not_kept("is a stream".to_owned()));
    };
    let kept = parts.headers.iter();
    let kept: Vec<_> = kept.filter(|(name, _)| !NOT_KEPT.contains(name)).collect();
    let mut bytes = vec![FORMAT];
    bytes.extend(parts.status.as_u16().to_be_bytes());
    bytes.extend((kept.len() as u16).to_be_bytes());
    for (name, value) in kept {
        bytes.extend((name.as_str().len() as u16).to_be_bytes());
        bytes.extend(name.as_str().as_bytes());
        bytes.extend((value.len() as u32).to_be_bytes());
        bytes.extend(value.as_bytes());
    }
    bytes.extend(&body);
    match bytes.len() > longest {
        true => Err(not_kept(format!("has more than {longest} bytes"))),
        false => Ok((Response::from_parts(parts, Body::from(body)), bytes)),
    }
}

fn not_kept(why: String) -> Problem {
    let detail = format!(
        "the response {why}, so it cannot be kept for a repetition, and nothing was changed"
    );
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR, detail)
}

/// The response that was kept; `None` if the bytes are something else.
pub(super) fn decode(bytes: &[u8]) -> Option<Response> {
    let mut reader = Reader(bytes);
    if reader.array()? != [FORMAT] {
        return None;
    }
    let status = StatusCode::from_u16(u16::from_be_bytes(reader.array()?)).ok()?;
    let mut response = HttpResponse::new(Body::empty());
    *response.status_mut() = status;
    for _ in 0..u16::from_be_bytes(reader.array()?) {
        let length = u16::from_be_bytes(reader.array()?);
        let name = HeaderName::from_bytes(reader.take(length.into())?).ok()?;
        let length = u32::from_be_bytes(reader.array()?);
        let value = HeaderValue::from_bytes(reader.take(usize::try_from(length).ok()?)?).ok()?;
        response.headers_mut().append(name, value);
    }
    *response.body_mut() = Body::from(Bytes::copy_from_slice(reader.0));
    Some(response)
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }
}
