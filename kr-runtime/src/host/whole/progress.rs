//! How far a snapshot is.

/// How far the writing or reading of a [snapshot](crate::HostSnapshot) is.
///
/// ```
/// # use kr_runtime::prelude::*;
/// # #[derive(Host)]
/// # struct Empty {}
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut bytes = 0;
/// let mut document = Vec::new();
/// let snapshot = Empty {}.snapshot().await?;
/// snapshot.write_json(&mut document, |progress| bytes = progress.bytes)?;
/// assert_eq!(bytes, document.len() as u64);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct SnapshotProgress {
    /// How many values are written or read.
    pub values: usize,
    /// How many there are; `None` as long as a document that is read has not said so.
    pub of: Option<usize>,
    /// How many bytes of the document are written or read.
    pub bytes: u64,
}
