//! What is written can be read: the limits of the reader, checked before anybody gets the document.

use crate::clixml::base::error::{Category, Error};
use crate::clixml::base::format::MAX_DEPTH;
use crate::clixml::base::options::ReadOptions;

/// The shortest element on its line: `\n<B>1</B>` takes nine bytes, `\n<LST />` eight.
const SHORTEST_ELEMENT: usize = 8;

/// Checks the size of a document, the number of its elements and their texts.
pub(super) fn check(document: &str, limits: &ReadOptions) -> Result<(), Error> {
    if document.len() > limits.max_bytes {
        return Err(too_large(format!(
            "the document has {} bytes, more than the {} that are allowed",
            document.len(),
            limits.max_bytes
        )));
    }
    // Nearly every document is too small for what follows, and is not searched.
    if document.len() / SHORTEST_ELEMENT > limits.max_elements {
        let ends = memchr::memmem::find_iter(document.as_bytes(), b"</").count();
        let tags = memchr::memchr_iter(b'<', document.as_bytes()).count();
        let elements = tags - ends;
        if elements > limits.max_elements {
            return Err(too_large(format!(
                "the document has {elements} elements, more than the {} that are allowed",
                limits.max_elements
            )));
        }
    }
    if document.len() > limits.max_text {
        let longest = longest_text(document);
        if longest > limits.max_text {
            return Err(too_large(format!(
                "one text has {longest} bytes, more than the {} that are allowed",
                limits.max_text
            )));
        }
    }
    Ok(())
}

fn longest_text(document: &str) -> usize {
    let bytes = document.as_bytes();
    let mut longest = 0;
    let mut tag_end = None;
    for at in memchr::memchr2_iter(b'<', b'>', bytes) {
        match (bytes[at], tag_end) {
            (b'<', Some(start)) => {
                longest = longest.max(at - start);
                tag_end = None;
            }
            (b'>', _) => tag_end = Some(at + 1),
            _ => {}
        }
    }
    longest
}

pub(super) fn too_deep(limits: &ReadOptions) -> Error {
    let levels = limits.max_depth;
    Error::new(
        Category::Data,
        if levels == MAX_DEPTH {
            format!(
                "values nest deeper than the {levels} levels that PowerShell reads; `WriteOptions::readable_by` writes deeper documents for kr alone"
            )
        } else {
            format!("values nest deeper than {levels} levels")
        },
    )
}

fn too_large(message: String) -> Error {
    Error::new(
        Category::Limit,
        message + "; store less, or see `WriteOptions::readable_by`",
    )
}
