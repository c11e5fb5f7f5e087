//! Counters: concurrent, without a lock, and part of the snapshots of their state.

use http::StatusCode;
use kr_runtime::prelude::*;
use kr_runtime::{Counter, Snapshot};
use kr_tests::{Client, serve};

#[derive(Clone, Serialize, Deserialize, SharedState)]
#[shared_state(lock = "page")]
struct Page {
    visits: Counter,
    title: String,
}

#[derive(Clone, Host)]
struct Site {
    page: Shared<Page>,
}

fn site() -> Site {
    let page = Page {
        visits: Counter::new(10),
        title: "Welcome".into(),
    };
    Site {
        page: Shared::new(page),
    }
}

#[kr_route(post, "/visit")]
fn visit(visits: &Counter) -> Result<Json<i64>, Problem> {
    Ok(Json(visits.add(1)?))
}

#[kr_route(post, "/set/{number}")]
fn set(number: i64, visits: &Counter) -> Json<i64> {
    Json(visits.set(number))
}

/// Counts although it fails: a counter is not part of the draft.
#[kr_route(post, "/rename")]
#[locked("page")]
fn rename(page: &mut Page, visits: &Counter, title: String) -> Result<(), Problem> {
    page.title = title;
    visits.add(1)?;
    Err(Problem::conflict("no"))
}

#[kr_route(post, "/restore")]
#[locked("page")]
fn restore(page: &mut Page, Json(snapshot): Json<Snapshot<Page>>) -> Json<i64> {
    *page = snapshot.into_inner();
    Json(page.visits.get())
}

async fn start() -> (Site, Client) {
    let site = site();
    let app = App::new("Site", site.clone()).mount(routes![visit, set, rename, restore]);
    let address = serve(app.into_router().unwrap()).await;
    (site, Client::connect(address).await)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn concurrent_counts_are_all_kept_while_the_lock_is_held() {
    let (site, client) = start().await;
    drop(client);
    let locks = App::new("Names", site.clone()).locks();
    let _held = locks.lock("page").await.unwrap();
    let router = App::new("Site", site.clone())
        .mount(routes![visit])
        .into_router()
        .unwrap();
    let address = serve(router).await;
    let clients = (0..8).map(|_| {
        tokio::spawn(async move {
            let mut client = Client::connect(address).await;
            for _ in 0..50 {
                assert_eq!(client.post("/visit").await.status, StatusCode::OK);
            }
        })
    });
    for client in clients.collect::<Vec<_>>() {
        client.await.unwrap();
    }
    assert_eq!(site.latest::<Page>().unwrap().visits.get(), 410);
    assert_eq!(site.latest::<Page>().unwrap().revision(), 0);
}

#[tokio::test]
async fn an_overflow_is_an_error_and_adds_nothing() {
    let (site, mut client) = start().await;
    assert_eq!(client.post(&format!("/set/{}", i64::MAX)).await.json(), 10);
    let detail = client.post("/visit").await.problem(StatusCode::CONFLICT);
    assert!(detail.contains("does not fit"), "{detail}");
    assert_eq!(site.latest::<Page>().unwrap().visits.get(), i64::MAX);
}

#[tokio::test]
async fn a_rollback_does_not_undo_a_count() {
    let (site, mut client) = start().await;
    let response = client
        .send(http::Method::POST, "/rename", Some("text/plain"), "x")
        .await;
    assert_eq!(response.status, StatusCode::CONFLICT);
    let page = site.latest::<Page>().unwrap();
    assert_eq!((page.visits.get(), page.title.as_str()), (11, "Welcome"));
}

#[tokio::test]
async fn a_counter_is_exported_and_imported_with_its_state() {
    let (site, mut client) = start().await;
    let document = Snapshot::new(&*site.latest::<Page>().unwrap())
        .to_string()
        .unwrap();
    assert!(
        document.contains(r#"<I64 N="visits">10</I64>"#),
        "{document}"
    );
    client.post("/visit").await;
    assert_eq!(site.latest::<Page>().unwrap().visits.get(), 11);
    let restored = client.post_json("/restore", &document.into()).await;
    assert_eq!(restored.json(), 10);
    assert_eq!(client.post("/visit").await.json(), 11);
}

#[tokio::test]
async fn a_reset_restores_the_initial_count() {
    let (site, mut client) = start().await;
    client.post("/visit").await;
    site.update(|page: &mut Page| page.title.push('!'))
        .await
        .unwrap();
    site.reset_by_name("Page").await.unwrap();
    assert_eq!(client.post("/visit").await.json(), 11);
    site.reset::<Page>().await.unwrap();
    assert_eq!(site.latest::<Page>().unwrap().visits.get(), 10);
}
