//! The elements of a list, and of values that are read as a list.

use serde::de::{DeserializeSeed, SeqAccess};

use super::element::Element;
use crate::clixml::base::error::Error;

/// The elements of a list.
pub(crate) struct Items<'t, 'de> {
    pub(crate) element: Element<'t, 'de>,
    pub(crate) rest: crate::clixml::parse::tape::Children<'t>,
    pub(crate) index: usize,
}

impl<'de> SeqAccess<'de> for Items<'_, 'de> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Error> {
        let Some(node) = self.rest.next() else {
            return Ok(None);
        };
        let index = self.index;
        self.index += 1;
        let item = self
            .element
            .inner(node)
            .and_then(|item| seed.deserialize(item).map_err(|error| item.locate(error)));
        item.map(Some).map_err(|error| error.in_item(index))
    }

    fn size_hint(&self) -> Option<usize> {
        // Each element has at least one node, so the hint cannot exceed the size of the document.
        Some(self.rest.clone().count())
    }
}

pub(crate) struct SingleItem<'t, 'de>(pub(crate) Option<Element<'t, 'de>>);

impl<'de> SeqAccess<'de> for SingleItem<'_, 'de> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Error> {
        let Some(element) = self.0.take() else {
            return Ok(None);
        };
        // Nested list types read the same element again, so each reading counts as a level.
        let item = element.inner(element.node)?;
        seed.deserialize(item).map(Some)
    }

    fn size_hint(&self) -> Option<usize> {
        Some(usize::from(self.0.is_some()))
    }
}

pub(crate) struct NoItems;

impl<'de> SeqAccess<'de> for NoItems {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        _: T,
    ) -> Result<Option<T::Value>, Error> {
        Ok(None)
    }

    fn size_hint(&self) -> Option<usize> {
        Some(0)
    }
}
