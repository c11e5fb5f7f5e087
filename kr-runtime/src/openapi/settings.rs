//! What an application says of its API beside its handlers.

/// The API of an application as an OpenAPI 3.1 document at `/openapi.json`, and a page to try requests at `/docs`; for
/// [`App::openapi`](crate::App::openapi).
///
/// ```
/// use kr_runtime::OpenApi;
/// use kr_runtime::prelude::*;
///
/// # #[derive(Host)]
/// # struct Empty {}
/// let api = OpenApi::new("1.2.0").description("What the shop has, and what it costs.");
/// let app = App::new("Shop", Empty {}).openapi(api);
/// ```
#[derive(Debug, Clone)]
pub struct OpenApi {
    pub(super) version: String,
    pub(super) description: Option<String>,
    pub(super) servers: Vec<String>,
    pub(super) document_path: String,
    pub(super) page_path: Option<String>,
}

impl OpenApi {
    /// An API of that version, such as `env!("CARGO_PKG_VERSION")`. It says nothing about OpenAPI's own version.
    ///
    /// ```
    /// let api = kr_runtime::OpenApi::new(env!("CARGO_PKG_VERSION"));
    /// ```
    #[must_use]
    pub fn new(version: impl Into<String>) -> Self {
        Self {
            version: version.into(),
            description: None,
            servers: Vec::new(),
            document_path: "/openapi.json".to_owned(),
            page_path: Some("/docs".to_owned()),
        }
    }

    /// What the API is for, in CommonMark.
    ///
    /// ```
    /// let api = kr_runtime::OpenApi::new("1.0.0").description("Accounts, and *transfers* between them.");
    /// ```
    #[must_use]
    pub fn description(mut self, text: impl Into<String>) -> Self {
        self.description = Some(text.into());
        self
    }

    /// An address under which clients reach the API, if that is another one than the document's; once for each.
    ///
    /// ```
    /// let api = kr_runtime::OpenApi::new("1.0.0").server("https://api.example.org");
    /// ```
    #[must_use]
    pub fn server(mut self, url: impl Into<String>) -> Self {
        self.servers.push(url.into());
        self
    }

    /// Where the document is; at `/openapi.json` unless set.
    ///
    /// ```
    /// let api = kr_runtime::OpenApi::new("1.0.0").document_at("/api/openapi.json");
    /// ```
    #[must_use]
    pub fn document_at(mut self, path: impl Into<String>) -> Self {
        self.document_path = path.into();
        self
    }

    /// Where the page is; at `/docs` unless set.
    ///
    /// ```
    /// let api = kr_runtime::OpenApi::new("1.0.0").page_at("/api/docs");
    /// ```
    #[must_use]
    pub fn page_at(mut self, path: impl Into<String>) -> Self {
        self.page_path = Some(path.into());
        self
    }

    /// Serves the document without the page.
    ///
    /// ```
    /// let api = kr_runtime::OpenApi::new("1.0.0").without_page();
    /// ```
    #[must_use]
    pub fn without_page(mut self) -> Self {
        self.page_path = None;
        self
    }

    /// What is wrong with the paths, a sentence each.
    pub(crate) fn errors(&self) -> Vec<String> {
        let paths = std::iter::once(&self.document_path).chain(&self.page_path);
        let is_wrong = |path: &&String| {
            !path.starts_with('/') || path.ends_with('/') || path.contains(['{', '}', '?', '#'])
        };
        let wrong = paths.filter(is_wrong);
        wrong
            .map(|path| {
                format!(
                    "`{path}` is no path for a document of the API; write one like `/openapi.json`, without a slash at the \
                     end or captures"
                )
            })
            .collect()
    }
}
