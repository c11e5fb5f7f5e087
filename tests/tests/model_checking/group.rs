//! A stub for what a lock guards. The engine does not look into it.

#[derive(Default)]
pub(crate) struct Cut;
