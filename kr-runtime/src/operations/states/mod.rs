//! The states and locks of an application as they are shown: by name, in pages, without their secrets.

pub(super) mod histories;
pub(super) mod history;
pub(super) mod instances;
pub(super) mod list;
pub(super) mod locks;
pub(super) mod value;
