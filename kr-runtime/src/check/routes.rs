//! Routes that answer the same requests.

use super::handler_info::HandlerInfo;
use super::keys::same_bytes;
use super::message::Message;

/// No two handlers of a list answer the same requests.
///
/// # Panics
/// With the message that the compiler shows.
#[track_caller]
pub const fn assert_distinct<const N: usize>(routes: &[&HandlerInfo; N]) {
    // Each pair is compared by a number first: letter by letter, a long list would take the compiler seconds.
    let mut shapes = [0; N];
    let mut at = 0;
    while at < N {
        shapes[at] = shape(routes[at].path.as_bytes());
        at += 1;
    }
    let mut first = 0;
    while first < N {
        let one = shapes[first];
        let mut second = first + 1;
        while second < N {
            // A handler that has not compiled has no path, and was reported.
            if one == shapes[second] && !routes[first].path.is_empty() {
                differ(routes[first], routes[second]);
            }
            second += 1;
        }
        first += 1;
    }
}

/// The same number for paths of the same shape, and mostly another one for others.
const fn shape(path: &[u8]) -> u64 {
    let mut number = 0xcbf2_9ce4_8422_2325_u64;
    let mut at = 0;
    while at < path.len() {
        number = (number ^ path[at] as u64).wrapping_mul(0x0100_0000_01b3);
        at = if opens_capture(path, at) {
            past_capture(path, at)
        } else {
            at + 1
        };
    }
    number
}

#[track_caller]
const fn differ(one: &HandlerInfo, other: &HandlerInfo) {
    if !same_shape(one.path.as_bytes(), other.path.as_bytes()) {
        return;
    }
    if same_bytes(
        one.method.as_str().as_bytes(),
        other.method.as_str().as_bytes(),
    ) {
        Message::new()
            .quote(one.handler)
            .text(" and ")
            .quote(other.handler)
            .text(" both handle ")
            .text(one.method.as_str())
            .text(" ")
            .text(one.path)
            .help("give one of them another method or path [KR0402]")
            .panic()
    }
    if !same_bytes(one.path.as_bytes(), other.path.as_bytes()) {
        Message::new()
            .quote(one.handler)
            .text(" and ")
            .quote(other.handler)
            .text(" name the captures of one path differently: ")
            .quote(one.path)
            .text(" and ")
            .quote(other.path)
            .help("write them alike, since one path is matched first and then its method [KR0403]")
            .panic()
    }
}

/// Whether two paths match the same requests: equal, but for the names of their captures.
const fn same_shape(one: &[u8], other: &[u8]) -> bool {
    let (mut a, mut b) = (0, 0);
    while a < one.len() && b < other.len() {
        if one[a] != other[b] {
            return false;
        }
        if opens_capture(one, a) && opens_capture(other, b) {
            if (one[a + 1] == b'*') != (other[b + 1] == b'*') {
                return false;
            }
            a = past_capture(one, a);
            b = past_capture(other, b);
        } else {
            a += 1;
            b += 1;
        }
    }
    a == one.len() && b == other.len()
}

/// `{{` is a literal brace; a capture always starts its segment.
const fn opens_capture(path: &[u8], at: usize) -> bool {
    path[at] == b'{'
        && at > 0
        && path[at - 1] == b'/'
        && at + 1 < path.len()
        && path[at + 1] != b'{'
}

const fn past_capture(path: &[u8], mut at: usize) -> usize {
    while at < path.len() && path[at] != b'/' {
        at += 1;
    }
    at
}
