use kr_runtime::prelude::*;

macro_rules! counter {
    ($state:ident, $handler:ident, $method:ident, $path:literal, $lock:literal, $borrow:ty, $response:ty) => {
        #[derive(Clone, SharedState)]
        #[shared_state(lock = $lock)]
        struct $state(u64);

        #[kr_route($method, $path)]
        #[locked($lock)]
        fn $handler(state: $borrow, headers: axum::http::HeaderMap) -> $response {
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
fn a_handler_can_be_defined_by_macro_rules() {
    let site = Site {
        visits: Shared::new(Visits(0)),
        sales: Shared::new(Sales(0)),
    };
    let app = App::new("Site", site).mount(routes![visit, sales]);
    assert!(app.into_router().is_ok());
}
