//! The type of a state changes between two starts.

use crate::under_test::{Place, on_every_durable_store};
use kr_runtime::prelude::*;
use kr_runtime::{LockError, ReadError, SharedMap};

on_every_durable_store! {
    a_new_field_and_an_upgrade
    an_unreadable_instance_hides_no_other
    an_older_program_does_not_touch_newer_values
    an_unreadable_state_stops_the_start
}

mod first {
    use super::*;

    #[derive(Clone, Default, Serialize, Deserialize, SharedState)]
    #[shared_state(lock = "settings")]
    pub(super) struct Settings {
        pub(super) name: String,
    }

    #[derive(Clone, Default, Serialize, Deserialize, SharedState)]
    #[shared_state(lock = "user:{id}")]
    pub(super) struct User {
        pub(super) age: u32,
    }

    #[derive(Host)]
    pub(super) struct Site {
        pub(super) settings: Shared<Settings>,
        pub(super) users: SharedMap<String, User>,
    }

    pub(super) fn site() -> Site {
        Site {
            settings: Shared::new(Settings::default()),
            users: SharedMap::new(),
        }
    }
}

/// With a new field, and an upgrade.
mod second {
    use super::*;

    #[derive(Clone, Default, Serialize, Deserialize, SharedState)]
    #[shared_state(lock = "settings")]
    pub(super) struct Settings {
        pub(super) name: String,
        #[serde(default)]
        pub(super) color: String,
    }

    #[derive(Clone, Default, Serialize, Deserialize, SharedState)]
    #[shared_state(lock = "user:{id}", version = 2, upgrade = from_first)]
    pub(super) struct User {
        pub(super) birth_year: u32,
    }

    fn from_first(version: u32, json: serde_json::Value) -> Result<User, String> {
        assert_eq!(version, 1);
        let age = json["age"].as_u64().ok_or("no age")?;
        match age {
            0..=150 => Ok(User {
                birth_year: 2026 - age as u32,
            }),
            _ => Err(format!("{age} is no age")),
        }
    }

    #[derive(Host)]
    pub(super) struct Site {
        pub(super) settings: Shared<Settings>,
        pub(super) users: SharedMap<String, User>,
    }

    pub(super) fn site() -> Site {
        Site {
            settings: Shared::new(Settings::default()),
            users: SharedMap::new(),
        }
    }
}

/// With a field of another type.
mod wrong {
    use super::*;

    #[derive(Clone, Default, Serialize, Deserialize, SharedState)]
    #[shared_state(lock = "settings")]
    pub(super) struct Settings {
        pub(super) name: u64,
    }

    #[derive(Host)]
    pub(super) struct Site {
        pub(super) settings: Shared<Settings>,
    }
}

async fn first_run(place: &Place, age: u32) {
    let site = first::site();
    let app = App::new("Site", site).store(place.open());
    let site = app.host();
    let _server = app.endpoint(0).build().unwrap();
    site.update(|settings: &mut first::Settings| settings.name = "one".to_owned())
        .await
        .unwrap();
    for (name, age) in [("ann", 30), ("bob", age), ("cyd", 40)] {
        site.users
            .update(&name.to_owned(), |user| user.age = age)
            .await
            .unwrap();
    }
}

async fn a_new_field_and_an_upgrade(place: Place) {
    first_run(&place, 20).await;
    for _ in 0..2 {
        let site = second::site();
        let app = App::new("Site", site).store(place.open());
        let site = app.host();
        let _server = app.endpoint(0).build().unwrap();
        let settings = site.read::<second::Settings>().await.unwrap();
        assert_eq!(
            (settings.name.as_str(), settings.color.as_str()),
            ("one", "")
        );
        let bob = site.users.get(&"bob".to_owned()).await.unwrap().unwrap();
        assert_eq!(bob.birth_year, 2006);
        // The second time, it is read as version 2.
        site.users
            .update(&"bob".to_owned(), |user| user.birth_year = 2006)
            .await
            .unwrap();
    }
}

async fn an_unreadable_instance_hides_no_other(place: Place) {
    first_run(&place, 200).await;
    let site = second::site();
    let app = App::new("Site", site).store(place.open());
    let site = app.host();
    let _server = app.endpoint(0).build().unwrap();
    let bob = "bob".to_owned();
    let Err(ReadError::Lock(LockError::Unreadable { lock, reason })) = site.users.get(&bob).await
    else {
        panic!("it was read");
    };
    assert_eq!(lock, "user:bob");
    assert!(
        reason.contains("upgrade from version 1 failed: 200 is no age"),
        "{reason}"
    );
    assert!(
        site.users
            .update(&bob, |user| user.birth_year = 1)
            .await
            .is_err()
    );
    let page = site.users.page(None, 10).await.unwrap();
    let keys: Vec<&str> = page.entries.iter().map(|(key, _)| key.as_str()).collect();
    assert_eq!(keys, ["ann", "cyd"]);
    assert_eq!(page.unreadable.len(), 1);
    assert_eq!(page.unreadable[0].0, "bob");
    assert_eq!(site.users.len().await.unwrap(), 3);
    // A value that is put in its place mends it.
    site.users
        .replace(&bob, second::User { birth_year: 1990 })
        .await
        .unwrap();
    assert_eq!(
        site.users.get(&bob).await.unwrap().unwrap().birth_year,
        1990
    );
}

async fn an_older_program_does_not_touch_newer_values(place: Place) {
    {
        let site = second::site();
        let app = App::new("Site", site).store(place.open());
        let site = app.host();
        let _server = app.endpoint(0).build().unwrap();
        site.users
            .update(&"ann".to_owned(), |user| user.birth_year = 1980)
            .await
            .unwrap();
    }
    let site = first::site();
    let app = App::new("Site", site).store(place.open());
    let site = app.host();
    let _server = app.endpoint(0).build().unwrap();
    let error = site
        .users
        .update(&"ann".to_owned(), |user| user.age = 1)
        .await
        .unwrap_err();
    assert!(
        error.to_string().contains("start the newer program"),
        "{error}"
    );
}

async fn an_unreadable_state_stops_the_start(place: Place) {
    first_run(&place, 20).await;
    let site = wrong::Site {
        settings: Shared::new(Default::default()),
    };
    let error = App::new("Site", site)
        .store(place.open())
        .build()
        .unwrap_err();
    let error = error.to_string();
    for part in [
        place.name(),
        "\"settings\"",
        "`Settings`",
        "`name`",
        "version",
    ] {
        assert!(error.contains(part), "{part} is not in: {error}");
    }
    // Nothing was replaced.
    let site = second::site();
    let app = App::new("Site", site).store(place.open());
    let site = app.host();
    let _server = app.endpoint(0).build().unwrap();
    assert_eq!(site.read::<second::Settings>().await.unwrap().name, "one");
}
