//! What the compiler checks by evaluating constants: the keys of `#[locked]`, and routes that answer the same requests.
//!
//! The messages are the product here, so each is built in full; a constant has no `format!`, hence [`Message`].

use crate::binding::UNHELD;
use crate::host::Counters;
use crate::meta::Meta;
use crate::shared::CounterField;

/// A borrowed state: what its type says of itself.
pub struct Borrowed {
    /// Its name.
    pub name: &'static str,
    /// The key of its lock, as written.
    pub lock: &'static str,
    /// Tells types of the same name apart.
    pub id: &'static str,
}

/// What a handler says of its locks.
pub struct Locking {
    /// The handler's name.
    pub handler: &'static str,
    /// The keys in `#[locked]`, as written.
    pub keys: &'static [&'static str],
    /// How many states the handler borrows.
    pub states: usize,
}

/// A state's lock is among those that the handler names.
///
/// # Panics
/// With the message that the compiler shows, if it is not.
#[track_caller]
pub const fn guarded(state: &Borrowed, locking: &Locking) {
    let mut found: Option<&str> = None;
    let mut at = 0;
    while at < locking.keys.len() {
        let key = locking.keys[at];
        if same_key(state.lock, key) {
            // Keys without places that are one lock are told where they stand.
            if let Some(other) = found
                && is_template(key)
            {
                Message::new()
                    .quote(locking.handler)
                    .text(" borrows ")
                    .quote(state.name)
                    .text(", which could be that of ")
                    .string(other)
                    .text(" or that of ")
                    .string(key)
                    .help("keep one of the keys; several instances change together in `Host::update_many` [KR0308]")
                    .panic()
            }
            found = Some(key);
        }
        at += 1;
    }
    if found.is_some() {
        return;
    }
    let message = Message::new()
        .quote(state.name)
        .text(" is guarded by lock ")
        .string(state.lock);
    if locking.keys.len() == 1 && locking.states == 1 {
        message
            .text(", but ")
            .quote(locking.handler)
            .text(" locks ")
            .string(locking.keys[0])
            .help("write `#[locked(")
            .lock(state.lock, locking)
            .text(")]` [KR0303]")
            .panic()
    }
    let mut message = message
        .text(", which ")
        .quote(locking.handler)
        .text(" does not hold")
        .help("write `#[locked(");
    let mut at = 0;
    while at < locking.keys.len() {
        message = message.string(locking.keys[at]).text(", ");
        at += 1;
    }
    message
        .lock(state.lock, locking)
        .text(")]` [KR0304]")
        .panic()
}

/// Stands where a handler borrows a state and names no lock at all: tells which one.
///
/// # Panics
/// Always, with the message that the compiler shows.
#[track_caller]
pub const fn unguarded(state: &Borrowed, handler: &str, verb: &str) {
    Message::new()
        .quote(handler)
        .text(" ")
        .text(verb)
        .text(" ")
        .quote(state.name)
        .text(" without its lock")
        .help("add `#[locked(")
        .string(state.lock)
        .text(")]` [KR0302]")
        .panic()
}

/// A key names a lock, and none of those before it names the same one, which literals alone cannot tell.
///
/// # Panics
/// With the message that the compiler shows.
#[track_caller]
pub const fn held_once(key: &str, before: &[&str]) {
    if key.trim_ascii().is_empty() {
        Message::new()
            .text("a lock key cannot be empty")
            .help("name what the lock guards, such as \"shop:prices\" [KR0306]")
            .panic()
    }
    if is_template(key) {
        Message::new()
            .text("lock key ")
            .string(key)
            .text(" has a place for an argument, which cannot be seen in a constant")
            .help("write the key itself: ")
            .string(key)
            .text(" [KR0312]")
            .panic()
    }
    let mut at = 0;
    while at < before.len() {
        if same_key(before[at], key) {
            Message::new()
                .text("lock ")
                .string(key)
                .text(" is taken twice")
                .help("locks are not re-entrant; name each once [KR0308]")
                .panic()
        }
        at += 1;
    }
}

/// A key of `#[locked]` guards one of the states that the handler borrows.
///
/// # Panics
/// With the message that the compiler shows.
#[track_caller]
pub const fn guards_something(handler: &str, key: &str, borrowed: &[&str]) {
    let mut at = 0;
    while at < borrowed.len() {
        if same_key(key, borrowed[at]) {
            return;
        }
        at += 1;
    }
    Message::new()
        .quote(handler)
        .text(" locks ")
        .string(key)
        .text(" but borrows no state that it guards")
        .help("remove the key, or write `only` after the keys to hold it all the same [KR0305]")
        .panic()
}

/// Two borrowed states are not one type under two names.
///
/// # Panics
/// With the message that the compiler shows.
#[track_caller]
pub const fn borrowed_once(handler: &str, state: &Borrowed, other: &Borrowed) {
    if same_bytes(state.id.as_bytes(), other.id.as_bytes()) {
        Message::new()
            .quote(state.name)
            .text(" is borrowed twice by ")
            .quote(handler)
            .help("take it once: `&mut ")
            .text(state.name)
            .text("` reads as well as writes [KR0313]")
            .panic()
    }
}

/// A state of a host has another name than those before it.
///
/// # Panics
/// With the message that the compiler shows.
#[track_caller]
pub const fn named_once(host: &str, name: &str, before: &[&str]) {
    let mut at = 0;
    while at < before.len() {
        if same_bytes(before[at].as_bytes(), name.as_bytes()) {
            Message::new()
                .text("host ")
                .quote(host)
                .text(" holds two states named ")
                .quote(name)
                .help("give one of the types another name: `#[shared_state(lock = \"…\", name = \"…\")]` [KR0406]")
                .panic()
        }
        at += 1;
    }
}

/// No two handlers of a list answer the same requests.
///
/// # Panics
/// With the message that the compiler shows.
#[track_caller]
pub const fn distinct<const N: usize>(routes: &[&Meta; N]) {
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
            if one == shapes[second] {
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
const fn differ(one: &Meta, other: &Meta) {
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

/// A state that a host holds in a `Shared<S>` has one lock.
///
/// # Panics
/// With the message that the compiler shows.
#[track_caller]
pub const fn held_alone(name: &str, lock: &str) {
    if is_template(lock) {
        Message::new()
            .quote(name)
            .text(" has one instance for each key, since its lock is ")
            .string(lock)
            .help("hold it in a `SharedMap<K, ")
            .text(name)
            .text(">`, where `K` is the type of the key [KR0311]")
            .panic()
    }
}

/// A state that a host holds in a `SharedMap<K, S>` has a lock for each key.
///
/// # Panics
/// With the message that the compiler shows.
#[track_caller]
pub const fn held_by_key(name: &str, lock: &str, parts: Option<usize>) {
    if !is_template(lock) {
        Message::new()
            .text("the instances of ")
            .quote(name)
            .text(" would all have one lock, ")
            .string(lock)
            .help("write `#[shared_state(lock = \"")
            .text(lock.trim_ascii())
            .text(":{id}\")]`, or hold it in a `Shared<")
            .text(name)
            .text(">` [KR0311]")
            .panic()
    }
    if let Some(parts) = parts
        && parts != places(lock.as_bytes())
    {
        Message::new()
            .text("lock ")
            .string(lock)
            .text(" of ")
            .quote(name)
            .text(" has ")
            .count(places(lock.as_bytes()), "place")
            .text(", and its key has ")
            .count(parts, "part")
            .help("write `SharedMap<")
            .types(places(lock.as_bytes()))
            .text(", ")
            .text(name)
            .text(">` with a type for each place [KR0311]")
            .panic()
    }
}

/// A counter is found by its name, in one state.
///
/// # Panics
/// With the message that the compiler shows.
#[track_caller]
pub const fn counted(handler: &str, name: &str, states: Counters) {
    let mut found: Option<&str> = None;
    let mut at = 0;
    while at < states.len() {
        let (state, fields) = states[at];
        if has_counter(fields, name) {
            if let Some(other) = found {
                Message::new()
                    .quote(other)
                    .text(" and ")
                    .quote(state)
                    .text(" both have a counter ")
                    .quote(name)
                    .text(", which ")
                    .quote(handler)
                    .text(" borrows")
                    .help("give one of them another name [KR0216]")
                    .panic()
            }
            found = Some(state);
        }
        at += 1;
    }
    if found.is_none() {
        let message = Message::new()
            .quote(handler)
            .text(" borrows counter ")
            .quote(name)
            .text(", which no state of the host has")
            .help("");
        let (message, count) = message.counters(states);
        let message = match count {
            0 => message,
            1 => message.text(" is the one there is: give the argument its name, or "),
            _ => message.text(" are those there are: give the argument the name of one, or "),
        };
        message
            .text("add a field `")
            .text(name)
            .text(": Counter` to a state [KR0216]")
            .panic()
    }
}

const fn has_counter(fields: &[CounterField], name: &str) -> bool {
    let mut at = 0;
    while at < fields.len() {
        let field = &fields[at];
        if field.is_counter && same_bytes(field.name.as_bytes(), name.as_bytes()) {
            return true;
        }
        at += 1;
    }
    false
}

/// Where the state of a lock is found: 0 if it is one, otherwise by the key of that number among these templates, from 1.
#[must_use]
pub const fn position(lock: &str, templates: &[&str]) -> usize {
    if !is_template(lock) {
        return 0;
    }
    let mut at = 0;
    while at < templates.len() {
        if same_key(lock, templates[at]) {
            return at + 1;
        }
        at += 1;
    }
    UNHELD
}

/// Whether there is a lock for each key, and so an instance of the state.
#[must_use]
pub const fn is_template(lock: &str) -> bool {
    places(lock.as_bytes()) > 0
}

const fn places(lock: &[u8]) -> usize {
    let (mut at, mut count) = (0, 0);
    while at < lock.len() {
        if lock[at] == b'{' {
            count += 1;
        }
        at += 1;
    }
    count
}

/// Whether two keys are one lock: trimmed, without regard to case, and whatever their places are called.
///
/// Only ASCII letters are compared without case here; other letters must be written alike, which is on the safe side.
const fn same_key(one: &str, other: &str) -> bool {
    let (one, other) = (one.trim_ascii().as_bytes(), other.trim_ascii().as_bytes());
    let (mut a, mut b) = (0, 0);
    while a < one.len() && b < other.len() {
        if !one[a].eq_ignore_ascii_case(&other[b]) {
            return false;
        }
        if one[a] == b'{' {
            a = past_place(one, a);
            b = past_place(other, b);
        } else {
            a += 1;
            b += 1;
        }
    }
    a == one.len() && b == other.len()
}

const fn past_place(key: &[u8], mut at: usize) -> usize {
    while at < key.len() && key[at] != b'}' {
        at += 1;
    }
    at + 1
}

const fn same_bytes(one: &[u8], other: &[u8]) -> bool {
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

/// Text put together in a constant.
struct Message {
    bytes: [u8; 1024],
    len: usize,
}

impl Message {
    const fn new() -> Self {
        Self {
            bytes: [0; 1024],
            len: 0,
        }
    }

    const fn text(mut self, text: &str) -> Self {
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
    const fn help(self, text: &str) -> Self {
        self.text("\n\nhelp: ").text(text)
    }

    const fn quote(self, name: &str) -> Self {
        self.text("`").text(name).text("`")
    }

    const fn count(self, count: usize, what: &str) -> Self {
        let digit = if count < 10 { b'0' + count as u8 } else { b'?' };
        let message = self.byte(digit).text(" ").text(what);
        if count == 1 {
            message
        } else {
            message.text("s")
        }
    }

    /// The type of a key of that many parts.
    const fn types(mut self, count: usize) -> Self {
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
    const fn counters(mut self, states: Counters) -> (Self, usize) {
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
    /// many places.
    const fn lock(self, lock: &str, locking: &Locking) -> Self {
        let count = places(lock.as_bytes());
        let mut at = 0;
        while count > 0 && at < locking.keys.len() {
            if places(locking.keys[at].as_bytes()) == count {
                return self.named_as(lock.as_bytes(), locking.keys[at].as_bytes());
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
                let end = past_place(named, b);
                while b < end {
                    self = self.byte(named[b]);
                    b += 1;
                }
                a = past_place(lock, a);
            } else {
                self = self.byte(lock[a]);
                a += 1;
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

    const fn string(self, key: &str) -> Self {
        self.text("\"").text(key).text("\"")
    }

    #[track_caller]
    const fn panic(&self) -> ! {
        match std::str::from_utf8(self.bytes.split_at(self.len).0) {
            Ok(message) => panic!("{}", message),
            // Only a message past the buffer can be cut inside a character.
            Err(_) => panic!("the names involved are too long to be shown"),
        }
    }
}
