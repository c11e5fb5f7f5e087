//! A handler may be written wherever a function may, and what the macros add gives no warning and takes no name.
#![deny(warnings)]
#![deny(clippy::all, clippy::pedantic, missing_docs, unused_qualifications)]
#![allow(
    missing_docs,
    clippy::needless_pass_by_value,
    clippy::unused_async,
    reason = "these are about the handlers, and say what they would say of any function"
)]

mod attributes {
    use kr_runtime::prelude::*;
    use kr_runtime::{Problem, locked as with_lock};

    #[derive(Clone, SharedState)]
    #[shared_state(lock = "visits")]
    pub(crate) struct Visits(pub(crate) u64);

    #[derive(Host)]
    pub(crate) struct Site {
        pub(crate) visits: Shared<Visits>,
    }

    /// Documentation stays on the function.
    #[allow(clippy::let_and_return)]
    #[kr_route(post, "/documented")]
    #[must_use]
    #[locked("visits")]
    #[doc(alias = "count")]
    #[inline]
    fn documented(visits: &mut Visits, body: String) -> String {
        visits.0 += 1;
        body
    }

    #[locked("visits", timeout = "2s", hold = "1m")]
    #[kr_route(post, "/other-order")]
    async fn other_order(visits: &mut Visits) -> Result<String, Problem> {
        std::future::ready(()).await;
        visits.0 += 1;
        Ok(visits.0.to_string())
    }

    #[kr_runtime::kr_route(post, "/by-path")]
    #[kr_runtime::locked("visits")]
    fn by_path(mut visits: &mut Visits) {
        visits.0 += 1;
        visits = std::convert::identity(visits);
        visits.0 += 1;
    }

    #[kr_runtime::locked("visits")]
    #[kr_runtime::kr_route(post, "/by-path-too")]
    fn by_path_too(visits: &mut Visits) {
        visits.0 += 1;
    }

    #[kr_route(post, "/only")]
    #[locked("index", only)]
    fn only() -> impl IntoResponse {
        StatusCode::OK
    }

    #[kr_route(post, "/opaque")]
    #[locked("visits")]
    async fn opaque(visits: &mut Visits) -> impl IntoResponse + use<> {
        visits.0 += 1;
        std::future::ready(()).await;
        Json(visits.0)
    }

    #[cfg(not(test))]
    #[kr_route(post, "/nowhere")]
    #[locked("no such lock")]
    fn cfg(visits: &mut Nothing) {}

    #[kr_route(post, "/here")]
    #[cfg(test)]
    #[locked("visits")]
    fn cfg(visits: &mut Visits) {
        visits.0 += 1;
    }

    #[kr_route(post, "/cfg-attr")]
    #[cfg_attr(test, must_use)]
    fn cfg_attr() -> &'static str {
        "here"
    }

    #[allow(unused)]
    fn the_import_is_used(_: Visits) {
        #[with_lock("visits")]
        #[kr_route(get, "/renamed")]
        fn renamed(visits: &Visits) -> String {
            visits.0.to_string()
        }
    }

    pub(crate) fn site() -> Site {
        Site {
            visits: Shared::new(Visits(0)),
        }
    }

    #[test]
    fn they_are_all_routes() {
        let app = App::new("Site", site()).mount(routes![
            documented,
            other_order,
            by_path,
            by_path_too,
            only,
            opaque,
            cfg,
            cfg_attr,
        ]);
        assert!(app.into_router().is_ok());
        let mut visits = Visits(0);
        assert_eq!(documented(&mut visits, "a".to_owned()), "a");
        by_path(&mut visits);
        assert_eq!(visits.0, 3);
    }
}

mod raw_identifiers {
    use kr_runtime::prelude::*;

    #[allow(non_camel_case_types)]
    #[derive(Clone, SharedState)]
    #[shared_state(lock = "type")]
    struct r#type {
        r#fn: u64,
    }

    #[derive(Host)]
    struct r#Host {
        r#type: Shared<r#type>,
    }

    #[kr_route(post, "/match/{type}/{r}")]
    #[locked("type")]
    fn r#match(r#mut: &mut r#type, r#type: u64, r: u64) -> String {
        r#mut.r#fn += r#type + r;
        r#mut.r#fn.to_string()
    }

    #[test]
    fn they_are_names_like_others() {
        let mut state = r#type { r#fn: 1 };
        assert_eq!(r#match(&mut state, 2, 3), "6");
        assert_eq!(r#type::NAME, "type");
        let host = r#Host {
            r#type: Shared::new(state),
        };
        let routes = routes![r#match];
        assert!(format!("{routes:?}").contains("\"match\""), "{routes:?}");
        assert!(App::new("Raw", host).mount(routes).into_router().is_ok());
    }
}

mod shadowed {
    #![allow(dead_code, non_camel_case_types)]

    use ::kr_runtime::prelude::{Host, Shared, SharedState, kr_route, locked, routes};

    struct Result;
    struct Option;
    struct String;
    struct Box;
    struct Vec;
    struct Arc;
    trait Send {}
    trait Sync {}
    trait Clone {}
    trait From {}
    trait Future {}
    trait Handler {}
    trait Route {}
    trait IntoResponse {}
    #[allow(non_snake_case)]
    fn Ok() {}
    #[allow(non_snake_case)]
    fn Err() {}
    #[allow(non_snake_case)]
    fn Some() {}
    #[allow(non_upper_case_globals)]
    const None: u8 = 0;
    mod core {}
    mod std {}
    mod kr_runtime {}
    mod axum {}

    #[derive(::std::clone::Clone, SharedState)]
    #[shared_state(lock = "visits")]
    struct Visits(u64);

    #[derive(Host)]
    struct Site {
        visits: Shared<Visits>,
    }

    #[kr_route(post, "/visit/{a}/{b}")]
    #[locked("visits", timeout = "1s")]
    async fn visit(
        visits: &mut Visits,
        a: u64,
        b: u64,
        body: ::std::string::String,
    ) -> ::std::result::Result<::std::string::String, ::kr_runtime::Problem> {
        visits.0 += a + b;
        ::std::result::Result::Ok(body)
    }

    #[kr_route(get, "/visits")]
    #[locked("visits")]
    fn visits(visits: &Visits) -> ::std::string::String {
        ::std::string::ToString::to_string(&visits.0)
    }

    #[test]
    fn nothing_of_the_prelude_is_needed() {
        let site = Site {
            visits: Shared::new(Visits(0)),
        };
        let app = ::kr_runtime::App::new("Site", site).mount(routes![visit, visits]);
        assert!(app.into_router().is_ok());
    }
}

#[no_implicit_prelude]
mod no_prelude {
    use ::kr_runtime::{Host, Shared, SharedState, kr_route, locked, routes};

    #[derive(::std::clone::Clone, SharedState)]
    #[shared_state(lock = "visits")]
    struct Visits(u64);

    #[derive(Host)]
    struct Site {
        visits: Shared<Visits>,
    }

    #[kr_route(post, "/visit")]
    #[locked("visits")]
    fn visit(visits: &mut Visits) {
        visits.0 += 1;
    }

    #[kr_route(get, "/visits/{id}")]
    #[locked("visits")]
    async fn visits(visits: &Visits, id: u64) -> ::kr_runtime::prelude::Json<u64> {
        ::kr_runtime::prelude::Json(visits.0 + id)
    }

    #[test]
    fn none_is_needed() {
        let site = Site {
            visits: Shared::new(Visits(0)),
        };
        let app = ::kr_runtime::App::new("Site", site).mount(routes![visit, visits]);
        ::std::assert!(app.into_router().is_ok());
    }
}

mod names_of_the_expansion {
    use kr_runtime::prelude::*;

    #[derive(Clone, SharedState)]
    #[shared_state(lock = "visits")]
    struct Visits(u64);

    #[derive(Host)]
    struct Site {
        visits: Shared<Visits>,
    }

    macro_rules! handlers {
        ($($name:ident $path:literal)*) => {
            $(
                #[kr_route(post, $path)]
                #[locked("visits")]
                fn $name(visits: &mut Visits, $name: u64, body: String) -> String {
                    visits.0 += $name;
                    body
                }
            )*

            fn routes() -> kr_runtime::Routes<Site> {
                routes![$($name),*]
            }
        };
    }

    handlers! {
        answer "/answer/{answer}"
        argument_0 "/argument_0/{argument_0}"
        argument_1 "/argument_1/{argument_1}"
        body "/body/{body}"
        borrows "/borrows/{borrows}"
        commits "/commits/{commits}"
        each "/each/{each}"
        entry "/entry/{entry}"
        host "/host/{host}"
        output "/output/{output}"
        part "/part/{part}"
        parts "/parts/{parts}"
        ran "/ran/{ran}"
        read "/read/{read}"
        request "/request/{request}"
        respond "/respond/{respond}"
        site "/site/{site}"
        states "/states/{states}"
        take "/take/{take}"
        whole "/whole/{whole}"
        write "/write/{write}"
    }

    #[test]
    fn a_handler_may_have_any_of_them() {
        let site = Site {
            visits: Shared::new(Visits(0)),
        };
        assert!(App::new("Site", site).mount(routes()).into_router().is_ok());
    }
}

mod made_by_a_macro {
    use kr_runtime::prelude::*;

    macro_rules! counter {
        ($state:ident, $handler:ident, $method:ident, $path:literal, $lock:literal, $borrow:ty, $answer:ty) => {
            #[derive(Clone, SharedState)]
            #[shared_state(lock = $lock)]
            struct $state(u64);

            #[kr_route($method, $path)]
            #[locked($lock)]
            fn $handler(state: $borrow, headers: axum::http::HeaderMap) -> $answer {
                state.0 += headers.len() as u64;
                Ok(Json(state.0))
            }
        };
    }

    macro_rules! by_expression {
        ($state:ident, $handler:ident, $path:expr, $lock:expr) => {
            #[derive(Clone, SharedState)]
            #[shared_state(lock = $lock)]
            struct $state(u64);

            #[kr_route(get, $path)]
            #[locked($lock)]
            fn $handler(state: &$state) -> Json<u64> {
                Json(state.0)
            }
        };
    }

    counter!(
        Visits,
        visit,
        post,
        "/visit",
        "visits",
        &mut Visits,
        Result<Json<u64>, Problem>
    );
    by_expression!(Sales, sales, "/sales", "sales");

    #[derive(Host)]
    struct Site {
        visits: Shared<Visits>,
        sales: Shared<Sales>,
    }

    #[test]
    fn it_is_a_handler_like_others() {
        let site = Site {
            visits: Shared::new(Visits(0)),
            sales: Shared::new(Sales(0)),
        };
        let app = App::new("Site", site).mount(routes![visit, sales]);
        assert!(app.into_router().is_ok());
    }
}

mod nested {
    pub(crate) mod keys {
        pub(crate) const VISITS: &str = "nested:visits";
    }

    pub(crate) mod states {
        use kr_runtime::SharedState;

        #[derive(Clone, SharedState)]
        #[shared_state(lock = super::keys::VISITS)]
        pub(crate) struct Visits(pub(super) u64);
    }

    #[allow(unused_qualifications, reason = "paths of several kinds are the point")]
    mod handlers {
        use super::{keys, states};
        use kr_runtime::{kr_route, locked};

        #[kr_route(post, "/crate")]
        #[locked(keys::VISITS)]
        pub(crate) fn in_crate(visits: &mut states::Visits) {
            visits.0 += 1;
        }

        #[kr_route(post, "/super")]
        #[locked(super::keys::VISITS)]
        pub(super) fn in_super(visits: &mut super::states::Visits) {
            visits.0 += 1;
        }

        #[kr_route(post, "/in")]
        #[locked(crate::nested::keys::VISITS)]
        pub(in crate::nested) fn in_path(visits: &mut crate::nested::states::Visits) {
            visits.0 += 1;
        }
    }

    #[test]
    fn handlers_are_as_visible_as_they_say() {
        use kr_runtime::prelude::*;

        #[derive(Host)]
        struct Site {
            visits: Shared<states::Visits>,
        }

        #[kr_route(get, "/inside/{_id}/{name}")]
        #[locked(keys::VISITS)]
        fn inside(visits: &states::Visits, _id: u64, _name: String) -> String {
            visits.0.to_string()
        }

        let site = Site {
            visits: Shared::new(states::Visits(0)),
        };
        let app = App::new("Site", site).mount(routes![
            handlers::in_crate,
            handlers::in_super,
            handlers::in_path,
            inside,
        ]);
        assert!(app.into_router().is_ok());
    }
}

mod signatures {
    use axum::body::Bytes;
    use axum::extract::{Path, Query};
    use axum::http::{HeaderMap, Method};
    use kr_runtime::prelude::*;

    type Outcome<T> = Result<T, Problem>;

    #[derive(Clone, SharedState)]
    #[shared_state(lock = "names")]
    struct Names(Vec<String>);

    #[derive(Clone, SharedState)]
    #[shared_state(lock = " NAMES ", name = "Sizes")]
    struct Lengths(Vec<usize>);

    #[derive(Clone, SharedState)]
    #[shared_state(lock = "total")]
    #[allow(dead_code)]
    enum Total {
        Known(usize),
        Unknown,
    }

    #[derive(Host)]
    struct Site(Shared<Names>, Shared<Lengths>, Shared<Total>);

    #[derive(Deserialize)]
    struct Page {
        from: usize,
    }

    #[kr_route(get, "/borrowed")]
    #[locked("names")]
    fn borrowed(names: &Names) -> Json<&[String]> {
        Json(&names.0)
    }

    #[kr_route(get, "/opaque")]
    #[locked("names")]
    fn opaque(names: &Names) -> impl IntoResponse {
        Json(&names.0)
    }

    #[kr_route(post, "/all/{name}/{count}")]
    #[locked("names", "total")]
    #[allow(clippy::too_many_arguments)]
    async fn all(
        method: Method,
        Query(Page { from }): Query<Page>,
        names: &mut Names,
        Lengths(lengths): &Lengths,
        Path((_, _)): Path<(String, usize)>,
        total: &mut Total,
        _headers: HeaderMap,
        body: Option<Json<Vec<String>>>,
    ) -> Outcome<(StatusCode, Json<usize>)> {
        let Json(more) = body.ok_or(Problem::bad_request("no names"))?;
        names.0.extend(more);
        *total = Total::Known(names.0.len() + lengths.len() + from);
        std::future::ready(method).await;
        Ok((StatusCode::CREATED, Json(names.0.len())))
    }

    #[kr_route(put, "/captures/{a}/{b}/{c}")]
    #[locked("names")]
    fn captures(c: u8, names: &mut Names, _b: String, mut a: i64, bytes: Bytes) -> &'static str {
        a += i64::from(c);
        names.0.push(format!("{a} {}", bytes.len()));
        "done"
    }

    #[kr_route(delete, "/")]
    #[locked("total")]
    fn unit(total: &mut Total) {
        *total = Total::Unknown;
    }

    #[kr_route(get, "/never")]
    fn never() -> axum::response::Response {
        unimplemented!()
    }

    #[test]
    fn all_of_them_are_handlers() {
        let site = Site(
            Shared::new(Names(Vec::new())),
            Shared::new(Lengths(Vec::new())),
            Shared::new(Total::Known(0)),
        );
        let app = App::new("Site", site)
            .mount(routes![borrowed, opaque, all, captures, unit])
            .mount(routes![never,])
            .mount(routes![]);
        assert!(app.into_router().is_ok());
        assert_eq!(Lengths::NAME, "Sizes");
    }
}
