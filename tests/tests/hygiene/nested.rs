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
fn handlers_have_their_declared_visibility() {
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
