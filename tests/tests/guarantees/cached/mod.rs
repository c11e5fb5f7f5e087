//! `cached`: unchanged state is served from the bytes of the last response, and changed state never is.

mod responses;
mod sample_site;

use http::{Method, StatusCode};
use hyper::body::Bytes;
use kr_runtime::prelude::*;
use kr_tests::{Client, Response, serve};
use sample_site::{Meeting, Notes, Site, Table, Title};
use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Barrier, Mutex};
use std::time::Duration;
use tokio::time::sleep;

async fn get_if_none_match(client: &mut Client, path: &str, tags: &str) -> Response {
    let headers = [("if-none-match", tags)];
    client.send_with(Method::GET, path, &headers, "").await
}

#[tokio::test]
async fn the_response_is_the_uncached_one_with_an_etag() {
    let (site, mut client, _) = Site::start().await;
    for line in ["", "remember helmet"] {
        site.push(line).await;
        for _ in 0..2 {
            let plain = client.get("/uncached").await;
            let mut cached = client.get("/notes").await;
            assert_eq!(cached.status, plain.status);
            assert_eq!(cached.body, plain.body);
            let tag = cached.headers.remove("etag").unwrap();
            assert!(tag.to_str().unwrap().starts_with("W/\""), "{tag:?}");
            cached.headers.remove("date");
            let mut headers = plain.headers.clone();
            headers.remove("date");
            assert_eq!(cached.headers, headers);
        }
    }
}

#[tokio::test]
async fn unchanged_state_is_served_without_the_handler() {
    let (site, mut client, _) = Site::start().await;
    let first = client.get("/count").await;
    for _ in 0..10 {
        let again = client.get("/count").await;
        assert_eq!(again.json(), 1);
        assert_eq!(again.header("etag"), first.header("etag"));
    }
    assert_eq!(site.runs(), 1);
}

#[tokio::test]
async fn a_commit_makes_a_new_response_with_a_new_etag() {
    let (site, mut client, _) = Site::start().await;
    let mut tags = HashSet::new();
    for number in 0..5 {
        let response = client.get("/notes").await;
        assert_eq!(response.json().as_array().unwrap().len(), number);
        assert!(tags.insert(response.header("etag").to_owned()), "{tags:?}");
        client
            .send(Method::POST, "/note", Some("text/plain"), "x")
            .await;
    }
    assert_eq!(site.runs(), 5);
}

#[tokio::test]
async fn if_none_match_gets_304_until_there_is_a_commit() {
    let (site, mut client, _) = Site::start().await;
    let first = client.get("/notes").await;
    let tag = first.header("etag");
    let strong = tag.strip_prefix("W/").unwrap();
    let listed = format!("\"x\", {tag} ,\"y\"");
    for tags in [tag, strong, &listed, "*"] {
        let response = get_if_none_match(&mut client, "/notes", tags).await;
        assert_eq!(response.status, StatusCode::NOT_MODIFIED, "{tags}");
        assert_eq!(response.header("etag"), tag);
        assert!(response.body.is_empty());
        for name in ["content-type", "content-length", "transfer-encoding"] {
            assert!(
                !response.headers.contains_key(name),
                "{:?}",
                response.headers
            );
        }
    }
    for tags in ["\"x\"", "W/\"\"", "", strong.trim_matches('"'), "\"x\" *"] {
        let response = get_if_none_match(&mut client, "/notes", tags).await;
        assert_eq!(response.status, StatusCode::OK, "{tags}");
        assert_eq!(response.header("etag"), tag);
        assert_eq!(response.body, first.body);
    }
    assert_eq!(site.runs(), 1);

    site.push("new").await;
    let response = get_if_none_match(&mut client, "/notes", tag).await;
    assert_eq!(response.status, StatusCode::OK);
    assert_eq!(response.text(), "[\"new\"]");
    assert_ne!(response.header("etag"), tag);
}

#[tokio::test]
async fn etags_in_several_header_fields_are_one_list() {
    let (_site, mut client, _) = Site::start().await;
    let first = client.get("/notes").await;
    let headers = [
        ("if-none-match", "\"x\""),
        ("if-none-match", first.header("etag")),
    ];
    let response = client.send_with(Method::GET, "/notes", &headers, "").await;
    assert_eq!(response.status, StatusCode::NOT_MODIFIED);
}

#[tokio::test]
async fn if_none_match_works_on_the_first_request() {
    let (_site, mut client, _) = Site::start().await;
    let other = get_if_none_match(&mut client, "/notes", "\"x\"").await;
    assert_eq!(other.status, StatusCode::OK);
    let (_site, mut client, _) = Site::start().await;
    let any = get_if_none_match(&mut client, "/notes", "*").await;
    assert_eq!(any.status, StatusCode::NOT_MODIFIED);
    let tag = any.header("etag");
    assert_eq!(client.get("/notes").await.header("etag"), tag);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn concurrent_first_requests_get_the_same_etag() {
    let (site, _, address) = Site::start().await;
    let both = |meeting: &mut Meeting| meeting.with = Some(Arc::new(Barrier::new(2)));
    site.update(both).await.unwrap();
    let [one, other] = [(); 2]
        .map(|()| tokio::spawn(async move { Client::connect(address).await.get("/meet").await }));
    let (one, other) = (one.await.unwrap(), other.await.unwrap());
    assert_eq!(one.header("etag"), other.header("etag"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_slow_reader_does_not_replace_a_newer_response() {
    let (site, mut client, address) = Site::start().await;
    let meeting = Arc::new(Barrier::new(2));
    let with = Some(Arc::clone(&meeting));
    site.update(|known: &mut Meeting| known.with = with)
        .await
        .unwrap();
    let slow = tokio::spawn(async move { Client::connect(address).await.get("/meet").await });
    let reach_barrier = |meeting: &Arc<Barrier>| {
        let meeting = Arc::clone(meeting);
        tokio::task::spawn_blocking(move || meeting.wait())
    };
    reach_barrier(&meeting).await.unwrap();
    let newer = Meeting {
        number: 2,
        with: None,
    };
    site.update(|known: &mut Meeting| *known = newer)
        .await
        .unwrap();
    let newer = client.get("/meet").await;
    reach_barrier(&meeting).await.unwrap();
    assert_eq!(slow.await.unwrap().json(), 0);
    let again = get_if_none_match(&mut client, "/meet", newer.header("etag")).await;
    assert_eq!(again.status, StatusCode::NOT_MODIFIED);
}

#[tokio::test]
async fn a_rollback_keeps_the_etag() {
    let (site, mut client, _) = Site::start().await;
    let before = client.get("/notes").await;
    let refused = client.post("/note").await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    let after = client.get("/notes").await;
    assert_eq!(after.header("etag"), before.header("etag"));
    assert_eq!(site.runs(), 1);
}

#[tokio::test]
async fn a_reset_or_replacement_makes_a_new_etag_even_for_equal_bytes() {
    let (site, mut client, _) = Site::start().await;
    let mut tags = HashSet::new();
    let initial = client.get("/notes").await;
    tags.insert(initial.header("etag").to_owned());
    for step in 0..4 {
        site.push("x").await;
        match step {
            0 => site.reset::<Notes>().await.unwrap(),
            1 => site.reset_by_name("Notes").await.unwrap(),
            2 => site.replace(Notes::default()).await.unwrap(),
            _ => {
                let document = Snapshot::new(&Notes::default()).to_string().unwrap();
                let snapshot = Snapshot::<Notes>::from_str(&document).unwrap();
                site.replace(snapshot.into_inner()).await.unwrap();
            }
        }
        let response = get_if_none_match(&mut client, "/notes", initial.header("etag")).await;
        assert_eq!(response.status, StatusCode::OK, "{step}");
        assert_eq!(response.body, initial.body);
        assert!(tags.insert(response.header("etag").to_owned()), "{step}");
    }
}

#[tokio::test]
async fn routes_and_applications_over_one_state_have_their_own_etags() {
    let (site, mut client, _) = Site::start().await;
    let mut other = Client::connect(serve(site.router()).await).await;
    let responses = [
        client.get("/notes").await,
        client.get("/page").await,
        client.get("/both").await,
        other.get("/notes").await,
    ];
    let tags: HashSet<_> = responses
        .iter()
        .map(|response| response.header("etag"))
        .collect();
    assert_eq!(tags.len(), responses.len(), "{tags:?}");
    let response = get_if_none_match(&mut other, "/notes", responses[0].header("etag")).await;
    assert_eq!(response.status, StatusCode::OK);
}

#[tokio::test]
async fn a_commit_under_either_lock_makes_a_new_response() {
    let (site, mut client, _) = Site::start().await;
    assert_eq!(client.get("/both").await.text(), "Notes: ");
    site.push("a").await;
    assert_eq!(client.get("/both").await.text(), "Notes: a");
    site.update(|title: &mut Title| title.0.push('!'))
        .await
        .unwrap();
    let last = client.get("/both").await;
    assert_eq!(last.text(), "Notes!: a");
    assert_eq!(
        get_if_none_match(&mut client, "/both", last.header("etag"))
            .await
            .status,
        304
    );
    assert_eq!(site.runs(), 3);
}

#[tokio::test]
async fn an_in_place_commit_makes_a_new_response() {
    let (_site, mut client, _) = Site::start().await;
    for number in 0..4 {
        let response = client.get("/rows").await;
        assert_eq!(response.json().as_array().unwrap().len(), number);
        assert_eq!(
            client.get("/rows").await.header("etag"),
            response.header("etag")
        );
        // The cached response does not count as a reader, so the write does not wait for it.
        assert_eq!(client.post("/push").await.status, StatusCode::OK);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_read_waits_for_an_in_place_handler() {
    let (_site, mut client, address) = Site::start().await;
    assert_eq!(client.get("/rows").await.text(), "[]");
    let holding = tokio::spawn(async move { Client::connect(address).await.post("/hold").await });
    sleep(Duration::from_millis(50)).await;
    assert_eq!(client.get("/rows").await.text(), "[2,3]");
    assert_eq!(holding.await.unwrap().status, StatusCode::OK);
}

#[tokio::test]
async fn a_damaged_state_is_not_served_from_the_cache() {
    let (site, mut client, _) = Site::start().await;
    let before = client.get("/rows").await;
    client.post("/spoil").await;
    for tags in ["\"x\"", before.header("etag"), "*"] {
        let detail = get_if_none_match(&mut client, "/rows", tags)
            .await
            .problem(StatusCode::SERVICE_UNAVAILABLE);
        assert!(detail.contains("damaged"), "{detail}");
    }
    site.reset::<Table>().await.unwrap();
    let after = get_if_none_match(&mut client, "/rows", before.header("etag")).await;
    assert_eq!(
        (after.status, after.text().as_str()),
        (StatusCode::OK, "[]")
    );
}

#[tokio::test]
async fn caching_works_in_a_nested_router() {
    let site = Site::new();
    let app = axum::Router::new().nest("/api", site.router());
    let mut client = Client::connect(serve(app).await).await;
    let first = client.get("/api/count").await;
    assert_eq!(first.json(), 1);
    assert_eq!(client.get("/api/count?again").await.json(), 1);
    let response = get_if_none_match(&mut client, "/api/count", first.header("etag")).await;
    assert_eq!(response.status, StatusCode::NOT_MODIFIED);
}

/// Readers know which commits were acknowledged before their request. No response may be older than those, and an `ETag` always
/// stands for the same bytes.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_response_is_older_than_an_acknowledged_commit() {
    const WRITES: usize = 300;
    let (site, client, address) = Site::start().await;
    drop(client);
    let known = Arc::new(AtomicU64::new(0));
    let bodies: Arc<Mutex<HashMap<String, Bytes>>> = Arc::default();
    let readers = (0..6).map(|reader| {
        let (known, bodies) = (Arc::clone(&known), Arc::clone(&bodies));
        tokio::spawn(async move {
            let mut client = Client::connect(address).await;
            let mut seen: Option<Response> = None;
            let mut not_modified = 0;
            loop {
                let acknowledged = known.load(Ordering::SeqCst) as usize;
                let tags = match &seen {
                    Some(response) if reader % 2 == 0 => response.header("etag").to_owned(),
                    _ => "\"none\"".to_owned(),
                };
                let mut response = get_if_none_match(&mut client, "/notes", &tags).await;
                if response.status == StatusCode::NOT_MODIFIED {
                    not_modified += 1;
                    assert_eq!(response.header("etag"), tags);
                    response.body = seen.as_ref().unwrap().body.clone();
                }
                let lines = response.json().as_array().unwrap().len();
                assert!(
                    lines >= acknowledged,
                    "{lines} lines after {acknowledged} writes"
                );
                let tag = response.header("etag").to_owned();
                let mut bodies = bodies.lock().unwrap();
                let known = bodies.entry(tag).or_insert_with(|| response.body.clone());
                assert_eq!(*known, response.body);
                drop(bodies);
                seen = Some(response);
                if acknowledged == WRITES {
                    return not_modified;
                }
            }
        })
    });
    let readers: Vec<_> = readers.collect();
    for number in 0..WRITES {
        site.push("x").await;
        known.store(number as u64 + 1, Ordering::SeqCst);
        if number % 4 == 0 {
            sleep(Duration::from_micros(300)).await;
        }
    }
    let mut not_modified = 0;
    for reader in readers {
        not_modified += reader.await.unwrap();
    }
    println!(
        "{} responses made, {not_modified} times 304",
        bodies.lock().unwrap().len()
    );
}

/// A state with a counter at any depth does not compile with `cached` (KR0023). A state without one does.
#[test]
fn types_without_a_counter_can_be_cached() {
    fn is_cacheable<S: kr_runtime::handler::Cacheable>() {}
    is_cacheable::<(String, Vec<Option<u64>>, HashMap<String, Box<[f64]>>)>();
    is_cacheable::<(Arc<str>, Arc<Vec<String>>, Bytes, Timestamp)>();
    is_cacheable::<(
        serde_json::Value,
        rust_decimal::Decimal,
        url::Url,
        uuid::Uuid,
    )>();
    is_cacheable::<(rpds::VectorSync<String>, rpds::HashTrieMapSync<u8, u8>)>();
    // These can change without a commit as well, which kr cannot detect: with `cached` the user promises that it does not matter.
    is_cacheable::<(Arc<AtomicU64>, Arc<Mutex<u64>>)>();
}
