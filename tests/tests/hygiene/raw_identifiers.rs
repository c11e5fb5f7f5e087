use kr_runtime::prelude::*;
use kr_runtime::{Counter, LockKey, SharedMap};

#[allow(non_camel_case_types)]
#[derive(Clone, SharedState)]
#[shared_state(lock = "type")]
struct r#type {
    r#fn: u64,
}

#[allow(non_camel_case_types)]
#[derive(Clone, PartialEq, Eq, Hash, Deserialize, LockKey)]
struct r#struct {
    r#in: u64,
}

#[allow(non_camel_case_types)]
#[derive(Clone, Default, SharedState)]
#[shared_state(lock = "trait:{r#trait}:{type}")]
struct r#trait {
    r#loop: Counter,
    r#fn: u64,
}

#[allow(non_camel_case_types)]
#[derive(Clone, SharedState)]
#[shared_state(lock = "dyn")]
struct r#dyn {
    r#loop: Counter,
}

#[derive(Host)]
struct r#Host {
    r#type: Shared<r#type>,
    r#trait: SharedMap<(r#struct, u64), r#trait>,
    r#dyn: Shared<r#dyn>,
}

#[kr_route(post, "/loop")]
fn r#loop(r#loop: &Counter) {
    let _ = r#loop.add(1);
}

#[kr_route(put, "/trait/{type}/{struct}")]
#[locked("trait:{r#struct}:{type}", "type")]
fn r#impl(r#mut: &mut r#type, r#trait: &mut r#trait, r#type: u64, r#struct: r#struct) -> String {
    r#trait.r#fn += r#type + r#struct.r#in + r#mut.r#fn;
    r#trait.r#fn.to_string()
}

#[kr_route(post, "/match/{type}/{r}")]
#[locked("type")]
fn r#match(r#mut: &mut r#type, r#type: u64, r: u64) -> String {
    r#mut.r#fn += r#type + r;
    r#mut.r#fn.to_string()
}

#[test]
fn raw_identifiers_are_valid_names() {
    let mut state = r#type { r#fn: 1 };
    assert_eq!(r#match(&mut state, 2, 3), "6");
    assert_eq!(r#type::NAME, "type");
    let host = r#Host {
        r#type: Shared::new(state),
        r#trait: SharedMap::new(),
        r#dyn: Shared::new(r#dyn {
            r#loop: Counter::new(0),
        }),
    };
    let routes = routes![r#match, r#loop, r#impl];
    assert!(format!("{routes:?}").contains("\"match\""), "{routes:?}");
    assert!(App::new("Raw", host).mount(routes).into_router().is_ok());
}
