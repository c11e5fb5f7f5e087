//! The JSON API.

use crate::service::{EVIL, Operated, READ, eventually};
use http::StatusCode;
use serde_json::{Value, json};

async fn json(operated: &Operated, path: &str) -> Value {
    let response = operated.get_as(path, READ).await;
    assert_eq!(response.status, 200, "{path}: {}", response.text());
    response.json()
}

#[tokio::test]
async fn the_states_are_listed_with_their_revisions() {
    let operated = Operated::with_tokens();
    let mut client = operated.client().await;
    client.post("/notes/a").await;
    client.post("/carts/7/helmet").await;
    let states = json(&operated, "/api/states").await;
    let page = &states[0];
    assert_eq!(
        (&page["name"], &page["lock"], &page["revision"]),
        (&json!("Page"), &json!("page"), &json!(1))
    );
    assert_eq!(states[2]["instances"], 1);
    assert_eq!(states[3]["has_json"], false);
}

#[tokio::test]
async fn a_value_is_shown_without_its_secrets() {
    let operated = Operated::with_tokens();
    let page = json(&operated, "/api/states/Page").await;
    assert_eq!(page["value"]["Title"], "Welcome");
    assert_eq!(page["value"]["ApiKey"], "••••••");
    let keys = json(&operated, "/api/states/Keys").await;
    assert_eq!(keys["value"], "••••••");
    for path in [
        "/",
        "/states",
        "/state?name=Page",
        "/state?name=Keys",
        "/api/states",
    ] {
        let text = operated.get(path).await.text();
        assert!(
            !text.contains("swordfish") && !text.contains("sesame"),
            "{path}"
        );
    }
}

#[tokio::test]
async fn a_state_that_is_not_there_is_a_404_with_those_that_are() {
    let operated = Operated::with_tokens();
    let response = operated.get("/api/states/Nothing").await;
    let problem = response.problem(StatusCode::NOT_FOUND);
    assert!(problem.contains("`Page`"), "{problem}");
}

#[tokio::test]
async fn instances_come_in_pages_and_are_found_by_name() {
    let operated = Operated::with_tokens();
    for id in 0..25 {
        let id = format!("c{id:02}");
        operated
            .site
            .carts
            .update(&id, |cart| cart.items.push(id.clone()))
            .await
            .unwrap();
    }
    let first = json(&operated, "/api/states/Cart/instances?limit=10").await;
    assert_eq!(first["items"].as_array().unwrap().len(), 10);
    assert_eq!(first["items"][0]["name"], "cart:c00");
    assert_eq!(first["next"], json!(["c09"]));
    let path = "/api/states/Cart/instances?limit=20&after=%5B%22c09%22%5D";
    let second = json(&operated, path).await;
    assert_eq!(second["items"].as_array().unwrap().len(), 15);
    assert_eq!(
        (&second["items"][0]["key"], &second["next"]),
        (&json!(["c10"]), &Value::Null)
    );
    let found = json(&operated, "/api/states/Cart/instances?q=C2&limit=3").await;
    let names: Vec<_> = found["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["name"].clone())
        .collect();
    assert_eq!(names, ["cart:c20", "cart:c21", "cart:c22"]);
    let one = json(&operated, "/api/states/Cart/instance?key=%5B%22c07%22%5D").await;
    assert_eq!(
        (&one["value"], &one["revision"]),
        (&json!({ "items": ["c07"] }), &json!(1))
    );
    let nobody = operated
        .get("/api/states/Cart/instance?key=%5B%22x%22%5D")
        .await;
    assert_eq!(nobody.status, 404);
    let no_key = operated.get("/api/states/Cart/instance?key=x").await;
    assert_eq!(no_key.status, 400);
}

#[tokio::test]
async fn the_history_says_what_has_changed_in_each_revision() {
    let operated = Operated::with_tokens();
    let mut client = operated.client().await;
    eventually("a first look", async || {
        json(&operated, "/api/states").await[0]["bytes"].is_u64()
    })
    .await;
    for note in ["a", "b"] {
        client.post(&format!("/notes/{note}")).await;
        eventually("an entry", async || {
            let page = json(&operated, "/api/states/Page").await;
            page["history"][0]["revision"] == page["revision"]
        })
        .await;
    }
    let history = json(&operated, "/api/states/Page").await["history"].clone();
    assert_eq!(
        (&history[0]["since"], &history[0]["revision"]),
        (&json!(1), &json!(2))
    );
    let change = &history[0]["changes"]["items"][0];
    assert_eq!(
        change,
        &json!({ "path": "Notes[1]", "before": null, "after": "\"b\"" })
    );
}

#[tokio::test]
async fn a_lock_shows_who_holds_it_and_who_waits() {
    let operated = Operated::with_tokens();
    let mut holder = operated.client().await;
    let holding = tokio::spawn(async move { holder.post("/hold").await.status });
    let mut waiter = operated.client().await;
    eventually("a holder", async || {
        json(&operated, "/api/locks").await["held"] == 1
    })
    .await;
    let waiting = tokio::spawn(async move { waiter.post("/refuse").await.status });
    eventually("a waiter", async || {
        json(&operated, "/api/locks").await["waiting"] == 1
    })
    .await;
    let locks = json(&operated, "/api/locks?q=PAGE").await;
    let lock = &locks["items"][0];
    assert_eq!(
        (&lock["lock"], &lock["template"]),
        (&json!("page"), &json!("page"))
    );
    assert!(
        lock["holder"].as_str().unwrap().contains("POST /hold"),
        "{lock}"
    );
    assert!(lock["held_for_seconds"].as_f64().unwrap() < 10.0);
    assert!(
        lock["waiters"][0]
            .as_str()
            .unwrap()
            .contains("POST /refuse"),
        "{lock}"
    );
    let overview = json(&operated, "/api/overview").await;
    assert_eq!(overview["active_requests"], 2);
    operated.site.go_on.notify_one();
    assert_eq!(holding.await.unwrap(), 200);
    assert_eq!(waiting.await.unwrap(), 409);
}

/// `GET /keys` waits for the keys, whose holder waits for the page.
#[tokio::test]
async fn a_lock_whose_holder_waits_himself_shows_who_holds_everybody_up() {
    let operated = Operated::with_tokens();
    let waiting = async |number: u64| {
        eventually("a waiter", async || {
            json(&operated, "/api/locks").await["waiting"] == number
        })
        .await;
    };
    let mut holder = operated.client().await;
    let holding = tokio::spawn(async move { holder.post("/hold").await.status });
    eventually("a holder", async || {
        json(&operated, "/api/locks").await["held"] == 1
    })
    .await;
    let mut middle = operated.client().await;
    let copying = tokio::spawn(async move { middle.post("/copy").await.status });
    waiting(1).await;
    let mut last = operated.client().await;
    let adding = tokio::spawn(async move { last.post("/keys/x").await.status });
    waiting(2).await;
    let keys = json(&operated, "/api/locks?q=keys").await["items"][0].clone();
    assert!(
        keys["holder"].as_str().unwrap().contains("POST /copy"),
        "{keys}"
    );
    assert_eq!(keys["root"]["lock"], "page");
    let root = keys["root"]["holder"].as_str().unwrap();
    assert!(root.contains("POST /hold"), "{keys}");
    assert!(keys["root"]["held_for_seconds"].as_f64().unwrap() > 0.0);
    let page = json(&operated, "/api/locks?q=page").await["items"][0].clone();
    assert_eq!(page["root"], Value::Null, "its holder waits for nobody");
    let shown = operated.get_as("/locks", READ).await.text();
    assert!(shown.contains("waits itself, in the end for"), "{shown}");
    operated.site.go_on.notify_one();
    for done in [holding, copying, adding] {
        assert_eq!(done.await.unwrap(), 200);
    }
}

#[tokio::test]
async fn an_instance_has_a_history_from_the_first_look_on() {
    let operated = Operated::with_tokens();
    let mut client = operated.client().await;
    client.post("/carts/7/helmet").await;
    client.post("/carts/8/helmet").await;
    let cart = async |id: &str| {
        let path = format!("/api/states/Cart/instance?key=%5B%22{id}%22%5D");
        json(&operated, &path).await
    };
    assert_eq!(cart("7").await["history"], json!([]));
    // The look after which changes are seen.
    tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    client.post("/carts/7/lock").await;
    client.post("/carts/8/lock").await;
    eventually("a change", async || {
        cart("7").await["history"][0].is_object()
    })
    .await;
    let history = cart("7").await["history"].clone();
    assert_eq!(
        (
            &history[0]["revision"],
            &history[0]["changes"]["items"][0]["path"]
        ),
        (&json!(2), &json!("items[1]"))
    );
    assert_eq!(
        cart("8").await["history"],
        json!([]),
        "nobody had looked at it"
    );
    let page = operated
        .get_as("/state?name=Cart&key=%5B%227%22%5D", READ)
        .await;
    assert!(page.text().contains("items[1]"));
}

#[tokio::test]
async fn tasks_are_listed_with_their_restarts() {
    let operated = Operated::start_as(
        kr_runtime::Operations::at("127.0.0.1:0")
            .token(crate::service::FULL)
            .read_token(READ),
        |app| {
            app.task(EVIL, |_, stop| async move { stop.requested().await })
                .task("once", |_, _| async {})
                .task("breaks", |_, _| async { panic!("it breaks {EVIL}") })
        },
    );
    eventually("a restart", async || {
        json(&operated, "/api/tasks").await[2]["restarts"].as_u64() > Some(0)
    })
    .await;
    let tasks = json(&operated, "/api/tasks").await;
    assert_eq!(
        (&tasks[0]["name"], &tasks[0]["state"]),
        (&json!(EVIL), &json!("runs"))
    );
    assert_eq!(tasks[1]["state"], "ended");
    assert!(
        tasks[2]["last_panic"]
            .as_str()
            .unwrap()
            .starts_with("it breaks")
    );
    let page = operated.get("/tasks").await.text();
    assert!(
        !page.contains("<img") && !page.contains("<script>"),
        "{page}"
    );
}

#[tokio::test]
async fn the_store_says_what_it_is() {
    let operated = Operated::with_tokens();
    let store = json(&operated, "/api/store").await;
    assert_eq!(
        (&store["name"], &store["is_memory"]),
        (&json!("memory"), &json!(true))
    );
}

#[tokio::test]
async fn the_seconds_of_the_past_are_kept() {
    let operated = Operated::with_tokens();
    operated.client().await.post("/notes/a").await;
    eventually("a second", async || {
        json(&operated, "/api/overview").await["total"]["commits"] == 1
    })
    .await;
    let overview = json(&operated, "/api/overview").await;
    let seconds = overview["seconds"].as_array().unwrap();
    let commits: u64 = seconds
        .iter()
        .map(|it| it["commits"].as_u64().unwrap())
        .sum();
    assert_eq!(commits, 1);
}
