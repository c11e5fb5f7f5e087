//! The example `live`: over HTTP, and in a real browser.

mod browser;
mod over_http;
mod page;
