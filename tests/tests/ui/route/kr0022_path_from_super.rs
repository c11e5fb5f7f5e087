//! KR0022: a re-export, reached from where the handler stands (1 error)

mod web {
    pub mod kr {
        pub use kr_runtime::*;
    }

    pub mod handlers {
        use super::kr::kr_route;

        #[kr_route(get, "/ping", crate = super::kr)]
        pub fn ping() {}
    }
}

fn main() {}
