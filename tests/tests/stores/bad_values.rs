//! Values that would not read back are refused at the commit, and take nothing else with them.

use crate::sample::{Page, Rates};
use crate::under_test::{Place, UnderTest, on_every_durable_store};
use axum::body::{Body, to_bytes};
use http::{Request, StatusCode};
use kr_runtime::prelude::*;
use kr_runtime::{CommitError, LockError, SharedMap, UpdateError};
use tower::ServiceExt;

on_every_durable_store! {
    a_value_that_panics_while_it_is_written_is_refused_and_the_store_goes_on
    a_number_that_is_none_is_refused_with_its_path
    what_was_made_from_a_refused_value_is_refused_and_others_are_kept
    a_first_value_that_cannot_be_kept_stops_the_start
    a_key_of_more_than_400_bytes_is_refused
}

async fn a_number_that_is_none_is_refused_with_its_path(place: Place) {
    let test = UnderTest::start(place);
    test.bank
        .update(|rates: &mut Rates| rates.values.push(Some(1.5)))
        .await
        .unwrap();
    let refused = test
        .bank
        .update(|rates: &mut Rates| rates.values.push(Some(f64::NAN)))
        .await;
    let Err(UpdateError::Commit(CommitError::NotStorable { state, reason })) = refused else {
        panic!("it was kept");
    };
    assert_eq!(state, "Rates");
    assert!(reason.ends_with("at `values[1]`"), "{reason}");
    assert_eq!(test.bank.read::<Rates>().await.unwrap().values, [Some(1.5)]);
    test.bank
        .update(|rates: &mut Rates| rates.values.push(Some(2.5)))
        .await
        .unwrap();
    let test = test.restart();
    assert_eq!(
        test.bank.read::<Rates>().await.unwrap().values,
        [Some(1.5), Some(2.5)]
    );
}

async fn what_was_made_from_a_refused_value_is_refused_and_others_are_kept(place: Place) {
    let test = UnderTest::start(place);
    let mut tasks = Vec::new();
    for number in 0..200_u64 {
        let bank = test.bank.clone();
        tasks.push(tokio::spawn(async move {
            let key = number % 3;
            let kept = bank
                .accounts
                .update(&key, |account| account.balance += 1)
                .await;
            kept.expect("another lock");
            let value = if number % 10 == 0 { f64::INFINITY } else { 1.0 };
            let pushed = bank
                .update(|rates: &mut Rates| rates.values.push(Some(value)))
                .await;
            (pushed, value)
        }));
    }
    let mut kept = 0;
    for task in tasks {
        match task.await.unwrap() {
            (Ok(()), value) => {
                assert!(value.is_finite());
                kept += 1;
            }
            (Err(UpdateError::Commit(error)), _) => assert!(matches!(
                error,
                CommitError::NotStorable { .. } | CommitError::BaseNotWritten
            )),
            (Err(error), _) => panic!("{error}"),
        }
    }
    let test = test.restart();
    assert_eq!(test.bank.read::<Rates>().await.unwrap().values.len(), kept);
    let entries = test.bank.accounts.entries().await.unwrap();
    assert_eq!(
        entries
            .iter()
            .map(|(_, account)| account.balance)
            .sum::<i64>(),
        200
    );
}

async fn a_first_value_that_cannot_be_kept_stops_the_start(place: Place) {
    let mut bank = crate::sample::bank();
    bank.rates = Shared::new(Rates {
        values: vec![Some(f64::NAN)],
    });
    let app = App::new("Bank", bank).store(place.open());
    let error = app.endpoint(0).build().unwrap_err().to_string();
    for part in ["first value", "`Rates`", "values[0]", place.name()] {
        assert!(error.contains(part), "{part} is not in: {error}");
    }
    // Nothing was written, so the next start has a first value again.
    let app = App::new("Bank", crate::sample::bank()).store(place.open());
    let host = app.host();
    let _server = app.endpoint(0).build().unwrap();
    assert_eq!(host.read::<Page>().await.unwrap().title, "first");
}

/// A state whose value panics while it is written.
#[derive(Clone, Default, Deserialize, SharedState)]
#[shared_state(lock = "fragile")]
struct Fragile {
    breaks: bool,
}

impl Serialize for Fragile {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        assert!(!self.breaks, "it breaks");
        serde_json::json!({ "breaks": false }).serialize(serializer)
    }
}

#[derive(Host)]
struct Shelf {
    fragile: Shared<Fragile>,
}

async fn a_value_that_panics_while_it_is_written_is_refused_and_the_store_goes_on(place: Place) {
    let shelf = Shelf {
        fragile: Shared::new(Fragile::default()),
    };
    let app = App::new("Shelf", shelf).store(place.open());
    let shelf = app.host();
    let _server = app.endpoint(0).build().unwrap();
    for _ in 0..2 {
        let broken = shelf
            .update(|fragile: &mut Fragile| fragile.breaks = true)
            .await;
        assert!(
            matches!(
                broken,
                Err(UpdateError::Commit(CommitError::NotWritten { .. }))
            ),
            "{broken:?}"
        );
        shelf
            .update(|fragile: &mut Fragile| fragile.breaks = false)
            .await
            .unwrap();
    }
    assert_eq!(shelf.read::<Fragile>().await.unwrap().revision(), 4);
}

/// A state whose keys are texts.
#[derive(Clone, Default, Serialize, Deserialize, SharedState)]
#[shared_state(lock = "note:{title}")]
struct Note {
    text: String,
}

#[derive(Host)]
struct Notes {
    notes: SharedMap<String, Note>,
}

#[kr_route(put, "/notes/{title}")]
#[locked("note:{title}")]
fn write(note: &mut Note, title: String, text: String) -> String {
    note.text = text;
    title
}

async fn a_key_of_more_than_400_bytes_is_refused(place: Place) {
    let notes = Notes {
        notes: SharedMap::new(),
    };
    let app = App::new("Notes", notes).store(place.open());
    let notes = app.host();
    let router = app.mount(routes![write]).into_router().unwrap();
    let put = async |title: &str| {
        let request = Request::put(format!("/notes/{title}")).body(Body::from("text"));
        let response = router.clone().oneshot(request.unwrap()).await.unwrap();
        let status = response.status();
        let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        (status, String::from_utf8_lossy(&body).into_owned())
    };
    let (longest, longer) = ("x".repeat(398), "x".repeat(399));
    assert_eq!(put(&longest).await.0, StatusCode::OK);
    let (status, body) = put(&longer).await;
    assert_eq!(status, StatusCode::BAD_REQUEST, "{body}");
    assert!(
        body.contains("has 401 bytes, and 400 can be kept"),
        "{body}"
    );
    let refused = notes.notes.update(&longer, |note| note.text.clear()).await;
    assert!(
        matches!(
            refused,
            Err(UpdateError::Lock(LockError::KeyTooLong { length: 401, .. }))
        ),
        "{refused:?}"
    );
    assert_eq!(notes.notes.keys().await.unwrap(), [longest]);
}
