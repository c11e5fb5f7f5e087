//! The constants of the format.

/// The XML namespace of every document.
pub(crate) const NAMESPACE: &str = "http://schemas.microsoft.com/powershell/2004/04";

/// How deep values may nest. PowerShell stops at 50.
pub(crate) const MAX_DEPTH: usize = 49;
