//! No more responses are kept in the file than in memory.

use crate::retries::{send, start};
use crate::under_test::Place;
use http::StatusCode;
use kr_runtime::Idempotency;

/// How many responses are in the file. The application over it has ended.
fn in_file(place: &Place) -> u64 {
    let copied = place.open().copy_to(&Place::file().open(), |_| ());
    copied.unwrap().responses
}

#[tokio::test(flavor = "multi_thread")]
async fn the_oldest_responses_are_forgotten_if_there_are_too_many() {
    let place = Place::file();
    let few = || Idempotency::new().max_responses(3);
    let app = start(&place, few());
    for key in 0..10 {
        let (status, is_replayed, _) = send(&app, &format!("\"{key}\"")).await;
        assert_eq!((status, is_replayed), (StatusCode::OK, false));
    }
    drop(app);
    // The last batch has one more: what is too much is known when it is written.
    assert_eq!(in_file(&place), 4);
    let app = start(&place, few());
    for key in 7..10 {
        let (_, is_replayed, text) = send(&app, &format!("\"{key}\"")).await;
        assert_eq!((is_replayed, text), (true, format!("7: {}", key + 1)));
    }
    // One that was forgotten is done again, and pushes out the next one.
    assert_eq!(
        send(&app, "\"6\"").await,
        (StatusCode::OK, false, "7: 11".to_owned())
    );
    drop(app);
    assert_eq!(in_file(&place), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lower_limit_holds_after_a_restart() {
    let place = Place::file();
    let app = start(&place, Idempotency::new());
    for key in 0..10 {
        send(&app, &format!("\"{key}\"")).await;
    }
    drop(app);
    assert_eq!(in_file(&place), 10);
    let app = start(&place, Idempotency::new().max_responses(2));
    send(&app, "\"a\"").await;
    send(&app, "\"b\"").await;
    drop(app);
    assert_eq!(in_file(&place), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_response_that_was_forgotten_and_made_again_is_kept() {
    let place = Place::file();
    let one = || Idempotency::new().max_responses(1);
    let app = start(&place, one());
    for key in ["\"a\"", "\"b\"", "\"a\""] {
        assert!(!send(&app, key).await.1);
    }
    drop(app);
    let app = start(&place, one());
    assert_eq!(
        send(&app, "\"a\"").await,
        (StatusCode::OK, true, "7: 3".to_owned())
    );
}
