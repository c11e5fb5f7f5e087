//! How the arguments of a handler find the states of its host, for generated code.

use super::by_type::{Host, Provides};
use crate::check::NOT_LOCKED;
use crate::lock::LockKey;
use crate::state::{HostField, SharedMap, SharedState};
use crate::store::{CounterGetter, Value};
use crate::transaction::AccessMode;
use std::any::{TypeId, type_name};
use std::marker::PhantomData;
use std::sync::Arc;

/// What an argument gets of the host.
pub struct Binding<'h> {
    pub(crate) mode: BindingMode<'h>,
    /// The number of the key that leads to its instance, if the handler gives it one.
    pub(crate) key: Option<usize>,
    /// Why the application cannot start with it.
    pub(crate) error: Option<String>,
}

/// What an argument gets of the host.
pub(crate) enum BindingMode<'h> {
    /// A value of a state.
    Access(HostField<'h>, AccessMode),
    /// All instances of a state, by this view.
    View(Value),
    /// The host itself.
    Host,
    /// The revision of the states.
    Revision,
}

impl<'h> Binding<'h> {
    fn new(field: HostField<'h>, mode: AccessMode) -> Self {
        Self::of(BindingMode::Access(field, mode))
    }

    fn of(mode: BindingMode<'h>) -> Self {
        Self {
            mode,
            key: None,
            error: None,
        }
    }
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

    /// For the runtime; the derive writes it, also where it has reported a wrong key.
    #[doc(hidden)]
    fn keyed(&self) -> HostField<'_>;
}

/// A host that has the state `S`, as one state or by one of the handler's keys, which `W` says.
///
/// The derive reports a wrong lock at the field. It still implements this trait, so that handlers do not report the same
/// mistake again.
///
/// A host also has itself, for handlers that borrow it.
pub trait HasState<S, W>: Host {
    /// Whether it is the host itself, which is in none of its fields.
    const IS_HOST: bool = false;

    /// Its field.
    fn field(&self) -> HostField<'_>;
}

/// There is one such state.
pub struct Single;

/// There is one for each key of type `K`.
pub struct Keyed<K>(PhantomData<K>);

/// There is one for each key, and the key is a part of an argument. Its type has no name here.
pub struct KeyedByPart;

/// A host that keeps instances of the state `S`. The derive of [`Host`] implements it for each `SharedMap`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` keeps no `{S}` by a key",
    label = "this borrows the `{S}` of a key",
    note = "add a field of type `SharedMap<K, {S}>` to `{Self}` [KR0404]"
)]
pub trait ProvidesInstances<S>: Host {
    /// Its field.
    fn keyed(&self) -> HostField<'_>;
}

impl<S: 'static, H: ProvidesInstances<S>> HasState<S, KeyedByPart> for H {
    fn field(&self) -> HostField<'_> {
        self.keyed()
    }
}

/// Compares the type of a handler's key with that of the host's. If they differ, the application does not start.
pub fn with_key_type<'h, A, K: 'static>(
    mut binding: Binding<'h>,
    handler: &str,
    _: fn(&A) -> &K,
) -> Binding<'h> {
    if let BindingMode::Access(HostField::Keyed(keyed), _) = binding.mode {
        let (host_type, name) = keyed.key_type();
        binding.error = (host_type != TypeId::of::<K>()).then(|| {
            format!(
                "`{handler}` finds `{}` by a key of type `{}`, and the host keeps it by keys of type `{name}`; \
                 take the key as that type",
                keyed.state_type().name,
                type_name::<K>(),
            )
        });
    }
    binding
}

/// Says that the state is that of the handler's key of that number, from 1.
pub fn with_key(binding: Binding<'_>, number: usize) -> Binding<'_> {
    Binding {
        key: Some(number - 1),
        ..binding
    }
}

/// Its lock is not among those that the handler names, which is reported elsewhere.
pub struct NotLocked;

/// The handler's key with which a state is found: the one of that number, from 1. 0 is for a state without a key.
pub trait KeyAt<const N: usize> {
    /// [`Single`], [`Keyed`] or [`NotLocked`].
    type Access;
}

impl<K> KeyAt<0> for K {
    type Access = Single;
}

impl<K> KeyAt<NOT_LOCKED> for K {
    type Access = NotLocked;
}

macro_rules! key_at {
    ($($key:ident)*; $number:literal $this:ident) => {
        impl<$($key),*> KeyAt<$number> for ($($key,)*) {
            type Access = $this;
        }
    };
}

key_at!(A; 1 A);
key_at!(A B; 1 A);
key_at!(A B; 2 B);
key_at!(A B C; 1 A);
key_at!(A B C; 2 B);
key_at!(A B C; 3 C);
key_at!(A B C D; 1 A);
key_at!(A B C D; 2 B);
key_at!(A B C D; 3 C);
key_at!(A B C D; 4 D);

impl<S: 'static, H: Provides<S>> HasState<S, Single> for H {
    fn field(&self) -> HostField<'_> {
        self.shared().field()
    }
}

impl<S: 'static, K, H: ProvidesKeyed<S, K>> HasState<S, Keyed<K>> for H {
    fn field(&self) -> HostField<'_> {
        self.keyed()
    }
}

/// Implemented for every type, where the constant is `true`.
pub trait Invalid<const IS: bool> {}

impl<T> Invalid<true> for T {}

#[diagnostic::do_not_recommend]
impl<S, H: Host> HasState<S, NotLocked> for H {
    fn field(&self) -> HostField<'_> {
        unreachable!("this handler has compile errors")
    }
}

/// The counter of that name.
///
/// # Panics
/// If the host has none, which [`assert_counter`](crate::check::assert_counter) has ruled out.
pub fn bind_counter<'h, H: Host>(host: &'h H, name: &str) -> Binding<'h> {
    let fields = host.fields();
    let found = fields.into_iter().find_map(|field| {
        let counters = field.state_type().traits.counters;
        let counter = counters
            .iter()
            .find(|counter| counter.is_counter && counter.name == name)?;
        matches!(field, HostField::Single(_)).then_some((field, counter.find))
    });
    let (field, get): (_, CounterGetter) =
        found.expect("a counter that the compiler has looked for");
    Binding::new(field, AccessMode::Counter(get))
}

/// The host's state `S`, borrowed as `&S`, or the host itself.
pub fn bind_read<S: 'static, W, H: HasState<S, W>>(host: &H) -> Binding<'_> {
    match H::IS_HOST {
        true => Binding::of(BindingMode::Host),
        false => Binding::new(host.field(), AccessMode::Read),
    }
}

/// The revision of the states that the handler borrows.
#[must_use]
pub fn bind_revision<'h>() -> Binding<'h> {
    Binding::of(BindingMode::Revision)
}

/// The host's state `S`, borrowed as `&mut S`.
pub fn bind_write<S: 'static, W, H: HasState<S, W>>(host: &H) -> Binding<'_> {
    let field = host.field();
    let mode = AccessMode::Draft(field.state_type().copy);
    Binding::new(field, mode)
}

/// The host's state `S`, borrowed as `Option<&S>`.
pub fn bind_read_optional<S: 'static, W, H: HasState<S, W>>(host: &H) -> Binding<'_> {
    Binding::new(host.field(), AccessMode::OptionalRead)
}

/// The host's state `S`, borrowed as `&mut Option<S>`.
pub fn bind_write_optional<S: 'static, W, H: HasState<S, W>>(host: &H) -> Binding<'_> {
    let field = host.field();
    let mode = AccessMode::OptionalDraft(field.state_type().optional);
    Binding::new(field, mode)
}

/// All instances of the host's state `S`, borrowed as `&Instances<K, S>`.
pub fn bind_instances<S: SharedState, K: LockKey, H: ProvidesKeyed<S, K>>(host: &H) -> Binding<'_> {
    Binding::of(BindingMode::View(Arc::new(host.map().instances())))
}

/// The host's state `S`, borrowed as `&mut S` without a draft.
pub fn bind_write_in_place<S: 'static, W, H: HasState<S, W>>(host: &H) -> Binding<'_> {
    let field = host.field();
    let initial = match field {
        HostField::Single(cell) => Some(cell.initial.clone()),
        HostField::Keyed(_) => None,
    };
    let mode = AccessMode::InPlace(field.state_type().copy, initial);
    Binding::new(field, mode)
}
