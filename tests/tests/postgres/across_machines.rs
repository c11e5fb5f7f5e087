//! What one process does is seen by the others.

use axum::Router;
use axum::body::{Body, to_bytes};
use futures_util::StreamExt;
use http::{Request, StatusCode};
use kr_runtime::prelude::*;
use kr_runtime::{Counter, SharedMap, Store};
use kr_tests::postgres::postgres;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tower::ServiceExt;

#[derive(Clone, Serialize, Deserialize, SharedState)]
#[shared_state(lock = "page")]
struct Page {
    title: String,
    visits: Counter,
}

/// A page without a counter.
#[derive(Clone, Default, Serialize, Deserialize, SharedState)]
#[shared_state(lock = "board")]
struct Board {
    lines: Vec<String>,
}

#[derive(Clone, Default, Serialize, Deserialize, SharedState)]
#[shared_state(lock = "account:{id}")]
struct Account {
    balance: i64,
}

#[derive(Host)]
struct Site {
    page: Shared<Page>,
    board: Shared<Board>,
    accounts: SharedMap<u64, Account>,
}

#[kr_route(get, "/board", live, cached)]
#[locked("board")]
fn board(board: &Board) -> String {
    board.lines.join(",")
}

#[kr_route(get, "/board/stale")]
#[locked("board", stale = "300ms")]
fn stale(board: &Board) -> String {
    board.lines.join(",")
}

#[kr_route(post, "/board/{line}")]
#[locked("board")]
fn write(board: &mut Board, line: String) {
    board.lines.push(line);
}

#[kr_route(post, "/board/{line}/slowly")]
#[locked("board")]
async fn write_slowly(board: &mut Board, line: String) {
    tokio::time::sleep(Duration::from_millis(100)).await;
    board.lines.push(line);
}

#[kr_route(post, "/board/{line}/in-place")]
#[locked("board", in_place)]
fn write_in_place(board: &mut Board, line: String) {
    board.lines.push(line);
}

#[kr_route(post, "/account/{id}", idempotent)]
#[locked("account:{id}")]
fn deposit(account: &mut Account, id: u64) -> String {
    account.balance += 1;
    format!("{id}: {}", account.balance)
}

#[kr_route(put, "/account/{id}")]
#[locked("account:{id}")]
fn open(account: &mut Option<Account>, id: u64) -> Result<StatusCode, Problem> {
    if account.is_some() {
        return Err(Problem::conflict(format!("account {id} is there")));
    }
    *account = Some(Account { balance: 0 });
    Ok(StatusCode::CREATED)
}

#[derive(Clone)]
struct Machine {
    site: Arc<Site>,
    app: Router,
}

fn machine(url: &str) -> Machine {
    let page = Page {
        title: "first".to_owned(),
        visits: Counter::new(0),
    };
    let site = Site {
        page: Shared::new(page),
        board: Shared::new(Board::default()),
        accounts: SharedMap::new(),
    };
    let app = App::new("Site", site)
        .store(Store::connect(url).unwrap())
        .mount(routes![
            board,
            stale,
            write,
            write_slowly,
            write_in_place,
            deposit,
            open
        ]);
    Machine {
        site: app.host(),
        app: app.into_router().unwrap(),
    }
}

/// Two machines over one database.
fn two() -> Option<[Machine; 2]> {
    let url = postgres()?.database();
    Some([machine(&url), machine(&url)])
}

/// As [`send`], in a task of its own: one task may not take locks of one name in any order.
fn spawn(machine: &Machine, method: &'static str, path: &str, key: Option<&str>) -> Sending {
    let machine = machine.clone();
    let (path, key) = (path.to_owned(), key.map(str::to_owned));
    tokio::spawn(async move { send(&machine, method, &path, key.as_deref()).await })
}

type Sending = tokio::task::JoinHandle<(StatusCode, String)>;

async fn send(
    machine: &Machine,
    method: &str,
    path: &str,
    key: Option<&str>,
) -> (StatusCode, String) {
    let mut request = Request::builder().method(method).uri(path);
    if let Some(key) = key {
        request = request.header("idempotency-key", key);
    }
    let request = request.body(Body::empty()).unwrap();
    let response = machine.app.clone().oneshot(request).await.unwrap();
    let status = response.status();
    let body = to_bytes(response.into_body(), 10_000).await.unwrap();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_read_sees_what_another_machine_has_answered() {
    let Some([here, there]) = two() else { return };
    let mut lines = Vec::new();
    for number in 0..20 {
        let path = match number % 3 {
            0 => format!("/board/{number}"),
            1 => format!("/board/{number}/slowly"),
            _ => format!("/board/{number}/in-place"),
        };
        let (status, body) = send(&here, "POST", &path, None).await;
        assert_eq!(status, StatusCode::OK, "{body}");
        lines.push(number.to_string());
        // A response that was cached is made again only if something has changed.
        for _ in 0..2 {
            assert_eq!(send(&there, "GET", "/board", None).await.1, lines.join(","));
        }
        assert_eq!(there.site.read::<Board>().await.unwrap().lines, lines);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_live_response_follows_other_machines() {
    let Some([here, there]) = two() else { return };
    let request = Request::get("/board").header("accept", "text/event-stream");
    let request = request.body(Body::empty()).unwrap();
    let response = there.app.clone().oneshot(request).await.unwrap();
    let mut events = response.into_body().into_data_stream();
    let first = events.next().await.unwrap().unwrap();
    assert!(first.windows(5).any(|part| part == b"data:"), "{first:?}");
    for number in 0..5 {
        send(&here, "POST", &format!("/board/line{number}"), None).await;
        let start = Instant::now();
        loop {
            let event = tokio::time::timeout(Duration::from_secs(5), events.next()).await;
            let event = event.expect("an event").unwrap().unwrap();
            if String::from_utf8_lossy(&event).contains(&format!("line{number}")) {
                break;
            }
        }
        println!("seen after {:?}", start.elapsed());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_with_a_key_is_done_once_on_whatever_machine_it_is_sent_again() {
    let Some([here, there]) = two() else { return };
    let first = send(&here, "POST", "/account/7", Some("\"a\"")).await;
    assert_eq!(first, (StatusCode::OK, "7: 1".to_owned()));
    assert_eq!(
        send(&there, "POST", "/account/7", Some("\"a\"")).await,
        first
    );
    let other = send(&there, "POST", "/account/8", Some("\"a\"")).await;
    assert_eq!(other.0, StatusCode::UNPROCESSABLE_ENTITY);
    // At the same time, too: whoever does not get the response is told to try again.
    for round in 0..20 {
        let key = format!("\"round {round}\"");
        let left = spawn(&here, "POST", "/account/9", Some(&key));
        let right = spawn(&there, "POST", "/account/9", Some(&key));
        let (left, right) = (left.await.unwrap(), right.await.unwrap());
        let expected = (StatusCode::OK, format!("9: {}", round + 1));
        for response in [left, right] {
            assert!(
                response == expected || response.0 == StatusCode::SERVICE_UNAVAILABLE,
                "{response:?}"
            );
        }
        assert_eq!(
            send(&there, "POST", "/account/9", Some(&key)).await,
            expected
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_that_make_the_same_instance_make_one() {
    let Some([here, there]) = two() else { return };
    for id in 0..30 {
        let path = format!("/account/{id}");
        let left = spawn(&here, "PUT", &path, None);
        let right = spawn(&there, "PUT", &path, None);
        let (left, right) = (left.await.unwrap(), right.await.unwrap());
        let mut statuses = [left.0, right.0];
        statuses.sort();
        assert_eq!(statuses, [StatusCode::CREATED, StatusCode::CONFLICT]);
    }
    assert_eq!(here.site.accounts.len().await.unwrap(), 30);
    assert_eq!(
        there.site.accounts.keys().await.unwrap(),
        (0..30).collect::<Vec<_>>()
    );
    assert!(here.site.accounts.remove(&3).await.unwrap());
    assert!(there.site.accounts.get(&3).await.unwrap().is_none());
    assert!(!there.site.accounts.remove(&3).await.unwrap());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_that_are_not_there_leave_no_rows() {
    let Some([here, _there]) = two() else { return };
    for id in 0..50 {
        assert!(here.site.accounts.get(&id).await.unwrap().is_none());
        assert!(!here.site.accounts.remove(&id).await.unwrap());
    }
    let store = here.site.accounts.len().await.unwrap();
    assert_eq!(store, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn machines_count_together() {
    let Some([here, there]) = two() else { return };
    let (page, other) = (
        here.site.read::<Page>().await.unwrap(),
        there.site.read::<Page>().await.unwrap(),
    );
    for _ in 0..50 {
        page.visits.add(1).unwrap();
        other.visits.add(2).unwrap();
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    // Whoever changes the state takes along what was counted here, and finds what was counted there.
    here.site
        .update(|page: &mut Page| page.title = "second".to_owned())
        .await
        .unwrap();
    let end = Instant::now() + Duration::from_secs(5);
    loop {
        let here = here.site.read::<Page>().await.unwrap();
        let there = there.site.read::<Page>().await.unwrap();
        if (here.visits.get(), there.visits.get()) == (150, 150) {
            assert_eq!((there.title.as_str(), there.revision()), ("second", 1));
            break;
        }
        assert!(
            Instant::now() < end,
            "{} and {}",
            here.visits.get(),
            there.visits.get()
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_read_that_may_be_stale_is_so_for_its_time_only() {
    let Some([here, there]) = two() else { return };
    assert_eq!(send(&there, "GET", "/board/stale", None).await.1, "");
    let asked = Instant::now();
    send(&here, "POST", "/board/one", None).await;
    let seen = send(&there, "GET", "/board/stale", None).await.1;
    if asked.elapsed() < Duration::from_millis(250) {
        assert_eq!(seen, "", "the store was asked although it need not be");
    }
    tokio::time::sleep(Duration::from_millis(350)).await;
    assert_eq!(send(&there, "GET", "/board/stale", None).await.1, "one");
}
