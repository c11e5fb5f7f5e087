//! Just enough of HTTP/1.1 to find the end of a response.

/// A response that is being read. Only the length of its body is kept.
#[derive(Default)]
pub(super) struct Response {
    head: Vec<u8>,
    status: u16,
    body: Option<Body>,
    /// The length of the body so far.
    pub(super) length: usize,
}

enum Body {
    Rest(usize),
    Chunked(Chunk),
}

/// The reader's position in a chunked body.
enum Chunk {
    Size(usize),
    SizeEnd(usize),
    Data(usize),
    /// In the line end after a chunk's data.
    Gap(u8),
    /// In a line of the trailers. An empty one ends them.
    Trailer {
        empty: bool,
    },
}

/// No server here sends a longer head.
const LONGEST_HEAD: usize = 64 * 1024;

impl Response {
    /// Takes bytes as they arrive. Returns the status once the response is complete. Requests are sent one at a time, so no
    /// bytes follow it.
    pub(super) fn take(&mut self, mut bytes: &[u8]) -> Option<u16> {
        if self.body.is_none() {
            bytes = self.take_head(bytes)?;
        }
        let done = match self.body.as_mut()? {
            Body::Rest(rest) => {
                self.length += bytes.len();
                *rest = rest.saturating_sub(bytes.len());
                *rest == 0
            }
            Body::Chunked(chunk) => take_chunks(chunk, &mut self.length, bytes),
        };
        done.then_some(self.status)
    }

    /// A header, empty if there is none.
    pub(super) fn header(&self, name: &str) -> &str {
        let head = std::str::from_utf8(&self.head).expect("a head is ASCII");
        fields(head)
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map_or("", |(_, value)| value)
    }

    /// Returns the bytes after the head, once the head is complete.
    fn take_head<'b>(&mut self, bytes: &'b [u8]) -> Option<&'b [u8]> {
        let before = self.head.len();
        self.head.extend_from_slice(bytes);
        assert!(before < LONGEST_HEAD, "a response whose head does not end");
        // The end may be split between two reads.
        let from = before.saturating_sub(3);
        let end = self.head[from..]
            .windows(4)
            .position(|window| window == b"\r\n\r\n")?;
        let end = from + end + 4;
        self.head.truncate(end);
        let head = std::str::from_utf8(&self.head).expect("a head is ASCII");
        self.status = head[9..12].parse().expect("a status");
        self.body = Some(body_of(head));
        Some(&bytes[end - before..])
    }
}

fn fields(head: &str) -> impl Iterator<Item = (&str, &str)> {
    head.lines().filter_map(|line| line.split_once(": "))
}

fn body_of(head: &str) -> Body {
    for (name, value) in fields(head) {
        if name.eq_ignore_ascii_case("content-length") {
            return Body::Rest(value.parse().expect("a length"));
        }
        if name.eq_ignore_ascii_case("transfer-encoding") {
            return Body::Chunked(Chunk::Size(0));
        }
    }
    Body::Rest(0)
}

fn take_chunks(chunk: &mut Chunk, length: &mut usize, mut bytes: &[u8]) -> bool {
    while let Some((&byte, rest)) = bytes.split_first() {
        *chunk = match (&*chunk, byte) {
            (Chunk::Size(size), b'\r') => Chunk::SizeEnd(*size),
            (Chunk::Size(size), digit) => {
                let digit = char::from(digit).to_digit(16).expect("the size of a chunk");
                Chunk::Size(size * 16 + digit as usize)
            }
            (Chunk::SizeEnd(0), _) => Chunk::Trailer { empty: true },
            (Chunk::SizeEnd(size), _) => Chunk::Data(*size),
            (Chunk::Data(size), _) => {
                let here = bytes.len().min(*size);
                *length += here;
                let left = size - here;
                bytes = &bytes[here..];
                *chunk = if left == 0 {
                    Chunk::Gap(2)
                } else {
                    Chunk::Data(left)
                };
                continue;
            }
            (Chunk::Gap(2), _) => Chunk::Gap(1),
            (Chunk::Gap(_), _) => Chunk::Size(0),
            (Chunk::Trailer { empty: true }, b'\n') => return true,
            (Chunk::Trailer { .. }, b'\n') => Chunk::Trailer { empty: true },
            (Chunk::Trailer { empty }, b'\r') => Chunk::Trailer { empty: *empty },
            (Chunk::Trailer { .. }, _) => Chunk::Trailer { empty: false },
        };
        bytes = rest;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::Response;

    fn read(text: &str, piece: usize) -> (Option<u16>, usize) {
        let mut response = Response::default();
        let mut status = None;
        for bytes in text.as_bytes().chunks(piece) {
            assert_eq!(status, None, "it ended before its end");
            status = response.take(bytes);
        }
        (status, response.length)
    }

    #[test]
    fn content_length_ends_a_response() {
        for piece in [1, 2, 3, 7, 1_000] {
            let plain = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nx: y\r\n\r\nhello";
            assert_eq!(read(plain, piece), (Some(200), 5));
            let bare = "HTTP/1.1 204 No Content\r\n\r\n";
            assert_eq!(read(bare, piece), (Some(204), 0));
        }
    }

    #[test]
    fn an_empty_chunk_ends_a_chunked_response() {
        for piece in [1, 2, 3, 7, 1_000] {
            let head = "HTTP/1.1 500 Oh\r\ntransfer-encoding: chunked\r\n\r\n";
            let text = format!("{head}5\r\nhello\r\n10\r\n0123456789\r\n0123\r\n0\r\n\r\n");
            assert_eq!(read(&text, piece), (Some(500), 21));
        }
    }
}
