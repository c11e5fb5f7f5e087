//! The error of reading and writing, with its position in the document.

use std::cell::RefCell;
use std::fmt;
use std::io;

use super::truncate::truncate;

/// Why a document could not be read or a value could not be written.
///
/// The message is one line: the position, what was expected, and what was found.
///
/// ```
/// use kr_runtime::clixml;
///
/// let document = r#"<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">
///   <S>five</S>
/// </Objs>"#;
/// let error = clixml::from_str::<i32>(document).unwrap_err();
/// assert_eq!((error.line(), error.column()), (2, 3));
/// assert_eq!(error.to_string(), "line 2, column 3: expected i32, found string \"five\"");
/// ```
pub struct Error(Box<Repr>);

/// Result with the error of this module.
///
/// ```
/// fn visits(document: &str) -> kr_runtime::clixml::Result<i32> {
///     kr_runtime::clixml::from_str(document)
/// }
/// # assert!(visits("").is_err());
/// ```
pub type Result<T> = std::result::Result<T, Error>;

/// What kind of mistake an [`Error`] reports.
///
/// ```
/// use kr_runtime::clixml::{self, Category};
///
/// let error = clixml::from_str::<i32>("{}").unwrap_err();
/// assert_eq!(error.category(), Category::Xml);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Category {
    /// The input could not be read, or the output could not be written.
    Io,
    /// The input is not well-formed XML, or ends too early.
    Xml,
    /// The input is XML, but not a document that PowerShell reads.
    Clixml,
    /// The document is valid but does not fit the Rust type, or the value does not fit the format.
    Data,
    /// The document exceeds a limit of [`ReadOptions`](crate::clixml::ReadOptions).
    Limit,
}

#[derive(Default)]
struct Repr {
    category: Option<Category>,
    message: String,
    /// Byte offset in the decoded text. The caller turns it into a line and a column.
    offset: Option<usize>,
    position: Option<(usize, usize)>,
    /// Innermost segment first: each caller adds its own.
    path: Vec<Segment>,
    source: Option<io::Error>,
    /// The address of the text that did not fit. It leads to the element if a buffer of serde is in between.
    address: Option<usize>,
}

enum Segment {
    Member(Box<str>),
    Index(usize),
}

impl Error {
    pub(crate) fn new(category: Category, message: impl Into<String>) -> Self {
        Error(Box::new(Repr {
            category: Some(category),
            message: message.into(),
            ..Repr::default()
        }))
    }

    pub(crate) fn xml(offset: usize, message: impl Into<String>) -> Self {
        Self::new(Category::Xml, message).at(offset)
    }

    pub(crate) fn clixml(offset: usize, message: impl Into<String>) -> Self {
        Self::new(Category::Clixml, message).at(offset)
    }

    pub(crate) fn data(message: impl Into<String>) -> Self {
        Self::new(Category::Data, message)
    }

    pub(crate) fn limit(offset: usize, message: impl Into<String>) -> Self {
        Self::new(Category::Limit, message).at(offset)
    }

    pub(crate) fn io(source: io::Error) -> Self {
        let mut error = Self::new(Category::Io, source.to_string());
        error.0.source = Some(source);
        error
    }

    /// Sets the offset, unless the error has one already: the first one is the most exact.
    pub(crate) fn at(mut self, offset: usize) -> Self {
        self.0.offset.get_or_insert(offset);
        self
    }

    fn with_address(mut self, address: usize) -> Self {
        self.0.address = Some(address);
        self
    }

    pub(crate) fn address(&self) -> Option<usize> {
        self.0.address
    }

    /// Sets a more exact offset than the error has.
    pub(crate) fn moved_to(mut self, offset: usize) -> Self {
        self.0.offset = Some(offset);
        self
    }

    pub(crate) fn offset(&self) -> Option<usize> {
        self.0.offset
    }

    pub(crate) fn in_member(mut self, name: &str) -> Self {
        self.0.path.push(Segment::Member(truncate(name).into()));
        self
    }

    pub(crate) fn in_item(mut self, index: usize) -> Self {
        self.0.path.push(Segment::Index(index));
        self
    }

    /// Turns the offset into a line and a column of `text`.
    pub(crate) fn locate(mut self, text: &str) -> Self {
        if let (Some(offset), None) = (self.0.offset, self.0.position) {
            self.0.position = Some(position_of(text, offset));
        }
        self
    }

    pub(crate) fn one_line_down(mut self) -> Self {
        if let Some((line, _)) = &mut self.0.position {
            *line += 1;
        }
        self
    }

    /// The line where the mistake is, from 1, or 0 if it has no position in a document.
    ///
    /// ```
    /// let error = kr_runtime::clixml::from_str::<i32>("\n\n  oops").unwrap_err();
    /// assert_eq!(error.line(), 3);
    /// ```
    #[must_use]
    pub fn line(&self) -> usize {
        self.0.position.map_or(0, |(line, _)| line)
    }

    /// The column where the mistake is, in characters from 1, or 0 if it has no position in a document.
    ///
    /// ```
    /// let error = kr_runtime::clixml::from_str::<i32>("\n\n  oops").unwrap_err();
    /// assert_eq!(error.column(), 3);
    /// ```
    #[must_use]
    pub fn column(&self) -> usize {
        self.0.position.map_or(0, |(_, column)| column)
    }

    /// The member in which the mistake is, such as `Notes[3]`; empty for the document itself.
    ///
    /// ```
    /// use kr_runtime::clixml;
    /// use serde::Deserialize;
    ///
    /// #[derive(Debug, Deserialize)]
    /// struct State {
    ///     #[serde(rename = "Notes")]
    ///     notes: Vec<String>,
    /// }
    ///
    /// let document = r#"<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">
    ///   <Obj RefId="0"><MS><Obj N="Notes" RefId="1"><LST><S>a</S><I32>7</I32></LST></Obj></MS></Obj>
    /// </Objs>"#;
    /// let error = clixml::from_str::<State>(document).unwrap_err();
    /// assert_eq!(error.path(), "Notes[1]");
    /// ```
    #[must_use]
    pub fn path(&self) -> String {
        let mut path = String::new();
        for segment in self.0.path.iter().rev() {
            match segment {
                Segment::Index(index) => path.push_str(&format!("[{index}]")),
                Segment::Member(name) if is_plain(name) => {
                    if !path.is_empty() {
                        path.push('.');
                    }
                    path.push_str(name);
                }
                Segment::Member(name) => path.push_str(&format!("[{name:?}]")),
            }
        }
        path
    }

    /// What kind of mistake it is.
    ///
    /// ```
    /// use kr_runtime::clixml::{self, Category};
    ///
    /// let error = clixml::to_string(&i128::MAX).unwrap_err();
    /// assert_eq!(error.category(), Category::Data);
    /// ```
    #[must_use]
    pub fn category(&self) -> Category {
        self.0.category.unwrap_or(Category::Data)
    }
}

fn is_plain(name: &str) -> bool {
    !name.is_empty()
        && name
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '$'))
}

fn position_of(text: &str, offset: usize) -> (usize, usize) {
    let mut end = offset.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let (mut line, mut start) = (1, 0);
    let bytes = &text.as_bytes()[..end];
    for (at, byte) in bytes.iter().enumerate() {
        // CR LF is one line end. A single CR is one, too.
        if *byte == b'\n' || (*byte == b'\r' && text.as_bytes().get(at + 1) != Some(&b'\n')) {
            line += 1;
            start = at + 1;
        }
    }
    (line, text[start..end].chars().count() + 1)
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path();
        match (path.is_empty(), self.0.position) {
            (false, Some((line, column))) => write!(f, "{path} (line {line}, column {column}): ")?,
            (false, None) => write!(f, "{path}: ")?,
            (true, Some((line, column))) => write!(f, "line {line}, column {column}: ")?,
            (true, None) => {}
        }
        f.write_str(&self.0.message)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("category", &self.category())
            .field("message", &self.0.message)
            .field("line", &self.line())
            .field("column", &self.column())
            .field("path", &self.path())
            .finish()
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source.as_ref().map(|source| source as _)
    }
}

impl From<io::Error> for Error {
    fn from(source: io::Error) -> Self {
        Self::io(source)
    }
}

impl From<Error> for io::Error {
    fn from(mut error: Error) -> Self {
        match error.0.source.take() {
            Some(source) => source,
            None => io::Error::new(io::ErrorKind::InvalidData, error),
        }
    }
}

impl serde::ser::Error for Error {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::data(one_line(message))
    }
}

impl serde::de::Error for Error {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::data(one_line(message))
    }

    fn invalid_type(found: serde::de::Unexpected<'_>, expected: &dyn serde::de::Expected) -> Self {
        match found {
            // See `de::marked`.
            serde::de::Unexpected::NewtypeStruct => Self::data(format!(
                "expected {expected}, found an element that only its own type holds, such as `SecureString`, `Text` or `Value`"
            )),
            serde::de::Unexpected::Str(text) => {
                let address = text.as_ptr().addr();
                let message = format!("expected {expected}, found {found}");
                if expected.to_string() == "a sequence" {
                    SEEN.with_borrow_mut(|seen| seen.lists.push(address));
                }
                Self::data(message).with_address(address)
            }
            _ => Self::data(format!("expected {expected}, found {found}")),
        }
    }

    fn invalid_value(found: serde::de::Unexpected<'_>, expected: &dyn serde::de::Expected) -> Self {
        let error = Self::data(format!("expected {expected}, found {found}"));
        match found {
            serde::de::Unexpected::Str(text) => error.with_address(text.as_ptr().addr()),
            _ => error,
        }
    }

    fn invalid_length(length: usize, expected: &dyn serde::de::Expected) -> Self {
        Self::data(format!("expected {expected}, found {length} elements"))
    }

    fn missing_field(field: &'static str) -> Self {
        SEEN.with_borrow_mut(|seen| {
            if !seen.missing.contains(&field) {
                seen.missing.push(field);
            }
        });
        Self::data(format!("the member `{field}` is missing"))
    }

    fn duplicate_field(field: &'static str) -> Self {
        Self::data(format!("the member `{field}` stands here twice"))
    }
}

/// What errors have told since reading began, also those of attempts that serde gave up.
#[derive(Default)]
pub(crate) struct Seen {
    /// The fields that were missing.
    pub(crate) missing: Vec<&'static str>,
    /// The addresses of texts where a list was expected.
    pub(crate) lists: Vec<usize>,
}

thread_local! {
    static SEEN: RefCell<Seen> = RefCell::default();
}

/// Calls `read`, and returns what errors have told.
pub(crate) fn watch<T>(read: impl FnOnce() -> T) -> (T, Seen) {
    let outer = SEEN.take();
    let result = read();
    (result, SEEN.replace(outer))
}

/// Whether an error is that of this module. It tells a type of serde whether it is read from or written to CLIXML, also
/// when one of serde's buffers is in between.
pub(crate) fn is_error_of_clixml<E>() -> bool {
    std::any::type_name::<E>() == std::any::type_name::<Error>()
}

/// Messages of other crates may have several lines. Messages of this crate have one.
fn one_line(message: impl fmt::Display) -> String {
    let text = message.to_string();
    if text.contains(['\n', '\r']) {
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    } else {
        text
    }
}
