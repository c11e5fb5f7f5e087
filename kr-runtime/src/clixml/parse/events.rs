//! One pass over quick-xml's events, in which every rule of the format and every limit is checked.

use quick_xml::events::Event;
use quick_xml::reader::Reader;

use std::io::BufRead as _;

use super::builder::Builder;
use super::tape::Tape;
use crate::clixml::base::error::{Category, Error};
use crate::clixml::base::options::ReadOptions;
use crate::clixml::base::truncate::truncate;
use crate::clixml::lexical::xml;

/// Checks a document and lists its elements.
pub(crate) fn read<'de>(source: &'de str, options: &ReadOptions) -> Result<Tape<'de>, Error> {
    if source.len() > options.max_bytes {
        let message = format!(
            "the document has {} bytes, more than the {} that are allowed",
            source.len(),
            options.max_bytes
        );
        return Err(Error::new(Category::Limit, message));
    }
    if source.starts_with('\u{FEFF}') {
        return Err(Error::xml(
            0,
            "text starts with a byte order mark; decode the bytes with `from_slice` instead",
        ));
    }
    let mut builder = Builder::new(source, options);
    match events(source, &mut builder) {
        Ok(()) => builder.finish(),
        Err(error) => Err(builder.with_path(error)),
    }
}

fn events<'de>(source: &'de str, builder: &mut Builder<'de, '_>) -> Result<(), Error> {
    let mut reader = Reader::from_str(source);
    reader.config_mut().check_comments = true;
    loop {
        let mut start = reader.buffer_position() as usize;
        // Most elements are `<S>text</S>` on their own line. The four events of each would take longer than the rest
        // of reading, so the builder adds simple leaves itself, and quick-xml continues after them.
        let after_leaves = builder.plain_leaves(start);
        if after_leaves > start {
            reader.stream().consume(after_leaves - start);
            start = after_leaves;
        }
        let event = reader
            .read_event()
            .map_err(|error| xml_error(error, reader.error_position() as usize))?;
        let end = reader.buffer_position() as usize;
        match event {
            Event::Start(_) => builder.open(&source[start + 1..end - 1], start, end, false)?,
            Event::Empty(_) => builder.open(&source[start + 1..end - 2], start, end, true)?,
            Event::End(_) => builder.close(start)?,
            Event::Text(_) => builder.text(&source[start..end], start)?,
            Event::GeneralRef(name) => builder.reference(&name, start)?,
            Event::CData(_) => builder.cdata(&source[start..end], start)?,
            Event::Comment(_) => {
                xml::check_characters(&source[start..end], start)?;
                builder.mark_raw();
            }
            Event::PI(_) => {
                check_instruction(&source[start + 2..end - 2], start + 2)?;
                builder.mark_raw();
            }
            Event::Decl(_) if start == 0 => xml::check_declaration(&source[5..end - 2], 5)?,
            Event::Decl(_) => {
                return Err(Error::xml(
                    start,
                    "the XML declaration must be the first thing in the document",
                ));
            }
            Event::DocType(_) => {
                return Err(Error::xml(
                    start,
                    "a document type definition is not allowed; remove it",
                ));
            }
            Event::Eof => return Ok(()),
        }
    }
}

fn check_instruction(text: &str, offset: usize) -> Result<(), Error> {
    let length = xml::name(text, offset)?;
    let target = &text[..length];
    if target.eq_ignore_ascii_case("xml") || target.contains(':') {
        return Err(Error::xml(
            offset,
            format!("`{target}` is no name for a processing instruction"),
        ));
    }
    if text[length..]
        .bytes()
        .next()
        .is_some_and(|byte| !xml::is_space(byte))
    {
        return Err(Error::xml(
            offset + length,
            "expected white space after the name of the processing instruction",
        ));
    }
    xml::check_characters(text, offset)
}

/// Turns an error of quick-xml into one with advice.
fn xml_error(error: quick_xml::Error, offset: usize) -> Error {
    use quick_xml::Error as Xml;
    use quick_xml::errors::{IllFormedError as Ill, SyntaxError as Syntax};
    let message = match error {
        Xml::IllFormed(Ill::MismatchedEndTag { expected, found }) => {
            format!(
                "expected `</{}>`, found `</{}>`",
                truncate(&expected),
                truncate(&found)
            )
        }
        Xml::IllFormed(Ill::UnmatchedEndTag(found)) => {
            format!("`</{}>` closes nothing", truncate(&found))
        }
        Xml::IllFormed(Ill::DoubleHyphenInComment) => "`--` is not allowed in a comment".into(),
        Xml::IllFormed(Ill::UnclosedReference) => {
            "`&` starts a reference that `;` does not end; write `&amp;`".into()
        }
        Xml::Syntax(Syntax::UnclosedTag) => "the document ends inside a tag".into(),
        Xml::Syntax(Syntax::UnclosedComment) => "the document ends inside a comment".into(),
        Xml::Syntax(Syntax::UnclosedCData) => "the document ends inside a CDATA section".into(),
        Xml::Syntax(Syntax::UnclosedDoctype) => {
            "a document type definition is not allowed; remove it".into()
        }
        Xml::Syntax(Syntax::UnclosedPI | Syntax::UnclosedXmlDecl) => {
            "the document ends inside a processing instruction".into()
        }
        Xml::Syntax(
            Syntax::UnclosedSingleQuotedAttributeValue | Syntax::UnclosedDoubleQuotedAttributeValue,
        ) => "the document ends inside an attribute's value".into(),
        _ => "this is no XML".to_string(),
    };
    Error::xml(offset, message)
}
