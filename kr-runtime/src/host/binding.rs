//! How a handler borrows the states of its host, for generated code.

use crate::host::by_type::{Host, Provides};
use crate::state::registration::Part;
use crate::state::shared_map::SharedMap;
use crate::transaction::access_plan::{CounterOf, How};
use std::marker::PhantomData;

/// How a handler borrows a state.
pub struct Binding<'h> {
    pub(crate) part: Part<'h>,
    pub(crate) how: How,
}

/// A host that keeps instances of the state `S` by keys of type `K`. The derive of [`Host`] implements it for each field.
#[diagnostic::on_unimplemented(
    message = "`{Self}` keeps no `{S}` by a key of type `{K}`",
    label = "this borrows the `{S}` of a `{K}`",
    note = "add a field of type `SharedMap<{K}, {S}>` to `{Self}`; if it has one with another key, take the key as that type [KR0404]"
)]
pub trait ProvidesKeyed<S, K>: Host {
    /// The handle to the instances.
    fn map(&self) -> &SharedMap<K, S>;

    /// For the runtime; the derive writes it, where it has told what is wrong with the key.
    #[doc(hidden)]
    fn keyed(&self) -> Part<'_>;
}

/// How a handler finds a state: at one place of the host, or by one of its keys.
///
/// Where the lock of a state does not fit the field that holds it, that is told of at the field. So the derive of [`Host`]
/// sees to it that handlers find the state all the same.
pub trait Holds<S, W>: Host {
    /// Its field.
    fn part(&self) -> Part<'_>;
}

/// There is one such state.
pub struct Alone;

/// There is one for each key of type `K`.
pub struct By<K>(PhantomData<K>);

/// Its lock is not among those that the handler names, which is told elsewhere.
pub struct Unheld;

/// The key with which a state is found: the one of that number, from 1, of those that a handler has. 0 is for a state of
/// which there is one.
pub trait Nth<const N: usize> {
    /// [`Alone`] or [`By`].
    type How;
}

/// The number of [`Nth`] for a state whose lock the handler does not name.
pub const UNHELD: usize = 99;

impl<K> Nth<0> for K {
    type How = Alone;
}

impl<K> Nth<UNHELD> for K {
    type How = Unheld;
}

macro_rules! nth {
    ($($key:ident)*; $number:literal $this:ident) => {
        impl<$($key),*> Nth<$number> for ($($key,)*) {
            type How = By<$this>;
        }
    };
}

nth!(A; 1 A);
nth!(A B; 1 A);
nth!(A B; 2 B);
nth!(A B C; 1 A);
nth!(A B C; 2 B);
nth!(A B C; 3 C);
nth!(A B C D; 1 A);
nth!(A B C D; 2 B);
nth!(A B C D; 3 C);
nth!(A B C D; 4 D);

impl<S: 'static, H: Provides<S>> Holds<S, Alone> for H {
    fn part(&self) -> Part<'_> {
        self.shared().part()
    }
}

impl<S: 'static, K, H: ProvidesKeyed<S, K>> Holds<S, By<K>> for H {
    fn part(&self) -> Part<'_> {
        self.keyed()
    }
}

/// Holds for `true`, and whatever type.
pub trait Mistaken<const IS: bool> {}

impl<T> Mistaken<true> for T {}

#[diagnostic::do_not_recommend]
impl<S, H: Host> Holds<S, Unheld> for H {
    fn part(&self) -> Part<'_> {
        unreachable!("this handler has compile errors")
    }
}

/// The counter of that name.
///
/// # Panics
/// If the host has none, which [`counted`](crate::check::counted) has ruled out.
pub fn counts<'h, H: Host>(host: &'h H, name: &str) -> Binding<'h> {
    let parts = host.parts();
    let found = parts.into_iter().find_map(|part| {
        let counters = part.kind().traits.counters;
        let field = counters
            .iter()
            .find(|field| field.is_counter && field.name == name)?;
        matches!(part, Part::One(_)).then_some((part, field.find))
    });
    let (part, of): (_, CounterOf) = found.expect("a counter that the compiler has looked for");
    Binding {
        part,
        how: How::Counter(of),
    }
}

/// The host's state `S`, borrowed as `&S`.
pub fn reads<S: 'static, W, H: Holds<S, W>>(host: &H) -> Binding<'_> {
    Binding::reading(host.part())
}

/// The host's state `S`, borrowed as `&mut S`.
pub fn writes<S: 'static, W, H: Holds<S, W>>(host: &H) -> Binding<'_> {
    Binding::writing(host.part())
}

/// The host's state `S`, borrowed as `&mut S` without a draft.
pub fn writes_in_place<S: 'static, W, H: Holds<S, W>>(host: &H) -> Binding<'_> {
    Binding::writing_in_place(host.part())
}

impl<'h> Binding<'h> {
    fn reading(part: Part<'h>) -> Self {
        Self {
            part,
            how: How::Read,
        }
    }

    fn writing(part: Part<'h>) -> Self {
        let how = How::Draft(part.kind().copy);
        Self { part, how }
    }

    fn writing_in_place(part: Part<'h>) -> Self {
        let seed = match part {
            Part::One(cell) => Some(cell.seed.clone()),
            Part::Keyed(_) => None,
        };
        let how = How::InPlace(part.kind().copy, seed);
        Self { part, how }
    }
}
