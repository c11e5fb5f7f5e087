//! What a document is made of.

use super::settings::OpenApi;
use crate::check::HandlerInfo;
use crate::http::Description;

/// What is the same for all operations.
pub(crate) struct Api<'a> {
    /// The name of the application.
    pub(crate) title: &'a str,
    pub(crate) settings: &'a OpenApi,
    /// Whether changes by pages of other sites are refused.
    pub(crate) is_same_site: bool,
    pub(crate) has_allowed_hosts: bool,
    /// Whether kr serves the application itself.
    pub(crate) is_server: bool,
}

/// A handler, and what its signature says.
pub(crate) struct DescribedRoute<'a> {
    pub(crate) info: &'a HandlerInfo,
    pub(crate) description: Description,
}
