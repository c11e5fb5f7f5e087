//! The shared states of one call, as its arguments.

use super::views::Views;
use crate::store::{Counter, CounterGetter, Stamp, Value, downcast};
use smallvec::SmallVec;
use std::sync::Arc;

/// The shared states of one call, in the order of its arguments. Dropping it drops the drafts, which rolls the call back.
#[derive(Default)]
pub struct Arguments {
    pub(super) values: SmallVec<[Option<Value>; 2]>,
    pub(super) counters: SmallVec<[CounterGetter; 1]>,
    pub(super) views: Views,
}

impl Arguments {
    /// Takes another value for the first argument.
    pub(crate) fn replace(&mut self, value: Value) {
        if let Some(first) = self.values.first_mut() {
            *first = Some(value);
        }
    }

    /// Takes another value for the argument at an index.
    #[cfg(feature = "operations")]
    pub(crate) fn replace_at(&mut self, index: usize, value: Value) {
        self.values[index] = Some(value);
    }

    /// The committed values, for a call that only reads.
    pub(crate) fn into_values(self) -> impl Iterator<Item = Value> {
        self.values.into_iter().flatten()
    }

    /// Hands out each argument once, so that the borrows cannot overlap.
    pub fn iter(&mut self) -> ArgumentIter<'_> {
        ArgumentIter {
            values: self.values.iter_mut(),
            counters: self.counters.iter(),
            views: match &self.views {
                Some(views) => views.values.iter(),
                None => [].iter(),
            },
        }
    }

    /// The revision of the states, for a call that asks for it; `None` for the instance of a keyed state that is not there.
    #[must_use]
    pub fn revision(&self) -> Option<Stamp> {
        self.views.as_ref()?.revision
    }
}

/// Hands out the arguments of a call in order.
pub struct ArgumentIter<'a> {
    values: std::slice::IterMut<'a, Option<Value>>,
    counters: std::slice::Iter<'a, CounterGetter>,
    views: std::slice::Iter<'a, Value>,
}

impl<'a> ArgumentIter<'a> {
    /// The next argument, a `&S`. The host is one as well: generated code cannot tell it from a state.
    ///
    /// # Panics
    /// If there is no further argument or it is of another type, which generated code rules out.
    pub fn read<S: 'static>(&mut self) -> &'a S {
        if let Some(view) = self.views.as_slice().first()
            && let Some(host) = view.downcast_ref()
        {
            self.views.next();
            return host;
        }
        let value: &'a Value = self.next();
        downcast(value.as_ref())
    }

    /// The next argument, an `Option<&S>`.
    ///
    /// # Panics
    /// If there is no further argument or it is of another type, which generated code rules out.
    pub fn read_optional<S: 'static>(&mut self) -> Option<&'a S> {
        let value = self.values.next().expect("one for each borrowed argument");
        value.as_ref().map(|value| downcast(value.as_ref()))
    }

    /// The next argument, a `&mut S`. That of a `&mut Option<S>` is a draft of this type.
    ///
    /// # Panics
    /// If there is no further draft or it is of another type, which generated code rules out.
    pub fn write<S: 'static>(&mut self) -> &'a mut S {
        Arc::get_mut(self.next())
            .and_then(|draft| draft.downcast_mut())
            .expect("a draft has one owner and the type of its handle")
    }

    /// The next argument, a `&Counter`.
    ///
    /// # Panics
    /// If there is no further argument or it is no counter, which generated code rules out.
    pub fn counter(&mut self) -> &'a Counter {
        let value: &'a Value = self.next();
        let get = self.counters.next().expect("one for each counter");
        get(value.as_ref())
    }

    /// The next argument, a view such as `&Instances<K, S>`.
    ///
    /// # Panics
    /// If there is no further view or it is of another type, which generated code rules out.
    pub fn view<V: 'static>(&mut self) -> &'a V {
        let view = self.views.next().expect("one for each view");
        downcast(view.as_ref())
    }

    fn next(&mut self) -> &'a mut Value {
        let value = self.values.next().and_then(Option::as_mut);
        value.expect("one state for each borrowed argument")
    }
}
