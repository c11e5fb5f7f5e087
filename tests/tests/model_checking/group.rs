//! What a lock guards: nothing that matters here.

#[derive(Default)]
pub(crate) struct Cut;
