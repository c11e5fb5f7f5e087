//! The method of `App` that publishes its API.

use super::builder::App;
use super::parts::PlainRouter;
use super::router::ServedBy;
use crate::host::Host;
use crate::http::Description;
use crate::openapi::{Api, DescribedRoute, OpenApi, document, router};
use crate::sync::log;

impl<H> App<H> {
    /// Publishes the API as an OpenAPI 3.1 document at `/openapi.json`, and a page to try requests at `/docs`. See the
    /// [guide](crate::guide::openapi).
    ///
    /// The document is made when the application is built, of what the handlers say: paths, arguments, results, doc comments
    /// and locks. Types need `#[derive(schemars::JsonSchema)]`; the log names those that have none. Routers of
    /// [`merge`](Self::merge) and [`nest`](Self::nest) are not in it. [`allowed_hosts`](Self::allowed_hosts) holds for both.
    ///
    /// ```
    /// use kr_runtime::OpenApi;
    /// use kr_runtime::prelude::*;
    ///
    /// /// Says that the service is there.
    /// #[kr_route(get, "/ping")]
    /// fn ping() -> &'static str {
    ///     "pong"
    /// }
    ///
    /// # #[derive(Host)]
    /// # struct Empty {}
    /// let app = App::new("Ping", Empty {})
    ///     .mount(routes![ping])
    ///     .openapi(OpenApi::new(env!("CARGO_PKG_VERSION")));
    /// ```
    #[must_use]
    pub fn openapi(mut self, openapi: OpenApi) -> Self {
        self.openapi = Some(openapi);
        self
    }
}

impl<H: Host> App<H> {
    /// Adds the routes of the document and of the page.
    pub(super) fn add_openapi(&mut self, served_by: ServedBy, errors: &mut Vec<String>) {
        let Some(settings) = self.openapi.take() else {
            return;
        };
        let wrong = settings.errors();
        if !wrong.is_empty() {
            errors.extend(wrong);
            return;
        }
        let api = Api {
            title: &self.name,
            settings: &settings,
            is_same_site: self.policy.same_site,
            has_allowed_hosts: self.policy.allowed_hosts.is_some(),
            is_server: served_by == ServedBy::Kr,
        };
        let routes = self.entries().map(|entry| {
            let mut description = Description::default();
            (entry.describe)(&mut description);
            DescribedRoute {
                info: entry.info,
                description,
            }
        });
        let (document, missing) = document(&api, routes.collect());
        for sentence in missing {
            log::warn!("{sentence}");
        }
        let router = router(&settings, &self.name, &document);
        self.parts.routers.push(PlainRouter {
            router,
            prefix: None,
        });
    }
}
