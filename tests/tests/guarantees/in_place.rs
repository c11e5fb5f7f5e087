//! `in_place`: states too large to copy are changed without a draft.

use http::StatusCode;
use kr_runtime::axum::response::Response;
use kr_runtime::prelude::*;
use kr_runtime::{LockError, ReadError, UpdateError};
use kr_tests::{Client, serve};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::time::sleep;

/// A table that counts how often it was copied.
#[derive(Default, SharedState)]
#[shared_state(lock = "table")]
struct Table {
    rows: Vec<u64>,
    copies: Copies,
}

/// It is not part of the state, so it is of a type that kr does not see into.
#[derive(Clone, Default)]
struct Copies(Arc<AtomicUsize>);

impl Clone for Table {
    fn clone(&self) -> Self {
        self.copies.0.fetch_add(1, Ordering::SeqCst);
        Self {
            rows: self.rows.clone(),
            copies: self.copies.clone(),
        }
    }
}

#[derive(Clone, Default, SharedState)]
#[shared_state(lock = "table")]
struct Size(usize);

#[derive(Clone, Host)]
struct Site {
    table: Shared<Table>,
    size: Shared<Size>,
}

#[kr_route(post, "/push/{row}")]
#[locked("table", in_place, timeout = "200ms")]
fn push(row: u64, table: &mut Table, size: &mut Size) -> Json<usize> {
    table.rows.push(row);
    size.0 = table.rows.len();
    Json(size.0)
}

#[kr_route(post, "/refuse")]
#[locked("table", in_place)]
fn refuse(table: &mut Table, size: &mut Size) -> Response {
    table.rows.push(0);
    size.0 += 1;
    Problem::conflict("too late").into_response()
}

#[kr_route(post, "/panic")]
#[locked("table", in_place)]
fn panic(table: &mut Table) -> StatusCode {
    table.rows.push(0);
    panic!("half-way")
}

#[kr_route(get, "/rows")]
#[locked("table")]
fn rows(table: &Table) -> Json<&Vec<u64>> {
    Json(&table.rows)
}

#[kr_route(get, "/slowly/{millis}")]
#[locked("table")]
async fn slowly(table: &Table, millis: u64) -> Json<usize> {
    sleep(Duration::from_millis(millis)).await;
    Json(table.rows.len())
}

#[kr_route(get, "/size")]
#[locked("table")]
fn size(size: &Size) -> Json<usize> {
    Json(size.0)
}

#[kr_route(post, "/draft")]
#[locked("table")]
fn draft(table: &mut Table) -> Json<usize> {
    table.rows.push(1);
    Json(table.rows.len())
}

async fn start() -> (Site, Client, std::net::SocketAddr) {
    let site = Site {
        table: Shared::new(Table::default()),
        size: Shared::new(Size(0)),
    };
    let app = App::new("Site", site.clone())
        .mount(routes![push, refuse, panic, rows, slowly, size, draft]);
    let address = serve(app.into_router().unwrap()).await;
    (site, Client::connect(address).await, address)
}

fn copies(site: &Site) -> usize {
    site.latest::<Table>()
        .unwrap()
        .copies
        .0
        .load(Ordering::SeqCst)
}

#[tokio::test]
async fn only_the_initial_value_is_copied_and_only_once() {
    let (site, mut client, _) = start().await;
    for row in 0..20 {
        assert_eq!(client.post(&format!("/push/{row}")).await.json(), row + 1);
        assert_eq!(
            client.get("/rows").await.json().as_array().unwrap().len(),
            row + 1
        );
    }
    // The initial value is kept for a reset.
    assert_eq!(copies(&site), 1);
    assert_eq!(site.latest::<Size>().unwrap().revision(), 20);
}

#[tokio::test]
async fn a_writer_waits_for_readers_until_its_deadline() {
    let (site, mut client, address) = start().await;
    client.post("/push/1").await;
    let reading = tokio::spawn(async move {
        Client::connect(address)
            .await
            .get("/slowly/60")
            .await
            .json()
    });
    sleep(Duration::from_millis(20)).await;
    assert_eq!(client.post("/push/2").await.json(), 2);
    assert_eq!(reading.await.unwrap(), 1);

    let kept = site.latest::<Table>().unwrap();
    let refused = client.post("/push/3").await;
    assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE);
    drop(kept);
    assert_eq!(client.post("/push/3").await.json(), 3);
    assert_eq!(copies(&site), 1);
}

#[tokio::test]
async fn an_error_response_does_not_roll_back() {
    let (_site, mut client, _) = start().await;
    assert_eq!(client.post("/refuse").await.status, StatusCode::CONFLICT);
    assert_eq!(client.get("/size").await.json(), 1);
    assert_eq!(
        client.get("/rows").await.json().as_array().unwrap().len(),
        1
    );
}

#[tokio::test]
async fn a_panic_damages_the_state_until_it_is_reset_or_replaced() {
    let (site, mut client, _) = start().await;
    client.post("/push/1").await;
    for by_reset in [true, false] {
        assert_eq!(
            client.post("/panic").await.status,
            StatusCode::INTERNAL_SERVER_ERROR
        );
        for read in ["/rows", "/slowly/0"] {
            let detail = client
                .get(read)
                .await
                .problem(StatusCode::SERVICE_UNAVAILABLE);
            assert!(
                detail.contains("damaged") && detail.contains("snapshot"),
                "{detail}"
            );
        }
        for write in ["/push/2", "/draft"] {
            let refused = client.post(write).await;
            assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE);
            assert_eq!(refused.json()["lock"], "table");
        }
        // The other state under the lock, which the handler did not change, is not damaged.
        assert_eq!(client.get("/size").await.status, StatusCode::OK);
        let damaged = site.latest::<Table>().map(|_| ());
        assert!(
            matches!(damaged, Err(ReadError::Lock(LockError::Damaged { .. }))),
            "{damaged:?}"
        );
        let refused = site.update(|_: &mut Table| ()).await;
        assert!(
            matches!(refused, Err(UpdateError::Lock(LockError::Damaged { .. }))),
            "{refused:?}"
        );
        match by_reset {
            true => site.reset_by_name("Table").await.unwrap(),
            false => site.replace(Table::default()).await.unwrap(),
        }
        assert_eq!(
            client.get("/rows").await.json().as_array().unwrap().len(),
            0
        );
        assert_eq!(client.post("/push/2").await.json(), 1);
    }
}

#[tokio::test]
async fn handlers_without_in_place_work_on_drafts_of_the_same_state() {
    let (_site, mut client, _) = start().await;
    assert_eq!(client.post("/push/1").await.json(), 1);
    assert_eq!(client.post("/draft").await.json(), 2);
    assert_eq!(
        client.get("/rows").await.json().as_array().unwrap().len(),
        2
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn concurrent_readers_and_writers_all_complete() {
    let (site, _client, address) = start().await;
    let clients = (0..8_u64).map(|number| {
        tokio::spawn(async move {
            let mut client = Client::connect(address).await;
            for _ in 0..40 {
                let response = match number % 2 {
                    0 => client.post("/push/7").await,
                    _ => client.get("/slowly/0").await,
                };
                assert_eq!(response.status, StatusCode::OK, "{}", response.text());
            }
        })
    });
    for client in clients.collect::<Vec<_>>() {
        client.await.unwrap();
    }
    assert_eq!(site.latest::<Table>().unwrap().rows.len(), 160);
    assert_eq!(copies(&site), 1);
}
