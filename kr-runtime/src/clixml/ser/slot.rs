//! The position of one value in the document.

use crate::clixml::base::error::Error;
use crate::clixml::element::kind::Kind;
use crate::clixml::write::name::Name;
use crate::clixml::write::type_list::TypeList;
use crate::clixml::write::writer::Writer;

/// The position of one value in the document.
pub(crate) struct Slot<'w, 'n> {
    pub(crate) writer: &'w mut Writer,
    pub(crate) name: Name<'n>,
}

impl<'w> Slot<'w, '_> {
    pub(crate) fn leaf(self, write: impl FnOnce(&mut Writer, Name<'_>)) -> Result<(), Error> {
        self.writer.enter()?;
        write(self.writer, self.name);
        self.writer.leave();
        Ok(())
    }

    pub(super) fn object(self, types: TypeList) -> Result<&'w mut Writer, Error> {
        self.writer.enter()?;
        self.writer.open_object(self.name);
        self.writer.type_list(types);
        Ok(self.writer)
    }

    /// A variant with content is an object with one member, which has the variant's name.
    pub(super) fn variant(self, variant: &'static str) -> Result<Slot<'w, 'static>, Error> {
        let writer = self.object(TypeList::Object)?;
        writer.open(Kind::Members);
        Ok(Slot {
            writer,
            name: Name::Member(variant),
        })
    }
}

pub(crate) fn close_variant(writer: &mut Writer) {
    writer.close(Kind::Members);
    writer.close(Kind::Obj);
    writer.leave();
}
