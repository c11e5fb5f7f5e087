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
