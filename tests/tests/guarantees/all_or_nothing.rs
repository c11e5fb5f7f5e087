//! All or nothing: a handler or an update publishes all of its changes, or none of them.

use crate::sample_host::{Changes, Other, Pair, SampleHost};
use http::StatusCode;
use kr_runtime::{Host, UpdateError};
use kr_tests::Client;
use serde_json::json;

async fn assert_unchanged(host: &SampleHost, client: &mut Client) {
    assert_eq!(
        client.get("/pair").await.json(),
        json!({"left": 0, "right": 0})
    );
    assert_eq!(host.latest::<Pair>().unwrap().revision(), 0);
    // The lock has been released as well.
    assert_eq!(client.post("/change").await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_concurrent_updates_all_count_and_none_is_torn() {
    let (host, _, address) = SampleHost::start().await;
    let mut clients = Vec::new();
    for _ in 0..50 {
        clients.push(tokio::spawn(async move {
            let mut client = Client::connect(address).await;
            for _ in 0..20 {
                let changed = client.post("/change").await.json();
                assert_eq!(changed["left"], changed["right"]);
                let read = client.get("/both").await.json();
                assert_eq!(read[0]["left"], read[0]["right"]);
                assert_eq!(
                    read[0]["left"], read[1],
                    "the states of one lock are read together"
                );
            }
        }));
    }
    for client in clients {
        client.await.unwrap();
    }
    let pair = host.latest::<Pair>().unwrap();
    assert_eq!((pair.left, pair.right, pair.revision()), (1000, 1000, 1000));
}

#[tokio::test]
async fn an_error_rolls_back_even_behind_a_type_alias() {
    let (host, mut client, _) = SampleHost::start().await;
    let refused = client.post("/fail").await;
    assert_eq!(refused.problem(StatusCode::CONFLICT), "changed my mind");
    assert_unchanged(&host, &mut client).await;
}

#[tokio::test]
async fn a_panic_rolls_back_and_its_response_hides_the_cause() {
    let (host, mut client, _) = SampleHost::start().await;
    let panicked = client.post("/panic").await;
    let detail = panicked.problem(StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(detail, "an internal server error occurred");
    assert!(!panicked.text().contains("secret"));
    assert_unchanged(&host, &mut client).await;
}

#[tokio::test]
async fn a_panic_in_an_async_handler_rolls_back_as_well() {
    let (host, mut client, _) = SampleHost::start().await;
    let panicked = client.post("/panic-slowly").await;
    let detail = panicked.problem(StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(detail, "an internal server error occurred");
    assert_unchanged(&host, &mut client).await;
}

#[tokio::test]
async fn a_hold_timeout_rolls_back_and_releases_the_lock() {
    let (host, mut client, _) = SampleHost::start().await;
    let timed_out = client.post("/never-ends").await;
    let detail = timed_out.problem(StatusCode::SERVICE_UNAVAILABLE);
    assert!(
        detail.contains("50ms") && detail.contains("nothing was changed"),
        "{detail}"
    );
    assert_eq!(timed_out.header("retry-after"), "1");
    assert_unchanged(&host, &mut client).await;
}

#[tokio::test]
async fn a_disconnect_does_not_stop_a_handler_that_holds_its_lock() {
    let (host, mut reader, address) = SampleHost::start().await;
    let disconnected = tokio::spawn(async move {
        let mut client = Client::connect(address).await;
        client.post("/change-slowly/300").await
    });
    host.wait_until_held_with(0).await;
    disconnected.abort();
    assert!(disconnected.await.unwrap_err().is_cancelled());
    assert_eq!(
        reader.get("/pair").await.json(),
        json!({"left": 0, "right": 0})
    );
    // The next writer runs after the commit, and sees all of it.
    assert_eq!(
        reader.post("/change").await.json(),
        json!({"left": 2, "right": 2})
    );
    assert_eq!(host.latest::<Changes>().unwrap().0, 2);
}

#[tokio::test]
async fn a_disconnect_during_the_wait_leaves_no_trace() {
    let (host, mut client, address) = SampleHost::start().await;
    let holding = tokio::spawn(async move {
        let mut client = Client::connect(address).await;
        client.post("/change-slowly/300").await
    });
    host.wait_until_held_with(0).await;
    let waiting = tokio::spawn(async move {
        let mut client = Client::connect(address).await;
        client.post("/change").await
    });
    host.wait_until_held_with(1).await;
    waiting.abort();
    assert!(waiting.await.unwrap_err().is_cancelled());
    assert_eq!(holding.await.unwrap().status, StatusCode::OK);
    assert_eq!(
        client.post("/change").await.json(),
        json!({"left": 2, "right": 2})
    );
    assert_eq!(host.latest::<Pair>().unwrap().revision(), 2);
}

#[tokio::test]
async fn an_update_that_panics_changes_nothing() {
    let host = SampleHost::new();
    let updating = tokio::spawn({
        let host = host.clone();
        async move {
            let update = host.update(|pair: &mut Pair| {
                pair.left = 9;
                panic!("half done");
            });
            let _: Result<(), _> = update.await;
        }
    });
    assert!(updating.await.unwrap_err().is_panic());
    assert_eq!(host.latest::<Pair>().unwrap().left, 0);
    host.update(|pair: &mut Pair| pair.left = 1).await.unwrap();
}

#[tokio::test]
async fn an_update_that_fails_changes_nothing() {
    #[derive(Debug, PartialEq)]
    enum TestError {
        Update(UpdateError),
        TooMany,
    }
    impl From<UpdateError> for TestError {
        fn from(error: UpdateError) -> Self {
            Self::Update(error)
        }
    }
    let host = SampleHost::new();
    let refused = host
        .try_update(|other: &mut Other| {
            other.0 += 1;
            if other.0 > 0 {
                Err(TestError::TooMany)
            } else {
                Ok(())
            }
        })
        .await;
    assert_eq!(refused, Err(TestError::TooMany));
    assert_eq!(
        (
            host.latest::<Other>().unwrap().0,
            host.latest::<Other>().unwrap().revision()
        ),
        (0, 0)
    );
}

#[tokio::test]
async fn update_many_commits_all_states_or_none() {
    let host = SampleHost::new();
    host.update_many(
        (&host.pair, &host.other, &host.changes),
        |(pair, other, changes)| {
            pair.left = 1;
            other.0 = 2;
            changes.0 = 3;
        },
    )
    .await
    .unwrap();
    let (pair, other) = (
        host.latest::<Pair>().unwrap(),
        host.latest::<Other>().unwrap(),
    );
    assert_eq!(
        (pair.left, other.0, host.latest::<Changes>().unwrap().0),
        (1, 2, 3)
    );
    assert_eq!((pair.revision(), other.revision()), (1, 1));

    let updating = tokio::spawn({
        let host = host.clone();
        async move {
            let update = host.update_many((&host.pair, &host.other), |(pair, other)| {
                (pair.left, other.0) = (9, 9);
                panic!("half done");
            });
            let _: Result<(), _> = update.await;
        }
    });
    assert!(updating.await.unwrap_err().is_panic());
    assert_eq!(
        (
            host.latest::<Pair>().unwrap().left,
            host.latest::<Other>().unwrap().0
        ),
        (1, 2)
    );
}

#[tokio::test]
async fn a_reset_restores_the_initial_value() {
    let host = SampleHost::new();
    host.update(|pair: &mut Pair| pair.left = 5).await.unwrap();
    host.reset::<Pair>().await.unwrap();
    assert_eq!(*host.latest::<Pair>().unwrap(), Pair::default());
    assert_eq!(host.latest::<Pair>().unwrap().revision(), 2);
}
