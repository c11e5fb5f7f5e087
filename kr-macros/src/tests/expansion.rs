//! What typical items expand to, so that a change of the macros can be reviewed. After a change, run
//!
//! ```text
//! INSTA_UPDATE=always cargo test -p kr-macros
//! ```
//!
//! and review the difference.

use crate::macros::{host, kr_route, lock_key, locked, shared_state};
use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{Attribute, Item, Meta};

/// A test that compares the expansion of an item with its snapshot.
macro_rules! snapshot {
    ($(#[$about:meta])* $name:ident, $item:literal) => {
        $(#[$about])*
        #[test]
        fn $name() {
            let mut settings = insta::Settings::clone_current();
            settings.set_omit_expression(true);
            settings.set_prepend_module_to_snapshot(false);
            settings.bind(|| insta::assert_snapshot!(stringify!($name), expansion($item)));
        }
    };
}

snapshot!(
    handler_without_state,
    r#"
#[kr_route(get, "/health")]
fn health() -> &'static str {
    "ok"
}
"#
);

snapshot!(
    handler_with_a_constant_path,
    r#"
#[kr_route(get, paths::HEALTH)]
fn health() -> &'static str {
    "ok"
}
"#
);

snapshot!(
    handler_that_reads,
    r#"
#[kr_route(get, "/visits")]
#[locked("visits")]
fn visits(visits: &Visits) -> Json<u64> {
    Json(visits.0)
}
"#
);

snapshot!(
    handler_whose_response_is_cached,
    r#"
#[kr_route(get, "/visits", cached)]
#[locked("visits")]
fn visits(visits: &Visits) -> Json<u64> {
    Json(visits.0)
}
"#
);

snapshot!(
    handler_that_changes_state,
    r#"
/// Counts a visit.
#[kr_route(post, "/visit")]
#[locked("visits")]
pub fn visit(visits: &mut Visits) {
    visits.0 += 1;
}
"#
);

snapshot!(
    async_handler_with_two_locks_and_a_body,
    r#"
#[kr_route(post, "/sell/{id}")]
#[locked(STOCK, "shop:sales", timeout = "2s", hold_timeout = "1m")]
async fn sell(stock: &mut Stock, sales: &Sales, id: u64, headers: HeaderMap, Json(sale): Json<Sale>) -> Result<(StatusCode, Json<Sold>), Problem> {
    todo!()
}
"#
);

snapshot!(
    async_handler_that_reads,
    r#"
#[kr_route(get, "/visits")]
#[locked("visits")]
async fn visits(visits: &Visits, Query(page): Query<Page>) -> impl IntoResponse {
    Json(&visits.0)
}
"#
);

snapshot!(
    several_captures,
    r#"
#[kr_route(put, "/carts/{cart}/items/{item}")]
#[locked("carts")]
fn put(item: ItemId, carts: &mut Carts, _cart: CartId, body: Bytes) -> StatusCode {
    todo!()
}
"#
);

snapshot!(
    lock_without_state,
    r#"
#[kr_route(post, "/reindex")]
#[locked("index", exclusive)]
async fn reindex() -> impl IntoResponse + use<> {
    StatusCode::ACCEPTED
}
"#
);

snapshot!(
    state_without_its_lock,
    r#"
#[kr_route(post, "/visit")]
fn visit(visits: &mut Visits) {
    visits.0 += 1;
}
"#
);

snapshot!(
    lock_above_the_route,
    r#"
#[locked("visits")]
#[kr_runtime::kr_route(post, "/visit")]
fn visit(visits: &mut Visits) {
    visits.0 += 1;
}
"#
);

snapshot!(
    handler_with_attributes_and_a_raw_name,
    r#"
#[kr_route(get, "/match/{type}")]
#[cfg(feature = "match")]
#[must_use]
pub(crate) fn r#match(r#type: String) -> String {
    r#type
}
"#
);

snapshot!(
    kr_under_another_name,
    r#"
#[kr_route(post, "/visit", crate = ::kr)]
#[locked("visits")]
fn visit(visits: &mut Visits) {
    visits.0 += 1;
}
"#
);

snapshot!(
    handler_with_two_errors,
    r#"
#[kr_route(post, "visit")]
#[locked("visits", timeout = "soon")]
fn visit(visits: &mut Visits) {
    visits.0 += 1;
}
"#
);

snapshot!(
    method,
    r#"
#[kr_route(post, "/visit")]
#[locked("visits")]
fn visit(&mut self) {
    self.0 += 1;
}
"#
);

snapshot!(
    shared_state_with_a_literal,
    r#"
#[derive(Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u64);
"#
);

snapshot!(
    shared_state_with_a_constant,
    r#"
#[derive(Clone, SharedState)]
#[shared_state(lock = keys::VISITS, name = "Visits")]
struct AllVisits(u64);
"#
);

snapshot!(
    host_of_two_states,
    r#"
#[derive(Host)]
struct Shop {
    stock: Shared<Stock>,
    sales: Shared<Sales>,
}
"#
);

snapshot!(
    keyed_handler_with_two_locks,
    r#"
#[kr_route(post, "/cart/{id}/{item}")]
#[locked("cart:{id}", "stock", timeout = "250ms")]
fn add(id: CartId, item: String, cart: &mut Cart, stock: &Stock) -> Result<Json<Cart>, Problem> {
    todo!()
}
"#
);

snapshot!(
    key_with_two_placeholders,
    r#"
#[kr_route(get, "/shop/{shop}/bikes/{bike}")]
#[locked("rental:{shop}:{bike}")]
async fn rental(bike: u64, shop: String, rental: &Rental) -> Json<u64> {
    Json(rental.hours)
}
"#
);

snapshot!(
    handler_with_a_counter,
    r#"
#[kr_route(post, "/looks")]
fn look(looks: &Counter) -> Result<Json<i64>, Problem> {
    Ok(Json(looks.add(1)?))
}
"#
);

snapshot!(
    handler_that_changes_in_place,
    r#"
#[kr_route(post, "/log")]
#[locked("log", in_place)]
fn append(log: &mut Log, line: String) {
    log.lines.push(line);
}
"#
);

snapshot!(
    host_of_keyed_states,
    r#"
#[derive(Host)]
struct Shop {
    carts: SharedMap<CartId, Cart>,
    stock: Shared<Stock>,
}
"#
);

snapshot!(
    state_with_a_counter,
    r#"
#[derive(Clone, SharedState)]
#[shared_state(lock = "stock")]
struct Stock {
    left: u64,
    looks: Counter,
}
"#
);

snapshot!(
    key_struct_with_one_field,
    r#"
#[derive(Clone, PartialEq, Eq, Hash, LockKey)]
struct CartId(u64);
"#
);

snapshot!(
    host_with_an_error,
    r#"
#[derive(Host)]
struct Shop {
    stock: Stock,
}
"#
);

/// The item as a comment, and its expansion below.
fn expansion(item: &str) -> String {
    let expanded = expand(syn::parse_str(item).unwrap());
    let pretty = prettyplease::unparse(&syn::parse2(expanded).unwrap());
    let item: String = item
        .trim()
        .lines()
        .map(|line| format!("// {line}\n"))
        .collect();
    format!("{item}\n{pretty}")
}

/// Expands the first attribute, as the compiler does.
fn expand(mut item: Item) -> TokenStream {
    match &mut item {
        Item::Fn(function) => {
            let is_of_kr = |attribute: &Attribute| {
                let name = &attribute.path().segments.last().unwrap().ident;
                name == "kr_route" || name == "locked"
            };
            let at = function.attrs.iter().position(is_of_kr).unwrap();
            let attribute = function.attrs.remove(at);
            let Meta::List(list) = attribute.meta else {
                panic!("the attribute has arguments");
            };
            if list.path.is_ident("locked") {
                locked::locked(list.tokens, item.into_token_stream())
            } else {
                kr_route::kr_route(list.tokens, item.into_token_stream())
            }
        }
        Item::Struct(state) => {
            let derives = state.attrs.remove(0).into_token_stream().to_string();
            if derives.contains("SharedState") {
                shared_state::derive(item.into_token_stream())
            } else if derives.contains("LockKey") {
                lock_key::derive(item.into_token_stream())
            } else {
                host::derive(item.into_token_stream())
            }
        }
        _ => panic!("no macro of kr expands this"),
    }
}
