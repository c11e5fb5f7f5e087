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
