//! `blocking`: a plain function that runs in a thread of its own keeps all promises.

use http::StatusCode;
use kr_runtime::prelude::*;
use kr_tests::{Client, serve};
use std::thread;
use std::time::Duration;

#[derive(Clone, Default, Serialize, SharedState)]
#[shared_state(lock = "reports")]
struct Reports {
    made: u32,
    by: Option<String>,
}

#[derive(Clone, Host)]
struct Site {
    reports: Shared<Reports>,
}

#[kr_route(post, "/report/{by}", blocking)]
#[locked("reports")]
fn report(reports: &mut Reports, by: String) -> Result<Json<u32>, Problem> {
    reports.by = Some(by.clone());
    thread::sleep(Duration::from_millis(5));
    match by.as_str() {
        "error" => return Err(Problem::conflict("no report")),
        "panic" => panic!("secret"),
        _ => reports.made += 1,
    }
    Ok(Json(reports.made))
}

#[kr_route(post, "/report-in-place", blocking)]
#[locked("reports", in_place)]
fn report_in_place(reports: &mut Reports) -> Json<u32> {
    reports.made += 1;
    Json(reports.made)
}

#[kr_route(get, "/thread", blocking)]
#[locked("reports")]
fn thread_name(reports: &Reports) -> String {
    format!("{} {:?}", reports.made, thread::current().id())
}

#[kr_route(get, "/cached", cached, blocking)]
#[locked("reports")]
fn cached(reports: &Reports) -> Json<&Reports> {
    Json(reports)
}

async fn start() -> (Site, Client, std::net::SocketAddr) {
    let site = Site {
        reports: Shared::new(Reports::default()),
    };
    let routes = routes![report, report_in_place, thread_name, cached];
    let app = App::new("reports", site.clone()).mount(routes);
    let address = serve(app.into_router().unwrap()).await;
    (site, Client::connect(address).await, address)
}

#[tokio::test]
async fn it_runs_on_another_thread_than_its_request() {
    let (_, mut client, _) = start().await;
    let thread = client.get("/thread").await;
    // The only worker of this runtime is the thread of the test.
    assert_ne!(thread.text(), format!("0 {:?}", thread::current().id()));
    assert!(thread.text().starts_with("0 ThreadId("));
}

#[tokio::test]
async fn concurrent_calls_are_one_after_the_other() {
    let (site, _, address) = start().await;
    let calls = (0..20).map(|_| {
        tokio::spawn(async move {
            let mut client = Client::connect(address).await;
            client.post("/report/me").await.status
        })
    });
    for call in calls.collect::<Vec<_>>() {
        assert_eq!(call.await.unwrap(), StatusCode::OK);
    }
    let reports = site.latest::<Reports>().unwrap();
    assert_eq!((reports.made, reports.revision()), (20, 20));
}

#[tokio::test]
async fn an_error_and_a_panic_roll_back() {
    let (site, mut client, _) = start().await;
    assert_eq!(
        client.post("/report/error").await.status,
        StatusCode::CONFLICT
    );
    let panicked = client.post("/report/panic").await;
    let detail = panicked.problem(StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(detail, "an internal server error occurred");
    assert_eq!(site.latest::<Reports>().unwrap().revision(), 0);
    assert_eq!(client.post("/report/me").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_change_in_place_works_as_well() {
    let (site, mut client, _) = start().await;
    assert_eq!(client.post("/report-in-place").await.json(), 1);
    assert_eq!(site.latest::<Reports>().unwrap().made, 1);
}

#[tokio::test]
async fn a_cached_response_is_made_once_for_each_commit() {
    let (_, mut client, _) = start().await;
    let first = client.get("/cached").await;
    assert_eq!(first.json()["made"], 0);
    let again = client.get("/cached").await;
    assert_eq!(again.header("etag"), first.header("etag"));
    client.post("/report/me").await;
    assert_eq!(client.get("/cached").await.json()["made"], 1);
}

#[tokio::test]
async fn a_call_that_asks_for_its_own_lock_gets_an_error() {
    #[kr_route(post, "/again", blocking)]
    #[locked("reports")]
    fn again(reports: &mut Reports) -> String {
        reports.made += 1;
        let site = SITE.get().expect("the host");
        let error = site.blocking_update(|_: &mut Reports| ());
        error.expect_err("it holds the lock").to_string()
    }
    static SITE: std::sync::OnceLock<Site> = std::sync::OnceLock::new();
    let site = Site {
        reports: Shared::new(Reports::default()),
    };
    let _ = SITE.set(site.clone());
    let app = App::new("reports", site).mount(routes![again]);
    let mut client = Client::connect(serve(app.into_router().unwrap()).await).await;
    let text = client.post("/again").await.text();
    assert!(text.contains("already held"), "{text}");
}
