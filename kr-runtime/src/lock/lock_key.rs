//! What a keyed state can be kept by.

use crate::lock::KeyText;
use std::hash::Hash;
use std::marker::PhantomData;

/// A type that can be the key of a [keyed state](crate::SharedMap), and a part of a lock's name in
/// `#[locked("cart:{id}")]`.
///
/// Integers, `char`, `bool`, `String` and tuples of up to four of them are keys, with the feature `uuid` a `Uuid`, too. Give
/// a type of your own around one of them a derive:
///
/// ```
/// use kr_runtime::LockKey;
///
/// #[derive(Clone, PartialEq, Eq, Hash, LockKey)]
/// struct CartId(u64);
/// ```
///
/// For any other type say what its text is; keys that differ need different texts:
///
/// ```
/// use kr_runtime::{KeyText, LockKey};
///
/// #[derive(Clone, PartialEq, Eq, Hash)]
/// enum Size {
///     Small,
///     Large,
/// }
///
/// impl LockKey for Size {
///     fn write_to(&self, text: &mut KeyText<'_>) {
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
    note = "use an integer, a `String` or a `Uuid`, or write `#[derive(Clone, PartialEq, Eq, Hash, Deserialize, LockKey)]` on a type around one [KR0310]"
)]
pub trait LockKey: Clone + Eq + Hash + Send + Sync + 'static {
    /// How many places of a template it fills.
    #[doc(hidden)]
    const PARTS: usize = 1;

    /// Writes the key as one part of a lock's name.
    fn write_to(&self, text: &mut KeyText<'_>);
}

/// Finds out how many parts a key has, and leaves it to others to say that it is none: what the type itself has wins over
/// what a trait brings.
pub struct KeyProbe<K>(PhantomData<K>);

impl<K: LockKey> KeyProbe<K> {
    /// That many.
    pub const PARTS: Option<usize> = Some(K::PARTS);
}

/// What a type has that is no key.
pub trait NoKey {
    /// None.
    const PARTS: Option<usize> = None;
}

impl<K> NoKey for KeyProbe<K> {}

macro_rules! keys {
    ($($key:ty)*) => {
        $(
            impl LockKey for $key {
                fn write_to(&self, text: &mut KeyText<'_>) {
                    text.part(self);
                }
            }
        )*
    };
}

keys!(u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize bool char String);

#[cfg(feature = "uuid")]
keys!(uuid::Uuid);

macro_rules! tuples {
    ($($part:ident)*) => {
        impl<$($part: LockKey),*> LockKey for ($($part,)*) {
            const PARTS: usize = 0 $(+ $part::PARTS)*;

            fn write_to(&self, text: &mut KeyText<'_>) {
                #[allow(non_snake_case)]
                let ($($part,)*) = self;
                $($part.write_to(text);)*
            }
        }
    };
}

tuples!(A B);
tuples!(A B C);
tuples!(A B C D);
