//! How lists, and what stands for a list, give their elements.

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
        // Every element takes at least one node, so that the hint cannot ask for more than the document holds.
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
        // A list in a list in a list … reads the same element again and again.
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
