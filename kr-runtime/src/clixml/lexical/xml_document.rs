//! `System.Xml.XmlDocument` as its text.

use quick_xml::events::Event;

use super::invalid::InvalidText;
use super::xml::is_blank;

/// The text of an `XmlDocument` is a document of its own, or nothing. A DTD in it is refused like any other.
pub(crate) fn check(text: &str) -> Result<(), InvalidText> {
    if text.is_empty() {
        return Ok(());
    }
    let mut reader = quick_xml::Reader::from_str(text);
    reader.config_mut().check_comments = true;
    let (mut depth, mut roots) = (0usize, 0usize);
    loop {
        match reader.read_event().map_err(|_| InvalidText::Syntax)? {
            Event::Start(_) => {
                roots += usize::from(depth == 0);
                depth += 1;
            }
            Event::Empty(_) => roots += usize::from(depth == 0),
            Event::End(_) => depth = depth.saturating_sub(1),
            Event::Text(text) if depth == 0 && !is_blank(&text) => {
                return Err(InvalidText::Syntax);
            }
            Event::CData(_) | Event::GeneralRef(_) if depth == 0 => {
                return Err(InvalidText::Syntax);
            }
            Event::DocType(_) => return Err(InvalidText::Syntax),
            Event::Eof => break,
            _ => {}
        }
    }
    if depth == 0 && roots == 1 {
        Ok(())
    } else {
        Err(InvalidText::Syntax)
    }
}
