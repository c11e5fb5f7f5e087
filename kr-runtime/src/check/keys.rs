//! Keys as they are written, without a `String` to compare them by.

/// Whether there is a lock for each key, and so an instance of the state.
#[must_use]
pub const fn is_template(lock: &str) -> bool {
    placeholders(lock.as_bytes()) > 0
}

pub(super) const fn placeholders(lock: &[u8]) -> usize {
    let (mut at, mut count) = (0, 0);
    while at < lock.len() {
        if lock[at] == b'{' {
            count += 1;
        }
        at += 1;
    }
    count
}

/// Whether two keys are one lock: trimmed, without regard to case, and whatever their placeholders are called.
///
/// Only ASCII letters are compared without case here; other letters must be written alike, which is on the safe side.
pub(super) const fn same_key(one: &str, other: &str) -> bool {
    let (one, other) = (one.trim_ascii().as_bytes(), other.trim_ascii().as_bytes());
    let (mut a, mut b) = (0, 0);
    while a < one.len() && b < other.len() {
        if !one[a].eq_ignore_ascii_case(&other[b]) {
            return false;
        }
        if one[a] == b'{' {
            a = past_placeholder(one, a);
            b = past_placeholder(other, b);
        } else {
            a += 1;
            b += 1;
        }
    }
    a == one.len() && b == other.len()
}

pub(super) const fn past_placeholder(key: &[u8], mut at: usize) -> usize {
    while at < key.len() && key[at] != b'}' {
        at += 1;
    }
    at + 1
}

pub(super) const fn same_bytes(one: &[u8], other: &[u8]) -> bool {
    if one.len() != other.len() {
        return false;
    }
    let mut at = 0;
    while at < one.len() {
        if one[at] != other[at] {
            return false;
        }
        at += 1;
    }
    true
}
