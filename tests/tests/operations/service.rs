//! An application that is operated, in the test's process.

use kr_runtime::prelude::*;
use kr_runtime::{Operations, Result, SharedMap, StopToken};
use kr_tests::{Client, Response};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::Notify;
use tokio::task::JoinHandle;

pub(crate) const FULL: &str = "the full token of the tests";
pub(crate) const READ: &str = "the read token of the tests";

/// What would run as script if it were not text.
pub(crate) const EVIL: &str = "\"><img src=x onerror=alert(1)><script>alert(2)</script>";

#[derive(Clone, Default, Serialize, Deserialize, SharedState)]
#[shared_state(lock = "page")]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Page {
    pub(crate) title: String,
    pub(crate) notes: Vec<String>,
    #[shared_state(secret)]
    pub(crate) api_key: String,
}

#[derive(Clone, Default, Serialize, Deserialize, SharedState)]
#[shared_state(lock = "keys", secret)]
pub(crate) struct Keys(Vec<String>);

#[derive(Clone, Default, Serialize, Deserialize, SharedState)]
#[shared_state(lock = "cart:{id}")]
pub(crate) struct Cart {
    pub(crate) items: Vec<String>,
}

#[derive(Clone, SharedState)]
#[shared_state(lock = "opaque")]
pub(crate) struct Opaque;

#[derive(Host, Clone)]
pub(crate) struct Site {
    pub(crate) page: Shared<Page>,
    pub(crate) keys: Shared<Keys>,
    pub(crate) carts: SharedMap<String, Cart>,
    pub(crate) opaque: Shared<Opaque>,
    #[host(skip)]
    pub(crate) go_on: Arc<Notify>,
}

impl Site {
    pub(crate) fn new() -> Self {
        Self {
            page: Shared::new(Page {
                title: "Welcome".to_owned(),
                notes: Vec::new(),
                api_key: "swordfish".to_owned(),
            }),
            keys: Shared::new(Keys(vec!["sesame".to_owned()])),
            carts: SharedMap::new(),
            opaque: Shared::new(Opaque),
            go_on: Arc::default(),
        }
    }
}

#[kr_route(post, "/notes/{note}")]
#[locked("page")]
fn add_note(page: &mut Page, note: String) -> StatusCode {
    page.notes.push(note);
    StatusCode::CREATED
}

#[kr_route(post, "/refuse")]
#[locked("page")]
fn refuse(page: &mut Page) -> std::result::Result<StatusCode, Problem> {
    page.notes.clear();
    Err(Problem::conflict("no"))
}

#[kr_route(get, "/page")]
#[locked("page")]
fn read_page(page: &Page) -> Json<usize> {
    Json(page.notes.len())
}

#[kr_route(post, "/carts/{id}/{item}")]
#[locked("cart:{id}")]
fn put_in(cart: &mut Cart, id: String, item: String) -> StatusCode {
    let _ = id;
    cart.items.push(item);
    StatusCode::CREATED
}

#[kr_route(post, "/hold")]
#[locked("page")]
async fn hold(page: &mut Page, host: &Site) -> StatusCode {
    host.go_on.notified().await;
    page.notes.push("held".to_owned());
    StatusCode::OK
}

/// Has the lock of the keys while it waits for that of the page.
#[kr_route(post, "/copy")]
#[locked("keys", "page")]
fn copy(keys: &mut Keys, page: &Page) -> StatusCode {
    keys.0.push(page.title.clone());
    StatusCode::OK
}

#[kr_route(post, "/keys/{key}")]
#[locked("keys")]
fn add_key(keys: &mut Keys, key: String) -> StatusCode {
    keys.0.push(key);
    StatusCode::OK
}

#[kr_route(post, "/block/{milliseconds}")]
fn block(milliseconds: u64) -> StatusCode {
    std::thread::sleep(Duration::from_millis(milliseconds));
    StatusCode::OK
}

pub(crate) fn app(site: Site) -> App<Site> {
    App::new(format!("Site {EVIL}"), site)
        .mount(routes![
            add_note, refuse, read_page, put_in, hold, copy, add_key, block
        ])
        .endpoint(0)
}

/// An application that runs and is operated.
pub(crate) struct Operated {
    pub(crate) site: Site,
    pub(crate) address: SocketAddr,
    pub(crate) operations: SocketAddr,
    pub(crate) stop: StopToken,
    server: JoinHandle<Result<()>>,
}

impl Operated {
    pub(crate) fn start(operations: Operations) -> Self {
        Self::start_as(operations, |app| app)
    }

    pub(crate) fn with_tokens() -> Self {
        Self::start(Operations::at("127.0.0.1:0").token(FULL).read_token(READ))
    }

    pub(crate) fn start_as(
        operations: Operations,
        configure: impl FnOnce(App<Site>) -> App<Site>,
    ) -> Self {
        let site = Site::new();
        let app = configure(app(site.clone()).operations(operations));
        let mut server = app.build().unwrap();
        server.bind().unwrap();
        Self {
            site,
            address: server.local_addr().unwrap(),
            operations: server.operations_addr().unwrap(),
            stop: server.stop_token(),
            server: tokio::spawn(server.run()),
        }
    }

    pub(crate) async fn client(&self) -> Client {
        Client::connect(self.address).await
    }

    /// With the full token.
    pub(crate) async fn get(&self, path: &str) -> Response {
        self.get_as(path, FULL).await
    }

    pub(crate) async fn get_as(&self, path: &str, token: &str) -> Response {
        let authorization = format!("Bearer {token}");
        self.get_with(path, &[("authorization", &authorization)])
            .await
    }

    pub(crate) async fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Response {
        let mut client = Client::connect(self.operations).await;
        client.send_with(http::Method::GET, path, headers, "").await
    }

    pub(crate) async fn stop(self) -> Result<()> {
        self.stop.request();
        self.server.await.unwrap()
    }
}

/// The status of a request that is sent as it is written here.
pub(crate) async fn raw(address: SocketAddr, request: &str) -> u16 {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut response = vec![0; 12];
    stream.read_exact(&mut response).await.unwrap();
    let response = String::from_utf8(response).unwrap();
    response[9..].parse().unwrap()
}

/// Waits until something is so.
pub(crate) async fn eventually<F: Future<Output = bool>>(what: &str, is_so: impl Fn() -> F) {
    for _ in 0..200 {
        if is_so().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{what} did not happen within ten seconds");
}
