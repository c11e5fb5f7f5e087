//! The example `bank`, over HTTP.

use http::{Method, StatusCode};
use kr_runtime::Store;
use kr_tests::{Client, Program, Response, example};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::net::TcpStream;
use tokio::time::timeout;

async fn start() -> (Program, Client) {
    let program = Program::start(&example("bank"));
    let client = Client::connect(program.address).await;
    (program, client)
}

async fn open(client: &mut Client, id: &str, balance: i64) {
    let path = format!("/accounts/{id}");
    let opened = client.put_json(&path, &json!({ "balance": balance })).await;
    assert_eq!(opened.status, StatusCode::CREATED);
    assert_eq!(opened.json(), json!({ "id": id, "balance": balance }));
}

/// It says what was wrong.
fn refused(response: &Response, status: StatusCode) {
    assert_ne!(response.problem(status), "");
}

fn transfer(from: &str, to: &str, amount: i64) -> Value {
    json!({ "from": from, "to": to, "amount": amount })
}

#[tokio::test]
async fn an_account_is_opened_once_and_closed_when_it_is_empty() {
    let (_program, mut client) = start().await;
    refused(&client.get("/accounts/ann").await, StatusCode::NOT_FOUND);
    open(&mut client, "ann", 5).await;
    let account = json!({ "id": "ann", "balance": 5 });
    assert_eq!(client.get("/accounts/ann").await.json(), account);
    let again = client
        .put_json("/accounts/ann", &json!({ "balance": 1 }))
        .await;
    refused(&again, StatusCode::CONFLICT);
    let full = client.delete("/accounts/ann").await;
    refused(&full, StatusCode::CONFLICT);
    assert_eq!(client.get("/accounts/ann").await.json(), account);

    open(&mut client, "bob", 0).await;
    client
        .post_json("/transfers", &transfer("ann", "bob", 5))
        .await;
    let closed = client.delete("/accounts/ann").await;
    assert_eq!(closed.status, StatusCode::NO_CONTENT);
    refused(&client.delete("/accounts/ann").await, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_request_that_makes_no_sense_is_refused() {
    let (_program, mut client) = start().await;
    open(&mut client, "ann", 5).await;
    let negative = json!({ "balance": -1 });
    for (path, body) in [
        ("/accounts/bob", &negative),
        ("/accounts/B_b", &json!({ "balance": 1 })),
    ] {
        let response = client.put_json(path, body).await;
        refused(&response, StatusCode::BAD_REQUEST);
    }
    let deposit = |amount: i64| json!({ "amount": amount });
    let path = "/accounts/ann/deposits";
    let nothing = client.post_json(path, &deposit(0)).await;
    refused(&nothing, StatusCode::BAD_REQUEST);
    let too_much = client.post_json(path, &deposit(i64::MAX)).await;
    refused(&too_much, StatusCode::CONFLICT);
    let nobody = client
        .post_json("/accounts/bob/deposits", &deposit(1))
        .await;
    refused(&nobody, StatusCode::NOT_FOUND);
    for limit in ["0", "1001", "x"] {
        let response = client.get(&format!("/accounts?limit={limit}")).await;
        refused(&response, StatusCode::BAD_REQUEST);
    }
    let deposited = client.post_json(path, &deposit(7)).await;
    assert_eq!(deposited.json(), json!({ "id": "ann", "balance": 12 }));
}

#[tokio::test]
async fn a_transfer_changes_both_accounts_or_neither() {
    let (_program, mut client) = start().await;
    open(&mut client, "ann", 10).await;
    open(&mut client, "bob", i64::MAX - 5).await;
    for (request, status, named) in [
        (transfer("ann", "eve", 1), StatusCode::NOT_FOUND, "`eve`"),
        (transfer("eve", "ann", 1), StatusCode::NOT_FOUND, "`eve`"),
        (transfer("ann", "bob", 11), StatusCode::CONFLICT, "money"),
        (transfer("ann", "bob", 6), StatusCode::CONFLICT, "hold"),
        (transfer("ann", "bob", 0), StatusCode::BAD_REQUEST, "amount"),
        (
            transfer("ann", "ann", 1),
            StatusCode::BAD_REQUEST,
            "account:ann",
        ),
    ] {
        let detail = client.post_json("/transfers", &request).await;
        let detail = detail.problem(status);
        assert!(detail.contains(named), "{detail}");
        assert_eq!(client.get("/accounts/ann").await.json()["balance"], 10);
    }
    let done = client
        .post_json("/transfers", &transfer("ann", "bob", 5))
        .await;
    assert_eq!(
        done.json(),
        json!({
            "from": { "id": "ann", "balance": 5 },
            "to": { "id": "bob", "balance": i64::MAX },
        })
    );
}

#[tokio::test]
async fn accounts_are_listed_in_pages_in_the_order_of_their_ids() {
    let (_program, mut client) = start().await;
    let empty = client.get("/accounts").await;
    assert_eq!(empty.json(), json!({ "accounts": [], "next": null }));
    for (id, balance) in [("c", 3), ("a-1", 1), ("b", 2)] {
        open(&mut client, id, balance).await;
    }
    let first = client.get("/accounts?limit=2").await.json();
    let account = |id: &str, balance: i64| json!({ "id": id, "balance": balance });
    let accounts = [account("a-1", 1), account("b", 2)];
    assert_eq!(first, json!({ "accounts": accounts, "next": "b" }));
    let second = client.get("/accounts?limit=2&after=b").await.json();
    assert_eq!(
        second,
        json!({ "accounts": [account("c", 3)], "next": null })
    );
}

#[tokio::test]
async fn an_account_that_cannot_be_read_is_named_and_hides_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bank.kr");
    let account = |id: &str, balance: &str| {
        let states = format!(r#"{{"Account":{{"version":1,"value":{{"balance":{balance}}}}}}}"#);
        let row = format!(r#"{{"revision":1,"epoch":"0000000000000001","states":{states}}}"#);
        format!(r#"{{"space":"account:{{}}","key":["{id}"],"row":{row}}}"#)
    };
    let export = [
        r#"{"kr-export":1}"#.to_owned(),
        account("ann", "5"),
        account("bob", r#""a lot""#),
        account("eve", "7"),
    ];
    let store = Store::open(&path).unwrap();
    store.import(export.join("\n").as_bytes(), |_| ()).unwrap();
    drop(store);
    let name = format!("file:{}", path.display());
    let program = Program::start_with(&example("bank"), &[("KR_STORE", &name)]);
    let mut client = Client::connect(program.address).await;
    let list = json!({
        "accounts": [{ "id": "ann", "balance": 5 }, { "id": "eve", "balance": 7 }],
        "next": null,
        "unreadable": ["bob"],
    });
    assert_eq!(client.get("/accounts").await.json(), list);
    let bob = client.get("/accounts/bob").await;
    refused(&bob, StatusCode::INTERNAL_SERVER_ERROR);
}

#[tokio::test]
async fn a_repeated_request_moves_money_once() {
    let (_program, mut client) = start().await;
    open(&mut client, "ann", 10).await;
    open(&mut client, "bob", 0).await;
    let deposit = json!({ "amount": 5 });
    let transfer_to_bob = transfer("ann", "bob", 3);
    for (path, body, other) in [
        ("/accounts/ann/deposits", deposit, json!({ "amount": 6 })),
        ("/transfers", transfer_to_bob, transfer("ann", "bob", 4)),
    ] {
        let key = format!("\"{path}\"");
        let first = post_once(&mut client, path, &key, &body).await;
        assert_eq!(first.header("idempotent-replayed"), "");
        let again = post_once(&mut client, path, &key, &body).await;
        assert_eq!(again.header("idempotent-replayed"), "true");
        assert_eq!((again.status, &again.body), (StatusCode::OK, &first.body));
        let other = post_once(&mut client, path, &key, &other).await;
        refused(&other, StatusCode::UNPROCESSABLE_ENTITY);
    }
    // Without the header, and after a failure, it is done.
    let too_much = transfer("bob", "ann", 4);
    let poor = post_once(&mut client, "/transfers", "k", &too_much).await;
    refused(&poor, StatusCode::CONFLICT);
    client
        .post_json("/accounts/bob/deposits", &json!({ "amount": 1 }))
        .await;
    let rich = post_once(&mut client, "/transfers", "k", &too_much).await;
    assert_eq!(rich.json()["from"]["balance"], 0);
    assert_eq!(client.get("/accounts/ann").await.json()["balance"], 16);
}

async fn post_once(client: &mut Client, path: &str, key: &str, body: &Value) -> Response {
    let headers = [
        ("content-type", "application/json"),
        ("idempotency-key", key),
    ];
    client
        .send_with(Method::POST, path, &headers, body.to_string())
        .await
}

#[tokio::test]
async fn an_account_is_followed() {
    let (program, mut client) = start().await;
    open(&mut client, "ann", 1).await;
    let mut stream = TcpStream::connect(program.address).await.unwrap();
    let request = format!(
        "GET /accounts/ann HTTP/1.1\r\nhost: {}\r\naccept: text/event-stream\r\n\r\n",
        program.address
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut lines = BufReader::new(stream).lines();
    for balance in 1..4 {
        let account = json!({ "id": "ann", "balance": balance });
        let id = next(&mut lines, "id: ").await;
        // Behind the revision is a tag, which tells one life of the memory store from the next.
        let (revision, _) = id.split_once('.').unwrap();
        assert_eq!(revision, balance.to_string());
        let event: Value = serde_json::from_str(&next(&mut lines, "data: ").await).unwrap();
        assert_eq!(event, account);
        client
            .post_json("/accounts/ann/deposits", &json!({ "amount": 1 }))
            .await;
    }
    let nobody = [("accept", "text/event-stream")];
    let response = client
        .send_with(Method::GET, "/accounts/bob", &nobody, "")
        .await;
    refused(&response, StatusCode::NOT_FOUND);
}

/// What the next line with this start goes on with.
async fn next(lines: &mut Lines<BufReader<TcpStream>>, start: &str) -> String {
    loop {
        let line = timeout(Duration::from_secs(10), lines.next_line()).await;
        let line = line.expect("an event").unwrap().expect("the stream");
        if let Some(rest) = line.strip_prefix(start) {
            return rest.to_owned();
        }
    }
}

/// Transfers in both directions between few accounts: none waits for ever, and no cent is lost.
#[tokio::test]
async fn many_transfers_at_once_keep_the_sum() {
    const ACCOUNTS: [&str; 4] = ["a", "b", "c", "d"];
    let (program, mut client) = start().await;
    for id in ACCOUNTS {
        open(&mut client, id, 100).await;
    }
    let clients = (0..8).map(|number| {
        let address = program.address;
        tokio::spawn(async move {
            let mut client = Client::connect(address).await;
            let mut done = 0;
            for round in 0..100 {
                let (from, to) = (number + round, number * 3 + round * 5 + 1);
                let (from, to) = (ACCOUNTS[from % 4], ACCOUNTS[to % 4]);
                let amount = 1 + (round % 7) as i64;
                let response = client
                    .post_json("/transfers", &transfer(from, to, amount))
                    .await;
                match response.status {
                    StatusCode::OK => done += 1,
                    StatusCode::CONFLICT => {}
                    status => assert_eq!((status, from), (StatusCode::BAD_REQUEST, to)),
                }
            }
            done
        })
    });
    let mut done = 0;
    for client in clients.collect::<Vec<_>>() {
        done += client.await.unwrap();
    }
    assert!(done > 0);
    let list = client.get("/accounts").await.json();
    let balances = list["accounts"].as_array().unwrap().iter();
    let balances: Vec<i64> = balances
        .map(|account| account["balance"].as_i64().unwrap())
        .collect();
    assert_eq!(balances.iter().sum::<i64>(), 400);
    assert!(balances.iter().all(|balance| *balance >= 0));
}
