//! Mistakes that an application reports before it starts.

use crate::{Items, Shop, item, shop};
use kr_runtime::SharedMap;
use kr_runtime::prelude::*;

#[test]
fn all_config_errors_are_reported_together() {
    let error = App::new("Shop", shop())
        .mount(routes![item])
        .mount(routes![item])
        .endpoint("nowhere")
        .root("no/such/folder")
        .build()
        .unwrap_err()
        .to_string();
    assert!(error.contains("`Shop` cannot start:"), "{error}");
    for part in ["`nowhere`", "`no/such/folder`", "`item` (GET /item/{id})"] {
        assert!(error.contains(part), "{part} is not in {error}");
    }
}

mod other_module {
    use kr_runtime::prelude::*;

    #[kr_route(post, "/item/{number}")]
    pub(crate) fn renamed(number: u64) -> String {
        number.to_string()
    }
}

#[test]
fn conflicting_paths_are_an_error() {
    let error = App::new("Shop", shop())
        .mount(routes![item])
        .mount(routes![other_module::renamed])
        .into_router()
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("/item/{number}") && error.contains("/item/{id}"),
        "{error}"
    );
}

#[test]
fn states_of_one_lock_that_were_registered_apart_are_an_error() {
    #[derive(Clone, SharedState)]
    #[shared_state(lock = "ITEMS")]
    struct Sold;
    #[derive(Host)]
    struct OnlySold {
        sold: Shared<Sold>,
    }
    #[derive(Host)]
    struct Both {
        items: Shared<Items>,
        sold: Shared<Sold>,
    }
    let (items, sold) = (shop().items, Shared::new(Sold));
    let one = Shop {
        items: items.clone(),
    };
    let two = OnlySold { sold: sold.clone() };
    assert!(App::new("one", one).into_router().is_ok());
    assert!(App::new("two", two).into_router().is_ok());
    let error = App::new("both", Both { items, sold })
        .into_router()
        .unwrap_err();
    assert!(
        error
            .to_string()
            .contains("Items, Sold share lock \"items\""),
        "{error}"
    );
}

#[test]
fn a_key_of_another_type_than_the_host_has_is_an_error_beside_the_others() {
    #[derive(Clone, Default, SharedState)]
    #[shared_state(lock = "cart:{id}")]
    struct Cart;
    #[derive(Host)]
    struct Carts {
        carts: SharedMap<u64, Cart>,
    }
    #[derive(Deserialize)]
    struct Order {
        cart: String,
    }
    #[kr_route(post, "/order")]
    #[locked("cart:{order.cart}")]
    fn order(cart: &mut Cart, Json(order): Json<Order>) -> String {
        let _ = cart;
        order.cart
    }
    let host = Carts {
        carts: SharedMap::new(),
    };
    let error = App::new("Carts", host)
        .mount(routes![order])
        .endpoint("nowhere")
        .build()
        .unwrap_err()
        .to_string();
    for part in ["`order`", "`Cart`", "String", "u64", "`nowhere`"] {
        assert!(error.contains(part), "{part} is not in {error}");
    }
}

#[derive(Clone, Default, SharedState)]
#[shared_state(lock = "account:{id}")]
struct Account(u64);

#[derive(Host)]
struct Bank {
    accounts: SharedMap<String, Account>,
}

#[derive(Deserialize)]
struct Transfer {
    from: String,
    amount: u64,
}

#[kr_route(post, "/transfers")]
#[locked(from = "account:{transfer.from}", to = "account:{transfer.amount}")]
fn transfer(from: &mut Account, to: &mut Account, Json(transfer): Json<Transfer>) -> String {
    from.0 -= transfer.amount;
    to.0 += transfer.amount;
    transfer.from
}

#[test]
fn of_several_instances_the_one_with_a_key_of_another_type_is_an_error() {
    let bank = Bank {
        accounts: SharedMap::new(),
    };
    let error = App::new("Bank", bank).mount(routes![transfer]);
    let error = error.into_router().unwrap_err().to_string();
    let expected = "`transfer` finds `Account` by a key of type `u64`";
    assert_eq!(error.matches(expected).count(), 1, "{error}");
    assert_eq!(error.matches("finds").count(), 1, "{error}");
}
