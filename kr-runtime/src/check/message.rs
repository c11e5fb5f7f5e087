//! Text put together in a constant, which has no `format!`.

use super::declared::DeclaredLocks;
use super::keys::{past_placeholder, placeholders};
use crate::store::Counters;

/// Text put together in a constant.
pub(super) struct Message {
    bytes: [u8; 1024],
    len: usize,
}

/// Reports a mistake that only types tell, in words that the macro has chosen.
///
/// # Panics
/// With the message that the compiler shows, unless the condition holds.
#[track_caller]
pub const fn assert_holds(condition: bool, message: &str) {
    if !condition {
        panic!("{}", message)
    }
}

impl Message {
    pub(super) const fn new() -> Self {
        Self {
            bytes: [0; 1024],
            len: 0,
        }
    }

    pub(super) const fn text(mut self, text: &str) -> Self {
        let text = text.as_bytes();
        let mut at = 0;
        while at < text.len() && self.len < self.bytes.len() {
            self.bytes[self.len] = text[at];
            self.len += 1;
            at += 1;
        }
        self
    }

    /// What to write instead, on a line of its own.
    pub(super) const fn help(self, text: &str) -> Self {
        self.text("\n\nhelp: ").text(text)
    }

    pub(super) const fn quote(self, name: &str) -> Self {
        self.text("`").text(name).text("`")
    }

    pub(super) const fn count(self, count: usize, what: &str) -> Self {
        let digit = if count < 10 { b'0' + count as u8 } else { b'?' };
        let message = self.byte(digit).text(" ").text(what);
        if count == 1 {
            message
        } else {
            message.text("s")
        }
    }

    /// The type of a key of that many parts.
    pub(super) const fn types(mut self, count: usize) -> Self {
        if count == 1 {
            return self.text("A");
        }
        let mut at = 0;
        while at < count {
            self = self.text(if at == 0 { "(" } else { ", " });
            self = self.byte(b'A' + (at % 26) as u8);
            at += 1;
        }
        self.text(")")
    }

    /// The names of all counters, and how many there are.
    pub(super) const fn counters(mut self, states: Counters) -> (Self, usize) {
        let (mut state, mut count) = (0, 0);
        while state < states.len() {
            let fields = states[state].1;
            let mut at = 0;
            while at < fields.len() {
                if fields[at].is_counter {
                    let comma = if count == 0 { "" } else { ", " };
                    self = self.text(comma).quote(fields[at].name);
                    count += 1;
                }
                at += 1;
            }
            state += 1;
        }
        (self, count)
    }

    /// The key of a state's lock as the handler writes it: with the names of its own arguments, if one of its keys has as
    /// many placeholders.
    pub(super) const fn lock(self, lock: &str, declared: &DeclaredLocks) -> Self {
        let count = placeholders(lock.as_bytes());
        let mut at = 0;
        while count > 0 && at < declared.keys.len() {
            if placeholders(declared.keys[at].as_bytes()) == count {
                return self.named_as(lock.as_bytes(), declared.keys[at].as_bytes());
            }
            at += 1;
        }
        self.string(lock)
    }

    const fn named_as(mut self, lock: &[u8], named: &[u8]) -> Self {
        self = self.text("\"");
        let (mut a, mut b) = (0, 0);
        while a < lock.len() {
            if lock[a] == b'{' {
                while named[b] != b'{' {
                    b += 1;
                }
                let end = past_placeholder(named, b);
                while b < end {
                    self = self.byte(named[b]);
                    b += 1;
                }
                a = past_placeholder(lock, a);
            } else {
                self = self.byte(lock[a]);
                a += 1;
            }
        }
        self.text("\"")
    }

    /// The key of a state's lock with `*` for its placeholders.
    pub(super) const fn with_stars(mut self, lock: &str) -> Self {
        let lock = lock.as_bytes();
        self = self.text("\"");
        let mut at = 0;
        while at < lock.len() {
            if lock[at] == b'{' {
                self = self.byte(b'*');
                at = past_placeholder(lock, at);
            } else {
                self = self.byte(lock[at]);
                at += 1;
            }
        }
        self.text("\"")
    }

    const fn byte(mut self, byte: u8) -> Self {
        if self.len < self.bytes.len() {
            self.bytes[self.len] = byte;
            self.len += 1;
        }
        self
    }

    pub(super) const fn string(self, key: &str) -> Self {
        self.text("\"").text(key).text("\"")
    }

    #[track_caller]
    pub(super) const fn panic(&self) -> ! {
        match std::str::from_utf8(self.bytes.split_at(self.len).0) {
            Ok(message) => panic!("{}", message),
            // Only a message past the buffer can be cut inside a character.
            Err(_) => panic!("the names involved are too long to be shown"),
        }
    }
}
