//! KR0022: a re-export, reached from the root.

mod web {
    pub mod kr {
        pub use kr_runtime::*;
    }

    pub mod handlers {
        use super::kr::kr_route;

        #[kr_route(get, "/ping", crate = crate::web::kr)]
        pub fn ping() {}
    }
}

fn main() {}
