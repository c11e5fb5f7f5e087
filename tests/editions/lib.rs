//! A crate in two editions that names kr `kr` in its `Cargo.toml`, which the macros read, with every lint that could fire for
//! generated code.
#![deny(warnings)]
#![deny(clippy::all, clippy::cargo, clippy::nursery, clippy::pedantic)]
#![deny(
    future_incompatible,
    let_underscore,
    nonstandard_style,
    refining_impl_trait,
    rust_2018_compatibility,
    rust_2018_idioms,
    rust_2021_compatibility,
    rust_2024_compatibility,
    unused
)]
#![deny(
    absolute_paths_not_starting_with_crate,
    closure_returning_async_block,
    deprecated_in_future,
    elided_lifetimes_in_paths,
    explicit_outlives_requirements,
    meta_variable_misuse,
    missing_copy_implementations,
    missing_debug_implementations,
    missing_docs,
    redundant_imports,
    redundant_lifetimes,
    single_use_lifetimes,
    trivial_casts,
    trivial_numeric_casts,
    unit_bindings,
    unnameable_types,
    unreachable_pub,
    unsafe_code,
    unused_extern_crates,
    unused_import_braces,
    unused_lifetimes,
    unused_macro_rules,
    unused_qualifications,
    unused_results,
    variant_size_differences
)]
#![allow(
    clippy::cargo_common_metadata,
    clippy::multiple_crate_versions,
    clippy::missing_const_for_fn,
    clippy::needless_pass_by_value,
    clippy::unused_async,
    reason = "these are about this crate and the handlers themselves, and say what they would say of any function"
)]

use kr::axum::extract::Query;
use kr::prelude::*;
use serde::{Deserialize, Serialize};

/// The lock of the visits.
pub const VISITS: &str = "visits";

/// How many there were.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, SharedState)]
#[shared_state(lock = VISITS)]
pub struct Visits(pub u64);

/// Who was here.
#[derive(Clone, Debug, SharedState)]
#[shared_state(lock = "names", name = "People")]
pub struct Names(pub Vec<String>);

/// What the handlers share.
#[derive(Debug, Host)]
pub struct Site {
    /// How many.
    pub visits: Shared<Visits>,
    /// Who.
    pub names: Shared<Names>,
}

/// A page of the names.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Page {
    /// Where it starts.
    pub from: usize,
}

/// Counts.
#[kr_route(post, "/visit")]
#[locked(VISITS)]
pub fn visit(visits: &mut Visits) -> Json<u64> {
    visits.0 += 1;
    Json(visits.0)
}

/// Counts and notes the name.
///
/// # Errors
/// If there is none.
#[locked(VISITS, "names", timeout = "2s", hold_timeout = "1m")]
#[kr_route(post, "/sign/{times}")]
pub async fn sign(
    visits: &mut Visits,
    names: &mut Names,
    times: u64,
    name: String,
) -> Result<(StatusCode, Json<usize>), Problem> {
    if name.is_empty() {
        return Err(Problem::bad_request("a name is required"));
    }
    visits.0 += times;
    names.0.push(name);
    Ok((StatusCode::CREATED, Json(names.0.len())))
}

/// A view of what is there.
#[kr_route(get, "/names", crate = ::kr)]
#[locked("names")]
pub fn names(names: &Names, page: Query<Page>) -> Json<&[String]> {
    Json(names.0.get(page.from..).unwrap_or_default())
}

/// In the 2021 edition opaque output captures no lifetime anyway, but a macro cannot know the edition.
///
/// # Errors
/// Never.
#[kr_route(delete, "/names")]
#[locked("names")]
pub fn clear(names: &mut Names) -> Result<impl IntoResponse + use<>, Problem> {
    names.0.clear();
    Ok(StatusCode::NO_CONTENT)
}

/// Only the function itself is deprecated, not the generated code that calls it.
#[deprecated = "use `names`"]
#[kr_route(get, "/people")]
#[locked("names")]
pub fn people(names: &Names) -> Json<&[String]> {
    Json(&names.0)
}

/// Nothing is left of it.
#[cfg(any())]
#[kr_route(get, "/nowhere")]
#[locked("no such lock")]
pub fn nowhere(nothing: &Nothing) -> Nowhere {}

/// All of them.
#[must_use]
pub fn routes() -> kr::Routes<Site> {
    routes![
        visit,
        sign,
        names,
        clear,
        people,
        #[cfg(any())]
        nowhere,
    ]
}

#[cfg(test)]
mod tests {
    use super::{routes, sign, visit, Names, Site, Visits};
    use kr::prelude::*;
    use kr_tests_attributes::wrapped;

    #[kr_route(post, "/inner/{id}")]
    #[wrapped]
    #[locked("visits")]
    async fn wrapped_inside(visits: &mut Visits, id: u64) -> String {
        visits.0 += id;
        visits.0.to_string()
    }

    #[wrapped]
    #[kr_route(post, "/outer/{id}")]
    #[locked("visits")]
    fn wrapped_outside(visits: &mut Visits, id: u64) -> String {
        visits.0 += id;
        visits.0.to_string()
    }

    fn site() -> Site {
        Site {
            visits: Shared::new(Visits(0)),
            names: Shared::new(Names(Vec::new())),
        }
    }

    #[test]
    fn they_are_all_routes() {
        let app = App::new("Site", site())
            .mount(routes())
            .mount(routes![wrapped_inside, wrapped_outside]);
        assert!(app.into_router().is_ok());
    }

    #[tokio::test]
    async fn they_are_functions_all_the_same() {
        let (mut visits, mut names) = (Visits(0), Names(Vec::new()));
        assert_eq!(visit(&mut visits).0, 1);
        assert!(sign(&mut visits, &mut names, 2, String::new())
            .await
            .is_err());
        assert_eq!(wrapped_inside(&mut visits, 3).await, "4");
        assert_eq!(wrapped_outside(&mut visits, 3), "7");
    }
}
