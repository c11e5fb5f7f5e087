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
    borrows "/borrows/{borrows}"
    entry "/entry/{entry}"
    kr_argument_0 "/kr_argument_0/{kr_argument_0}"
    kr_argument_1 "/kr_argument_1/{kr_argument_1}"
    kr_body "/kr_body/{kr_body}"
    kr_borrows "/kr_borrows/{kr_borrows}"
    kr_bound_handler "/kr_bound_handler/{kr_bound_handler}"
    kr_commits "/kr_commits/{kr_commits}"
    kr_handler_output "/kr_handler_output/{kr_handler_output}"
    kr_host "/kr_host/{kr_host}"
    kr_keys "/kr_keys/{kr_keys}"
    kr_output "/kr_output/{kr_output}"
    kr_parts "/kr_parts/{kr_parts}"
    kr_request "/kr_request/{kr_request}"
    kr_states "/kr_states/{kr_states}"
    part "/part/{part}"
    read "/read/{read}"
    respond "/respond/{respond}"
    take "/take/{take}"
    whole "/whole/{whole}"
    write "/write/{write}"
}

#[test]
fn handlers_may_have_the_names_of_generated_code() {
    let site = Site {
        visits: Shared::new(Visits(0)),
    };
    assert!(App::new("Site", site).mount(routes()).into_router().is_ok());
}
