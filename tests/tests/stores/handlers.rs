//! What handlers promise holds on every store: all or nothing, in place, removal, tags, retries, cached and followed responses.

use crate::sample::{Account, Bank, Journal, Page, Rates, bank};
use crate::under_test::{Place, on_every_store};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::response::Response;
use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::BodyExt;
use kr_runtime::prelude::*;
use kr_runtime::{Revision, Store, Update};
use kr_tests::stores::Unreliable;
use std::sync::Arc;
use std::time::Duration;
use tower::ServiceExt;

on_every_store! {
    an_error_or_a_panic_leaves_nothing
    changes_in_place_are_all_kept_also_those_of_an_error
    an_instance_is_made_replaced_and_removed_in_the_transaction
    a_transfer_that_fails_changes_neither_account
    a_change_that_rests_on_an_older_revision_is_refused
    a_change_that_changes_nothing_makes_no_revision_and_no_tag
    a_repeated_request_is_done_once
    a_repeated_request_that_changes_nothing_is_done_once
    a_cached_response_is_never_older_than_an_answered_commit
    a_follower_gets_the_newest_value_with_its_revision
    a_reset_is_a_commit
    of_many_at_once_all_changes_count
}

/// An application with routes, on a store.
struct UnderTest {
    bank: Arc<Bank>,
    router: Router,
    _place: Option<Place>,
}

impl UnderTest {
    fn memory() -> Self {
        Self::of(app().store(Store::memory()), None)
    }

    fn slow() -> Self {
        let slow = Unreliable {
            fails_one_in: 0,
            longest_write: Duration::from_millis(5),
            seed: 11,
        };
        Self::of(app().store(slow.store().0), None)
    }

    fn file() -> Self {
        Self::at(Place::file())
    }

    fn postgres() -> Option<Self> {
        Place::postgres().map(Self::at)
    }

    fn at(place: Place) -> Self {
        Self::of(app().store(place.open()), Some(place))
    }

    fn of(app: App<Bank>, place: Option<Place>) -> Self {
        let bank = app.host();
        let app = app.mount(routes![
            rename, title, follow, write_line, account, open, close, transfer, deposit, look
        ]);
        Self {
            bank,
            router: app.into_router().expect("the bank"),
            _place: place,
        }
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        header: Option<(&str, &str)>,
    ) -> (StatusCode, HeaderMap, String) {
        let mut request = Request::builder().method(method).uri(path);
        if let Some((name, value)) = header {
            request = request.header(name, value);
        }
        let request = request.body(Body::empty()).unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, 10_000).await.unwrap();
        let text = String::from_utf8(body.to_vec()).unwrap();
        (parts.status, parts.headers, text)
    }

    async fn post(&self, path: &str) -> (StatusCode, String) {
        let (status, _, text) = self.send(Method::POST, path, None).await;
        (status, text)
    }

    async fn get(&self, path: &str) -> (StatusCode, String) {
        let (status, _, text) = self.send(Method::GET, path, None).await;
        (status, text)
    }

    async fn tag(&self, path: &str) -> String {
        let (status, headers, _) = self.send(Method::GET, path, None).await;
        assert_eq!(status, StatusCode::OK);
        headers["etag"].to_str().unwrap().to_owned()
    }
}

fn app() -> App<Bank> {
    App::new("Bank", bank())
}

#[kr_route(post, "/page/{title}", etag)]
#[locked("page")]
fn rename(page: &mut Page, title: String) -> Result<Update<String>, Problem> {
    if page.title == title {
        page.title.push_str(" and more that is dropped");
        return Ok(Update::Unchanged("as before".to_owned()));
    }
    page.title = title;
    match page.title.as_str() {
        "bad" => Err(Problem::bad_request("not that one")),
        "panic" => panic!("as the test wants"),
        title => Ok(Update::Changed(title.to_owned())),
    }
}

#[kr_route(get, "/page", etag)]
#[locked("page")]
fn title(page: &Page, revision: Revision) -> Json<(String, Revision)> {
    Json((page.title.clone(), revision))
}

#[kr_route(get, "/lines", cached, live)]
#[locked("journal")]
fn follow(journal: &Journal) -> Json<&Vec<String>> {
    Json(&journal.lines)
}

#[kr_route(post, "/lines/{line}")]
#[locked("journal", in_place)]
fn write_line(journal: &mut Journal, line: u64) -> Response {
    journal.lines.push(line.to_string());
    match line {
        13 => Problem::conflict("it is written all the same").into_response(),
        _ => Json(journal.lines.len()).into_response(),
    }
}

#[kr_route(get, "/account/{id}", etag)]
#[locked("account:{id}")]
fn account(account: Option<&Account>, id: u64) -> Result<String, Problem> {
    let account = account.ok_or_else(|| Problem::not_found(format!("no account {id}")))?;
    Ok(account.balance.to_string())
}

#[kr_route(put, "/account/{id}/{balance}")]
#[locked("account:{id}")]
fn open(account: &mut Option<Account>, id: u64, balance: i64) -> Result<String, Problem> {
    let owner = id.to_string();
    let opened = account.insert(Account { balance, owner });
    match opened.balance < 0 {
        true => Err(Problem::bad_request("less than nothing")),
        false => Ok(balance.to_string()),
    }
}

#[kr_route(delete, "/account/{id}")]
#[locked("account:{id}")]
fn close(account: &mut Option<Account>, id: u64) -> Result<String, Problem> {
    match account.take() {
        None => Err(Problem::not_found(format!("no account {id}"))),
        Some(account) if account.balance != 0 => Err(Problem::conflict("it is not empty")),
        Some(account) => Ok(account.owner),
    }
}

#[kr_route(post, "/transfer/{payer}/{payee}/{amount}")]
#[locked(from = "account:{payer}", to = "account:{payee}")]
fn transfer(
    from: &mut Account,
    to: &mut Account,
    payer: u64,
    payee: u64,
    amount: i64,
) -> Result<(), Problem> {
    let _ = (payer, payee);
    from.balance -= amount;
    to.balance += amount;
    match from.balance < 0 {
        true => Err(Problem::conflict("there is not enough")),
        false => Ok(()),
    }
}

#[kr_route(post, "/deposit/{id}", idempotent)]
#[locked("account:{id}")]
fn deposit(account: &mut Account, id: u64) -> String {
    let _ = id;
    account.balance += 1;
    account.balance.to_string()
}

#[kr_route(post, "/look/{id}", idempotent)]
#[locked("account:{id}")]
fn look(account: &mut Account, id: u64) -> Update<String> {
    let _ = id;
    Update::Unchanged(account.balance.to_string())
}

const OK: StatusCode = StatusCode::OK;

async fn an_error_or_a_panic_leaves_nothing(test: UnderTest) {
    assert_eq!(test.post("/page/one").await, (OK, "one".to_owned()));
    assert_eq!(test.post("/page/bad").await.0, StatusCode::BAD_REQUEST);
    let panicked = test.post("/page/panic").await.0;
    assert_eq!(panicked, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(test.get("/page").await, (OK, r#"["one",1]"#.to_owned()));
    assert_eq!(test.post("/page/two").await, (OK, "two".to_owned()));
    assert_eq!(test.get("/page").await, (OK, r#"["two",2]"#.to_owned()));
}

async fn changes_in_place_are_all_kept_also_those_of_an_error(test: UnderTest) {
    for line in 11..16 {
        let expected = if line == 13 { StatusCode::CONFLICT } else { OK };
        let path = format!("/lines/{line}");
        assert_eq!(test.post(&path).await.0, expected);
    }
    let lines = test.bank.read::<Journal>().await.unwrap();
    assert_eq!(lines.lines, ["11", "12", "13", "14", "15"]);
    assert_eq!(lines.revision(), 5);
}

async fn an_instance_is_made_replaced_and_removed_in_the_transaction(test: UnderTest) {
    let status = async |method, path| test.send(method, path, None).await.0;
    assert_eq!(
        status(Method::GET, "/account/7").await,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        status(Method::PUT, "/account/7/-1").await,
        StatusCode::BAD_REQUEST
    );
    assert_eq!(
        status(Method::GET, "/account/7").await,
        StatusCode::NOT_FOUND
    );
    assert_eq!(test.bank.accounts.len().await.unwrap(), 0);
    assert_eq!(status(Method::PUT, "/account/7/5").await, OK);
    assert_eq!(test.get("/account/7").await, (OK, "5".to_owned()));
    // What was taken is there again after an error.
    assert_eq!(
        status(Method::DELETE, "/account/7").await,
        StatusCode::CONFLICT
    );
    assert_eq!(test.get("/account/7").await, (OK, "5".to_owned()));
    assert_eq!(status(Method::PUT, "/account/7/0").await, OK);
    assert_eq!(status(Method::DELETE, "/account/7").await, OK);
    assert_eq!(
        status(Method::DELETE, "/account/7").await,
        StatusCode::NOT_FOUND
    );
    assert_eq!(test.bank.accounts.len().await.unwrap(), 0);
}

async fn a_transfer_that_fails_changes_neither_account(test: UnderTest) {
    test.send(Method::PUT, "/account/1/5", None).await;
    assert_eq!(test.post("/transfer/1/2/3").await.0, OK);
    assert_eq!(test.post("/transfer/1/2/3").await.0, StatusCode::CONFLICT);
    // That one makes an instance, which is not there when it fails.
    assert_eq!(test.post("/transfer/1/3/9").await.0, StatusCode::CONFLICT);
    assert_eq!(test.get("/account/1").await, (OK, "2".to_owned()));
    assert_eq!(test.get("/account/2").await, (OK, "3".to_owned()));
    assert_eq!(test.get("/account/3").await.0, StatusCode::NOT_FOUND);
}

async fn a_change_that_rests_on_an_older_revision_is_refused(test: UnderTest) {
    let first = test.tag("/page").await;
    let change = async |path, tag: &str| {
        let (status, headers, _) = test.send(Method::POST, path, Some(("if-match", tag))).await;
        (status, headers)
    };
    let (status, headers) = change("/page/one", &first).await;
    assert_eq!(status, OK);
    let second = headers["etag"].to_str().unwrap().to_owned();
    assert_eq!(test.tag("/page").await, second);
    let refused = change("/page/lost", &first).await.0;
    assert_eq!(refused, StatusCode::PRECONDITION_FAILED);
    assert_eq!(change("/page/two", &second).await.0, OK);
    let known = Some(("if-none-match", second.as_str()));
    assert_eq!(test.send(Method::GET, "/page", known).await.0, OK);
    let third = test.tag("/page").await;
    let known = Some(("if-none-match", third.as_str()));
    let (status, _, text) = test.send(Method::GET, "/page", known).await;
    assert_eq!((status, text.as_str()), (StatusCode::NOT_MODIFIED, ""));
}

async fn a_change_that_changes_nothing_makes_no_revision_and_no_tag(test: UnderTest) {
    test.post("/page/one").await;
    let tag = test.tag("/page").await;
    assert_eq!(test.post("/page/one").await, (OK, "as before".to_owned()));
    assert_eq!(test.get("/page").await, (OK, r#"["one",1]"#.to_owned()));
    assert_eq!(test.tag("/page").await, tag);
}

async fn a_repeated_request_is_done_once(test: UnderTest) {
    let mut tasks = tokio::task::JoinSet::new();
    let test = Arc::new(test);
    for _ in 0..4 {
        let test = Arc::clone(&test);
        tasks.spawn(async move {
            let key = Some(("idempotency-key", "\"a\""));
            test.send(Method::POST, "/deposit/7", key).await
        });
    }
    while let Some(answer) = tasks.join_next().await {
        let (status, _, text) = answer.unwrap();
        match status {
            OK => assert_eq!(text, "1"),
            // The first one is still running.
            other => assert_eq!(other, StatusCode::CONFLICT),
        }
    }
    let key = Some(("idempotency-key", "\"a\""));
    let (status, headers, text) = test.send(Method::POST, "/deposit/7", key).await;
    assert_eq!((status, text.as_str()), (OK, "1"));
    assert!(headers.contains_key("idempotent-replayed"));
    let (status, _, _) = test.send(Method::POST, "/deposit/8", key).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(test.get("/account/7").await, (OK, "1".to_owned()));
    assert_eq!(test.get("/account/8").await.0, StatusCode::NOT_FOUND);
}

async fn a_repeated_request_that_changes_nothing_is_done_once(test: UnderTest) {
    test.send(Method::PUT, "/account/7/5", None).await;
    let key = Some(("idempotency-key", "\"a\""));
    for is_replayed in [false, true] {
        let (status, headers, text) = test.send(Method::POST, "/look/7", key).await;
        assert_eq!((status, text.as_str()), (OK, "5"));
        assert_eq!(headers.contains_key("idempotent-replayed"), is_replayed);
        test.send(Method::PUT, "/account/7/6", None).await;
    }
}

async fn a_cached_response_is_never_older_than_an_answered_commit(test: UnderTest) {
    let mut lines = Vec::new();
    for line in 20..40_u64 {
        assert_eq!(test.post(&format!("/lines/{line}")).await.0, OK);
        lines.push(line.to_string());
        for _ in 0..2 {
            let (status, text) = test.get("/lines").await;
            assert_eq!((status, text), (OK, serde_json::to_string(&lines).unwrap()));
        }
    }
}

async fn a_follower_gets_the_newest_value_with_its_revision(test: UnderTest) {
    let request = Request::get("/lines").header("accept", "text/event-stream");
    let request = request.body(Body::empty()).unwrap();
    let response = test.router.clone().oneshot(request).await.unwrap();
    assert_eq!(response.status(), OK);
    let mut body = response.into_body();
    let mut text = String::new();
    for line in 20..25_u64 {
        assert_eq!(test.post(&format!("/lines/{line}")).await.0, OK);
    }
    // Earlier ones may be skipped, and none comes after the newest.
    while !text.contains(r#"["20","21","22","23","24"]"#) {
        let frame = tokio::time::timeout(Duration::from_secs(20), body.frame()).await;
        let frame = frame.expect("an event").expect("an open stream").unwrap();
        text.push_str(std::str::from_utf8(frame.data_ref().unwrap()).unwrap());
    }
    let ids: Vec<u64> = text
        .lines()
        .filter_map(|line| line.strip_prefix("id:"))
        .map(|id| id.trim().split('.').next().unwrap().parse().unwrap())
        .collect();
    assert!(ids.is_sorted(), "{ids:?}");
    assert_eq!(ids.last(), Some(&5));
}

async fn a_reset_is_a_commit(test: UnderTest) {
    test.post("/page/one").await;
    test.bank.reset::<Page>().await.unwrap();
    assert_eq!(test.get("/page").await, (OK, r#"["first",2]"#.to_owned()));
}

async fn of_many_at_once_all_changes_count(test: UnderTest) {
    let test = Arc::new(test);
    let mut tasks = tokio::task::JoinSet::new();
    for task in 0..8_u64 {
        let test = Arc::clone(&test);
        tasks.spawn(async move {
            for number in 0..10 {
                let (from, to) = (task % 4, (task + 1 + number % 3) % 4);
                // In either direction, so that both orders of the locks are asked for.
                test.post(&format!("/transfer/{from}/{to}/0")).await;
                test.post(&format!("/deposit/{from}")).await;
                let rates = test
                    .bank
                    .update(|rates: &mut Rates| rates.values.push(None));
                rates.await.unwrap();
                assert_eq!(test.post(&format!("/lines/{}", 100 + number)).await.0, OK);
            }
        });
    }
    while let Some(done) = tasks.join_next().await {
        done.unwrap();
    }
    let accounts = test.bank.accounts.entries().await.unwrap();
    let sum: i64 = accounts.iter().map(|(_, account)| account.balance).sum();
    assert_eq!(sum, 80);
    assert_eq!(test.bank.read::<Rates>().await.unwrap().values.len(), 80);
    let journal = test.bank.read::<Journal>().await.unwrap();
    assert_eq!((journal.lines.len(), journal.revision()), (80, 80));
}
