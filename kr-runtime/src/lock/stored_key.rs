//! Keys as a store keeps them: bytes whose order is that of the keys, and that say what they are.
//!
//! A key is a sequence of elements, each with a byte that tells its kind, in the manner of the
//! [tuple layer of `FoundationDB`](https://github.com/apple/foundationdb/blob/main/design/tuple.md):
//!
//! | first byte | element |
//! |---|---|
//! | `0x02` | text: UTF-8, a zero byte as `00 ff`, and `00` at its end |
//! | `0x14` to `0x23` | a negative integer of `0x24 - byte` bytes, each bit of its amount inverted |
//! | `0x24` | the integer 0 |
//! | `0x25` to `0x34` | a positive integer of `byte - 0x24` bytes, the highest first |
//! | `0x40`, `0x41` | `false`, `true` |
//! | `0x50` | a UUID: 16 bytes |
//!
//! All integers have the same form, so the type of a key may become a wider one.

const TEXT: u8 = 0x02;
const ZERO: u8 = 0x24;
const FALSE: u8 = 0x40;
const TRUE: u8 = 0x41;
const UUID: u8 = 0x50;

/// Writes a key for a store; see [`LockKey::write_stored`](super::LockKey::write_stored).
#[derive(Debug, Default)]
pub struct StoredKeyWriter(Vec<u8>);

/// Reads a key that a store has kept; see [`LockKey::read_stored`](super::LockKey::read_stored).
#[derive(Debug)]
pub struct StoredKeyReader<'k>(&'k [u8]);

/// An element of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Element {
    Text(String),
    /// Its sign and its amount.
    Integer(bool, u128),
    Bool(bool),
    Uuid([u8; 16]),
}

impl StoredKeyWriter {
    /// The bytes of a key.
    pub(crate) fn bytes(write: impl FnOnce(&mut Self)) -> Vec<u8> {
        let mut writer = Self::default();
        write(&mut writer);
        writer.0
    }

    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.0
    }

    /// Writes a text.
    pub fn text(&mut self, text: &str) {
        self.0.push(TEXT);
        for byte in text.bytes() {
            self.0.push(byte);
            if byte == 0 {
                self.0.push(0xff);
            }
        }
        self.0.push(0);
    }

    /// Writes an integer: whether it is negative, and its amount.
    pub(crate) fn integer(&mut self, is_negative: bool, amount: u128) {
        let bytes = amount.to_be_bytes();
        let skipped = amount.leading_zeros() / 8;
        let bytes = &bytes[skipped as usize..];
        // At most 16.
        let length = bytes.len() as u8;
        match is_negative && amount > 0 {
            true => {
                self.0.push(ZERO - length);
                self.0.extend(bytes.iter().map(|byte| !byte));
            }
            false => {
                self.0.push(ZERO + length);
                self.0.extend(bytes);
            }
        }
    }

    pub(crate) fn bool(&mut self, is: bool) {
        self.0.push(if is { TRUE } else { FALSE });
    }

    pub(crate) fn uuid(&mut self, bytes: &[u8; 16]) {
        self.0.push(UUID);
        self.0.extend(bytes);
    }
}

impl<'k> StoredKeyReader<'k> {
    pub(crate) fn new(bytes: &'k [u8]) -> Self {
        Self(bytes)
    }

    /// Whether all of it has been read.
    pub(crate) fn is_at_end(&self) -> bool {
        self.0.is_empty()
    }

    /// Reads a text; `None` if there is something else.
    pub fn text(&mut self) -> Option<String> {
        match self.element()? {
            Element::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(super) fn integer<T: TryFrom<u128> + TryFrom<i128>>(&mut self) -> Option<T> {
        match self.element()? {
            Element::Integer(false, amount) => T::try_from(amount).ok(),
            Element::Integer(true, amount) => {
                let number = 0_i128.checked_sub_unsigned(amount)?;
                T::try_from(number).ok()
            }
            _ => None,
        }
    }

    pub(super) fn bool(&mut self) -> Option<bool> {
        match self.element()? {
            Element::Bool(is) => Some(is),
            _ => None,
        }
    }

    #[cfg(feature = "uuid")]
    pub(super) fn uuid(&mut self) -> Option<[u8; 16]> {
        match self.element()? {
            Element::Uuid(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// The next element; `None` at the end, or if it is none.
    pub(crate) fn element(&mut self) -> Option<Element> {
        match self.take(1)?[0] {
            TEXT => self.rest_of_text(),
            FALSE => Some(Element::Bool(false)),
            TRUE => Some(Element::Bool(true)),
            UUID => Some(Element::Uuid(self.take(16)?.try_into().ok()?)),
            byte @ 0x14..=0x34 => {
                let is_negative = byte < ZERO;
                let bytes = self.take(byte.abs_diff(ZERO).into())?;
                let amount = bytes.iter().fold(0_u128, |amount, byte| {
                    let byte = if is_negative { !byte } else { *byte };
                    amount << 8 | u128::from(byte)
                });
                Some(Element::Integer(is_negative, amount))
            }
            _ => None,
        }
    }

    fn rest_of_text(&mut self) -> Option<Element> {
        let mut text = Vec::new();
        loop {
            match *self.take(1)? {
                [0] if self.0.first() == Some(&0xff) => {
                    self.take(1)?;
                    text.push(0);
                }
                [0] => return String::from_utf8(text).ok().map(Element::Text),
                [byte] => text.push(byte),
                _ => return None,
            }
        }
    }

    fn take(&mut self, count: usize) -> Option<&'k [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }
}

#[cfg(test)]
mod tests {
    use super::super::LockKey;
    use super::*;
    use std::fmt::Debug;

    fn bytes<K: LockKey>(key: &K) -> Vec<u8> {
        StoredKeyWriter::bytes(|writer| key.write_stored(writer))
    }

    fn read<K: LockKey>(bytes: &[u8]) -> Option<K> {
        let mut reader = StoredKeyReader::new(bytes);
        let key = K::read_stored(&mut reader)?;
        reader.is_at_end().then_some(key)
    }

    fn check<K: LockKey + Debug>(keys: &[K]) {
        for key in keys {
            assert_eq!(read::<K>(&bytes(key)).as_ref(), Some(key));
            for other in keys {
                let order = bytes(key).cmp(&bytes(other));
                assert_eq!(order, key.compare(other), "{key:?} and {other:?}");
            }
        }
    }

    #[test]
    fn keys_read_back_and_keep_their_order() {
        check(&[0_u8, 1, 127, 255]);
        check(&[0, 1, 255, 256, 65_535, 65_536, u64::MAX]);
        check(&[u128::MAX, u128::MAX - 1, 1 << 64, 0]);
        check(&[
            i128::MIN,
            i128::MIN + 1,
            -65_537,
            -256,
            -255,
            -1,
            0,
            1,
            i128::MAX,
        ]);
        check(&[i64::MIN, -300, -1, 0, 300, i64::MAX]);
        check(&[false, true]);
        check(&['a', '\0', 'ä', '\u{10ffff}']);
        let texts = [
            "", "\0", "\0\0", "a", "a\0", "a\0b", "ab", "b", "ä", "\u{ff}",
        ];
        check(&texts.map(String::from));
        let mut tuples = Vec::new();
        for text in texts {
            for number in [-1_i32, 0, 1] {
                tuples.push((text.to_owned(), number, true));
            }
        }
        check(&tuples);
    }

    #[test]
    fn an_integer_may_get_a_wider_type() {
        assert_eq!(read::<u64>(&bytes(&7_u8)), Some(7));
        assert_eq!(read::<i64>(&bytes(&7_u8)), Some(7));
        assert_eq!(read::<u8>(&bytes(&300_u64)), None);
        assert_eq!(read::<u8>(&bytes(&-1_i8)), None);
    }

    #[test]
    fn anything_else_is_no_key() {
        for wrong in [
            &[][..],
            &[0x02],
            &[0x02, b'a'],
            &[0x25],
            &[0x60],
            &[0x02, 0xff, 0],
        ] {
            assert_eq!(read::<String>(wrong), None);
            assert_eq!(read::<u64>(wrong), None);
        }
        assert_eq!(read::<u64>(&bytes(&String::from("7"))), None);
    }
}
