//! `crate = ::path` reaches all generated code.

use crate::macros::{host, kr_route::kr_route, lock_key, locked::locked, shared_state};
use proc_macro2::TokenStream;

#[test]
fn generated_code_names_the_runtime_by_the_given_path_alone() {
    let tokens = |text: &str| text.parse::<TokenStream>().unwrap();
    let arguments = tokens("post, \"/{a}/{b}\", crate = ::kr");
    let handler = "#[locked(KEY, \"b\", timeout = \"2s\")] async fn visit(state: &mut S, other: &T, a: u8, b: u8, \
                   Query(q): Query<u8>, Json(body): Json<Note>) -> Result<Json<u8>, Problem> {}";
    let renamed = tokens("#[crate_(get, \"/\", crate = ::kr)] fn visit() {}");
    let state = "#[shared_state(lock = LOCK, crate = ::kr)] struct S<T>(T);";
    let host = "#[host(crate = ::kr)] struct Site { a: Shared<A>, b: Shared<B> }";
    let key = "#[lock_key(crate = ::kr)] struct Id(u64);";
    for expansion in [
        kr_route(arguments.clone(), tokens(handler)),
        kr_route(arguments.clone(), tokens("fn visit<T>() {}")),
        kr_route(arguments, tokens("fn visit(&self) {}")),
        kr_route(
            tokens("get, \"/\", cached, crate = ::kr"),
            tokens("fn visits(state: &S) -> Json<u8> {}"),
        ),
        kr_route(tokens("pots, crate = ::kr"), tokens("fn visit() {}")),
        kr_route(tokens("\"/\", post, crate = ::kr"), tokens("fn visit() {}")),
        locked(
            tokens("\"a\""),
            tokens("#[kr_route(get, \"/\", crate = ::kr)] fn visit(s: &mut S) {}"),
        ),
        locked(tokens("\"a\""), renamed),
        shared_state::derive(tokens(state)),
        host::derive(tokens(host)),
        lock_key::derive(tokens(key)),
    ] {
        let expansion = expansion.to_string();
        assert!(!expansion.contains("kr_runtime"), "{expansion}");
    }
}
