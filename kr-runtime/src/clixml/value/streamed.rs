//! An object of one of PowerShell's streams.

use super::dynamic::Value;

/// An object of a document with the stream that it belongs to: `<S S="Error">`.
///
/// `pwsh -OutputFormat XML` writes such documents: `output`, `error`, `warning`, `verbose`, `debug`, `progress` and
/// `information`, in upper or lower case. Only an object of the document itself has a stream.
///
/// ```
/// use kr_runtime::clixml::{Document, Streamed, Value};
///
/// let text = r#"<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">
///   <S S="Error">no such file</S>
///   <S S="Output">done</S>
/// </Objs>"#;
/// let document: Document = text.parse()?;
/// let errors = document.objects.iter().filter(|value| value.stream() == Some("Error"));
/// assert_eq!(errors.filter_map(Value::as_str).collect::<Vec<_>>(), ["no such file"]);
/// assert_eq!(document.to_text()?, text);
/// # let _ = Streamed { stream: "Error".into(), value: Value::Nil };
/// # Ok::<(), kr_runtime::clixml::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Streamed {
    /// The name of the stream, in the spelling of the document.
    pub stream: String,
    /// The object.
    pub value: Value,
}
