//! The types that can be keys of keyed states.

use super::stored_key::{StoredKeyReader, StoredKeyWriter};
use super::{KeyReader, KeyWriter};
use std::cmp::Ordering;
use std::hash::Hash;
use std::marker::PhantomData;

/// A type that can be the key of a [keyed state](crate::SharedMap), and a part of a lock's name in
/// `#[locked("cart:{id}")]`.
///
/// Integers, `char`, `bool`, `String`, tuples of up to four of them and, with the feature `uuid`, `Uuid` are keys. A type
/// of your own around one of them gets a derive:
///
/// ```
/// use kr_runtime::LockKey;
///
/// #[derive(Clone, PartialEq, Eq, Hash, LockKey)]
/// struct CartId(u64);
/// ```
///
/// For any other type, write its text; different keys need different texts:
///
/// ```
/// use kr_runtime::{KeyWriter, LockKey};
///
/// #[derive(Clone, PartialEq, Eq, Hash)]
/// enum Size {
///     Small,
///     Large,
/// }
///
/// impl LockKey for Size {
///     fn write_to(&self, text: &mut KeyWriter<'_>) {
///         text.part(match self {
///             Self::Small => "small",
///             Self::Large => "large",
///         });
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be part of a lock key",
    label = "not a lock key",
    note = "use an integer, a `String` or a `Uuid`, or write `#[derive(Clone, PartialEq, Eq, Hash, Deserialize, LockKey)]` on a type around one; of an argument such as `Json<T>`, name a field: `{{argument.field}}` [KR0310]"
)]
pub trait LockKey: Clone + Eq + Hash + Send + Sync + 'static {
    /// How many placeholders of a template it fills.
    #[doc(hidden)]
    const PARTS: usize = 1;

    /// Whether [`read_from`](Self::read_from) reads what `write_to` writes. Then nobody has to remember which key a name
    /// belongs to.
    #[doc(hidden)]
    const IS_READABLE: bool = false;

    /// Writes the key as one part of a lock's name.
    fn write_to(&self, text: &mut KeyWriter<'_>);

    /// Reads a key from a lock's name.
    #[doc(hidden)]
    #[must_use]
    fn read_from(_text: &mut KeyReader<'_>) -> Option<Self> {
        None
    }

    /// The order of the keys, in which instances are listed. Unless you write it, it is that of the keys' texts.
    /// Two keys are [`Equal`](Ordering::Equal) only if they are the same.
    fn compare(&self, other: &Self) -> Ordering {
        let text = |key: &Self| KeyWriter::text(|text| key.write_to(text));
        text(self).cmp(&text(other))
    }

    /// Writes the key as a store keeps it. Unless you write it, that is the key's text, as in the lock's name. The order of
    /// what it writes is the order in which a store lists the instances; [`compare`](Self::compare) should have the same.
    fn write_stored(&self, key: &mut StoredKeyWriter) {
        key.text(&KeyWriter::text(|text| self.write_to(text)));
    }

    /// Reads what [`write_stored`](Self::write_stored) has written; `None` if that is no such key.
    ///
    /// Only lists on a store other than memory need it. Unless you write it, such a list says that the key cannot be read.
    ///
    /// ```
    /// use kr_runtime::{KeyWriter, LockKey, StoredKeyReader};
    ///
    /// #[derive(Clone, PartialEq, Eq, Hash)]
    /// enum Size {
    ///     Small,
    ///     Large,
    /// }
    ///
    /// impl LockKey for Size {
    ///     fn write_to(&self, text: &mut KeyWriter<'_>) {
    ///         text.part(match self {
    ///             Self::Small => "small",
    ///             Self::Large => "large",
    ///         });
    ///     }
    ///
    ///     fn read_stored(key: &mut StoredKeyReader<'_>) -> Option<Self> {
    ///         match key.text()?.as_str() {
    ///             "small" => Some(Self::Small),
    ///             "large" => Some(Self::Large),
    ///             _ => None,
    ///         }
    ///     }
    /// }
    /// ```
    fn read_stored(_key: &mut StoredKeyReader<'_>) -> Option<Self> {
        None
    }
}

/// Finds out how many parts a key has, for types that may be no keys: an inherent constant wins over a trait's. (The
/// autoref trick, without a reference.)
pub struct KeyProbe<K>(PhantomData<K>);

impl<K: LockKey> KeyProbe<K> {
    /// The number of parts.
    pub const PARTS: Option<usize> = Some(K::PARTS);
}

/// The answer for types that are no keys.
pub trait NotKey {
    /// None.
    const PARTS: Option<usize> = None;
}

impl<K> NotKey for KeyProbe<K> {}

macro_rules! keys {
    ($($key:ty)*; $write:expr, $read:expr) => {
        $(
            impl LockKey for $key {
                const IS_READABLE: bool = true;

                fn write_to(&self, text: &mut KeyWriter<'_>) {
                    text.part(self);
                }

                fn read_from(text: &mut KeyReader<'_>) -> Option<Self> {
                    text.part()
                }

                fn compare(&self, other: &Self) -> Ordering {
                    self.cmp(other)
                }

                fn write_stored(&self, key: &mut StoredKeyWriter) {
                    $write(key, self);
                }

                fn read_stored(key: &mut StoredKeyReader<'_>) -> Option<Self> {
                    $read(key)
                }
            }
        )*
    };
}

keys!(u8 u16 u32 u64 usize; |key: &mut StoredKeyWriter, number: &Self| key.integer(false, *number as u128), StoredKeyReader::integer);
keys!(u128; |key: &mut StoredKeyWriter, number: &Self| key.integer(false, *number), StoredKeyReader::integer);
keys!(i8 i16 i32 i64 isize; |key: &mut StoredKeyWriter, number: &Self| key.integer(*number < 0, number.unsigned_abs() as u128), StoredKeyReader::integer);
keys!(i128; |key: &mut StoredKeyWriter, number: &Self| key.integer(*number < 0, number.unsigned_abs()), StoredKeyReader::integer);
keys!(bool; |key: &mut StoredKeyWriter, is: &Self| key.bool(*is), StoredKeyReader::bool);
keys!(char; |key: &mut StoredKeyWriter, c: &Self| key.text(c.encode_utf8(&mut [0; 4])), |key: &mut StoredKeyReader<'_>| key.text()?.parse().ok());
keys!(String; |key: &mut StoredKeyWriter, text: &Self| key.text(text), StoredKeyReader::text);

#[cfg(feature = "uuid")]
keys!(uuid::Uuid; |key: &mut StoredKeyWriter, id: &Self| key.uuid(id.as_bytes()), |key: &mut StoredKeyReader<'_>| key.uuid().map(Self::from_bytes));

macro_rules! tuples {
    ($($part:ident $index:tt)*) => {
        impl<$($part: LockKey),*> LockKey for ($($part,)*) {
            const PARTS: usize = 0 $(+ $part::PARTS)*;
            const IS_READABLE: bool = true $(&& $part::IS_READABLE)*;

            fn write_to(&self, text: &mut KeyWriter<'_>) {
                #[allow(non_snake_case)]
                let ($($part,)*) = self;
                $($part.write_to(text);)*
            }

            fn read_from(text: &mut KeyReader<'_>) -> Option<Self> {
                Some(($($part::read_from(text)?,)*))
            }

            fn compare(&self, other: &Self) -> Ordering {
                #[allow(non_snake_case)]
                let ($($part,)*) = self;
                Ordering::Equal$(.then_with(|| $part.compare(&other.$index)))*
            }

            fn write_stored(&self, key: &mut StoredKeyWriter) {
                $(self.$index.write_stored(key);)*
            }

            fn read_stored(key: &mut StoredKeyReader<'_>) -> Option<Self> {
                Some(($($part::read_stored(key)?,)*))
            }
        }
    };
}

tuples!(A 0 B 1);
tuples!(A 0 B 1 C 2);
tuples!(A 0 B 1 C 2 D 3);
