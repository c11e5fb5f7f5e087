//! What every room of CLIXML needs: errors, options and the constants of the format.
//!
//! It uses nothing else of the crate. It never knows what an element is, or how one is read or written.

pub(crate) mod error;
pub(crate) mod format;
pub(crate) mod options;
pub(crate) mod truncate;
