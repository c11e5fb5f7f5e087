//! No hangs: one global order of locks, a deadline for every wait, and re-entry is an error at once.

use crate::sample_host::{self, Other, Pair, SampleHost};
use http::StatusCode;
use kr_runtime::{App, Host, LockError, Locks};
use kr_tests::{Client, serve};
use std::time::{Duration, Instant};

#[tokio::test]
async fn a_wait_that_times_out_is_a_503_with_the_name_of_the_lock() {
    let (host, mut client, address) = SampleHost::start().await;
    let holding = tokio::spawn(async move {
        Client::connect(address)
            .await
            .post("/change-slowly/1000")
            .await
    });
    host.wait_until_held_with(0).await;
    let busy = client.post("/short-timeout").await;
    assert!(!holding.is_finished());
    let detail = busy.problem(StatusCode::SERVICE_UNAVAILABLE);
    assert!(
        detail.contains("lock \"pair\"") && detail.contains("50ms"),
        "{detail}"
    );
    assert_eq!(busy.json()["lock"], "pair");
    assert_eq!(busy.header("retry-after"), "1");
}

#[tokio::test(flavor = "multi_thread")]
async fn handlers_that_name_two_locks_in_opposite_order_never_deadlock() {
    let (host, _, address) = SampleHost::start().await;
    let mut clients = Vec::new();
    for number in 0..8 {
        clients.push(tokio::spawn(async move {
            let path = if number % 2 == 0 {
                "/both-sorted"
            } else {
                "/both-reversed"
            };
            let mut client = Client::connect(address).await;
            for _ in 0..50 {
                assert_eq!(client.post(path).await.status, StatusCode::OK);
            }
        }));
    }
    for client in clients {
        client.await.unwrap();
    }
    assert_eq!(host.latest::<Other>().unwrap().0, 400);
    assert_eq!(host.latest::<Pair>().unwrap().right, 400);
}

#[tokio::test]
async fn reentry_is_an_error_at_once_that_names_both_call_sites() {
    let (host, mut client, _) = SampleHost::start().await;
    let started = Instant::now();
    let detail = client.post("/nested").await.problem(StatusCode::CONFLICT);
    assert!(started.elapsed() < Duration::from_secs(5), "it waited");
    assert!(detail.contains("`nested` (POST /nested)"), "{detail}");
    assert!(detail.contains("sample_host.rs:"), "{detail}");
    assert_eq!(host.latest::<Pair>().unwrap().left, 0);
}

#[tokio::test]
async fn reentry_of_a_lock_by_name_is_an_error() {
    let locks = Locks::new();
    let _held = locks.lock("Reports").await.unwrap();
    let again = locks.lock("reports").await.unwrap_err();
    assert!(matches!(again, LockError::Reentrant { .. }), "{again}");
}

#[tokio::test]
async fn a_lock_by_name_is_the_lock_of_the_state() {
    let host = SampleHost::new();
    let app = App::new("SampleHost", host.clone());
    let locks = app.locks();
    let held = locks.lock("pair").await.unwrap();
    let update = tokio::spawn({
        let host = host.clone();
        async move { host.update(|pair: &mut Pair| pair.left = 1).await }
    });
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(!update.is_finished());
    drop(held);
    update.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_timeout_outside_handlers_reports_the_holder_and_its_hold_time() {
    let locks = Locks::new();
    let held = tokio::spawn({
        let locks = locks.clone();
        async move {
            let _guard = locks.lock("a").await.unwrap();
            tokio::time::sleep(Duration::from_secs(60)).await;
        }
    });
    tokio::time::sleep(Duration::from_millis(20)).await;
    let late = locks
        .lock_within("a", Duration::from_millis(10))
        .await
        .unwrap_err();
    let text = late.to_string();
    assert!(
        text.contains("\"a\"") && text.contains("no_hangs.rs:") && text.contains("held it for"),
        "{text}"
    );
    held.abort();
}

#[tokio::test]
async fn a_request_beyond_the_limit_on_waiters_is_rejected_at_once() {
    let host = SampleHost::new();
    let app = App::new("SampleHost", host.clone()).max_waiters(2);
    let router = app.mount(sample_host::routes()).into_router().unwrap();
    let address = serve(router).await;
    let mut others = Vec::new();
    for (before, path) in ["/change-slowly/1000", "/change", "/change"]
        .into_iter()
        .enumerate()
    {
        others.push(tokio::spawn(async move {
            Client::connect(address).await.post(path).await.status
        }));
        host.wait_until_held_with(before).await;
    }
    let rejected = Client::connect(address).await.post("/change").await;
    assert!(!others[0].is_finished(), "the request arrived too late");
    let detail = rejected.problem(StatusCode::SERVICE_UNAVAILABLE);
    assert!(detail.contains("lock \"pair\""), "{detail}");
    assert_eq!(rejected.header("retry-after"), "1");

    let statuses = host.locks();
    let lock = statuses
        .iter()
        .find(|status| status.lock == "pair")
        .unwrap();
    let holder = lock.holder.as_ref().unwrap();
    assert_eq!(
        holder.call_site,
        "route `change_slowly` (POST /change-slowly/{millis})"
    );
    assert_eq!((lock.waiting, lock.counters.rejected), (2, 1));

    for other in others {
        assert_eq!(other.await.unwrap(), StatusCode::OK);
    }
    let statuses = host.locks();
    let lock = statuses
        .iter()
        .find(|status| status.lock == "pair")
        .unwrap();
    assert_eq!((lock.waiting, &lock.holder), (0, &None));
    assert_eq!((lock.counters.granted, lock.counters.waited), (3, 2));
}

#[tokio::test]
async fn a_lock_with_a_blank_name_is_an_error() {
    assert_eq!(
        Locks::new().lock(" ").await.unwrap_err(),
        LockError::EmptyKey
    );
}

#[tokio::test]
async fn two_requests_in_one_task_are_not_mistaken_for_reentry() {
    async fn post(router: axum::Router, path: &str) -> StatusCode {
        let request = http::Request::post(path).body(axum::body::Body::empty());
        tower::ServiceExt::oneshot(router, request.unwrap())
            .await
            .unwrap()
            .status()
    }
    let host = SampleHost::new();
    let router = host.router();
    let (one, two, three) = tokio::join!(
        post(router.clone(), "/change-slowly/20"),
        post(router.clone(), "/both-sorted"),
        post(router.clone(), "/both-reversed"),
    );
    assert_eq!([one, two, three], [StatusCode::OK; 3]);
}
