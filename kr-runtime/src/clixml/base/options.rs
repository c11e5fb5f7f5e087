//! What callers can choose.

/// The limits for reading. The defaults allow any document of normal use.
///
/// ```
/// use kr_runtime::clixml::ReadOptions;
///
/// let document = r#"<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">
///   <I32>5</I32>
/// </Objs>"#;
/// let options = ReadOptions::new().max_bytes(1024);
/// assert_eq!(options.from_str::<i32>(document)?, 5);
/// assert!(ReadOptions::new().max_bytes(16).from_str::<i32>(document).is_err());
/// # Ok::<(), kr_runtime::clixml::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct ReadOptions {
    pub(crate) max_bytes: usize,
    pub(crate) max_depth: usize,
    pub(crate) max_elements: usize,
    pub(crate) max_text: usize,
    pub(crate) max_expansion: Option<usize>,
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self {
            max_bytes: 256 << 20,
            max_depth: super::format::MAX_DEPTH,
            max_elements: 8_000_000,
            max_text: 64 << 20,
            max_expansion: None,
        }
    }
}

impl ReadOptions {
    /// The default limits: 256 MiB of input, 49 levels, 8 million elements, 64 MiB of text in one element.
    ///
    /// ```
    /// let options = kr_runtime::clixml::ReadOptions::new();
    /// # let _ = options;
    /// ```
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The largest input in bytes, at most 4 GiB. For UTF-16 and UTF-32 the limit applies before and after decoding.
    ///
    /// ```
    /// let options = kr_runtime::clixml::ReadOptions::new().max_bytes(64 << 10);
    /// # let _ = options;
    /// ```
    #[must_use]
    pub fn max_bytes(mut self, bytes: usize) -> Self {
        self.max_bytes = bytes.min(u32::MAX as usize - 1);
        self
    }

    /// How deep values may nest. The default is PowerShell's limit, 49. The maximum is 128.
    ///
    /// ```
    /// let options = kr_runtime::clixml::ReadOptions::new().max_depth(8);
    /// # let _ = options;
    /// ```
    #[must_use]
    pub fn max_depth(mut self, levels: usize) -> Self {
        // Reading into Rust types recurses, and the input must not overflow the stack.
        self.max_depth = levels.min(128);
        self
    }

    /// How many elements a document may have.
    ///
    /// ```
    /// let options = kr_runtime::clixml::ReadOptions::new().max_elements(10_000);
    /// # let _ = options;
    /// ```
    #[must_use]
    pub fn max_elements(mut self, elements: usize) -> Self {
        self.max_elements = elements;
        self
    }

    /// How long the text of one element may be, in bytes of the document.
    ///
    /// ```
    /// let options = kr_runtime::clixml::ReadOptions::new().max_text(4096);
    /// # let _ = options;
    /// ```
    #[must_use]
    pub fn max_text(mut self, bytes: usize) -> Self {
        self.max_text = bytes;
        self
    }

    /// How much may be read again through references, in bytes of the document.
    ///
    /// A Rust type without shared parts copies what a reference points at. The default is eight times the document,
    /// and at least 1 MiB. [`Value`](crate::clixml::Value) keeps references as they are and has no such limit.
    ///
    /// ```
    /// let options = kr_runtime::clixml::ReadOptions::new().max_expansion(1 << 20);
    /// # let _ = options;
    /// ```
    #[must_use]
    pub fn max_expansion(mut self, bytes: usize) -> Self {
        self.max_expansion = Some(bytes);
        self
    }
}

/// How a line ends.
///
/// ```
/// use kr_runtime::clixml::{Newline, WriteOptions};
///
/// let document = WriteOptions::new().newline(Newline::CrLf).to_string(&5)?;
/// assert!(document.contains("\r\n  <I32>5</I32>"));
/// # Ok::<(), kr_runtime::clixml::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Newline {
    /// As PowerShell writes it on Linux and macOS.
    #[default]
    Lf,
    /// As PowerShell writes it on Windows.
    CrLf,
}

impl Newline {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Newline::Lf => "\n",
            Newline::CrLf => "\r\n",
        }
    }
}

/// How to write a document.
///
/// ```
/// use kr_runtime::clixml::{Newline, WriteOptions};
///
/// let bytes = WriteOptions::new().newline(Newline::CrLf).to_vec(&true)?;
/// assert!(bytes.ends_with(b"\r\n</Objs>"));
/// # Ok::<(), kr_runtime::clixml::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct WriteOptions {
    pub(crate) newline: Newline,
    pub(crate) reader: ReadOptions,
}

impl WriteOptions {
    /// Line feeds, as on Linux and macOS, and the default limits of [`ReadOptions`].
    ///
    /// ```
    /// let options = kr_runtime::clixml::WriteOptions::new();
    /// # let _ = options;
    /// ```
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// How lines end.
    ///
    /// ```
    /// use kr_runtime::clixml::{Newline, WriteOptions};
    ///
    /// let options = WriteOptions::new().newline(Newline::CrLf);
    /// # let _ = options;
    /// ```
    #[must_use]
    pub fn newline(mut self, newline: Newline) -> Self {
        self.newline = newline;
        self
    }

    /// The limits of the reader that the document is for. A document that these options would refuse is not written.
    ///
    /// The default is [`ReadOptions::new`], so what is written with default options is read with default options.
    ///
    /// PowerShell reads 49 levels and no more. With a higher [`max_depth`](ReadOptions::max_depth) deeper values are
    /// written, too: kr reads them with the same options, and **PowerShell refuses them**.
    ///
    /// ```
    /// use kr_runtime::clixml::{ReadOptions, WriteOptions};
    ///
    /// let limits = ReadOptions::new().max_bytes(200);
    /// let error = WriteOptions::new().readable_by(limits).to_string(&"a".repeat(200)).unwrap_err();
    /// assert!(error.to_string().contains("more than the 200 that are allowed"));
    ///
    /// let mut deep = serde_json::json!(1);
    /// for _ in 0..60 {
    ///     deep = serde_json::json!([deep]);
    /// }
    /// let options = ReadOptions::new().max_depth(100);
    /// let document = WriteOptions::new().readable_by(options.clone()).to_string(&deep)?;
    /// assert_eq!(options.from_str::<serde_json::Value>(&document)?, deep);
    /// # Ok::<(), kr_runtime::clixml::Error>(())
    /// ```
    #[must_use]
    pub fn readable_by(mut self, reader: ReadOptions) -> Self {
        self.reader = reader;
        self
    }
}
