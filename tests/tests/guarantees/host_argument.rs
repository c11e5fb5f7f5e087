//! Handlers that take the host, for what no signature can say. The rules of locks hold for them as well.

use http::StatusCode;
use kr_runtime::prelude::*;
use kr_runtime::{Counter, LockError, SharedMap, UpdateError};
use kr_tests::{Client, serve};
use serde_json::json;
use std::sync::atomic::{AtomicU32, Ordering};

#[derive(Clone, Default, Serialize, SharedState)]
#[shared_state(lock = "members")]
struct Members {
    names: Vec<String>,
    #[serde(skip)]
    looks: Counter,
}

#[derive(Clone, Default, Serialize, SharedState)]
#[shared_state(lock = "audit")]
struct Audit(u32);

#[derive(Clone, Default, Serialize, SharedState)]
#[shared_state(lock = "badge:{id}")]
struct Badge(u32);

/// Something that is no state, and that tests replace.
trait Mail: Send + Sync + 'static {
    fn send(&self, to: &str);
}

#[derive(Default)]
struct Sent(AtomicU32);

impl Mail for Sent {
    fn send(&self, to: &str) {
        assert!(!to.is_empty());
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

#[derive(Host)]
struct Club<M: Mail> {
    members: Shared<Members>,
    audit: Shared<Audit>,
    badges: SharedMap<u64, Badge>,
    #[host(skip)]
    mail: M,
}

/// Looks first, and takes the lock only if it must.
#[kr_route(post, "/members/{name}")]
async fn join(host: &Club<Sent>, name: String) -> Result<StatusCode, Problem> {
    if host.latest::<Members>()?.names.contains(&name) {
        return Ok(StatusCode::OK);
    }
    let is_new = host
        .update(|members: &mut Members| {
            // Another request may have come first.
            let is_new = !members.names.contains(&name);
            if is_new {
                members.names.push(name.clone());
            }
            is_new
        })
        .await?;
    if is_new {
        host.mail.send(&name);
        return Ok(StatusCode::CREATED);
    }
    Ok(StatusCode::OK)
}

/// Borrows a state, a counter and the host.
#[kr_route(post, "/badges/{id}")]
#[locked("badge:{id}")]
fn stamp(
    id: u64,
    host: &Club<Sent>,
    badge: &mut Badge,
    looks: &Counter,
) -> Result<Json<(u64, u32, i64, usize)>, Problem> {
    badge.0 += 1;
    let names = host.latest::<Members>()?.names.len();
    // The commit is still to come.
    assert_eq!(host.badges.latest(&id)?.0 + 1, badge.0);
    Ok(Json((id, badge.0, looks.add(1)?, names)))
}

/// Asks for the lock that it holds.
#[kr_route(post, "/again")]
#[locked("audit")]
async fn again(audit: &mut Audit, host: &Club<Sent>) -> Result<(), Problem> {
    audit.0 += 1;
    let error = host.update(|audit: &mut Audit| audit.0 += 1).await;
    assert!(matches!(
        error,
        Err(UpdateError::Lock(LockError::Reentrant { .. }))
    ));
    Ok(error?)
}

#[kr_route(post, "/audit-in-members")]
#[locked("members")]
async fn audit_in_members(_members: &mut Members, host: &Club<Sent>) -> Result<(), Problem> {
    Ok(host.update(|audit: &mut Audit| audit.0 += 1).await?)
}

#[kr_route(post, "/members-in-audit")]
#[locked("audit")]
async fn members_in_audit(_audit: &mut Audit, host: &Club<Sent>) -> Result<(), Problem> {
    let joined = host.update(|members: &mut Members| members.names.push("x".into()));
    Ok(joined.await?)
}

#[kr_route(post, "/blocking", blocking)]
#[locked("audit")]
fn blocking(audit: &mut Audit, host: &Club<Sent>) -> Result<(), Problem> {
    audit.0 += 1;
    host.blocking_update(|members: &mut Members| members.names.clear())?;
    let again = host.blocking_update(|audit: &mut Audit| audit.0 += 1);
    assert!(again.is_err());
    Ok(())
}

/// Holds a lock without the state that it guards.
#[kr_route(post, "/held")]
#[locked("audit", exclusive)]
async fn held(host: &Club<Sent>) -> Result<(), Problem> {
    Ok(host.update(|audit: &mut Audit| audit.0 += 1).await?)
}

/// Borrows two states with a lifetime of its own, and the host beside them.
#[kr_route(get, "/longer")]
#[locked("members", "audit")]
fn longer<'a>(members: &'a Members, audit: &'a Audit, host: &'a Club<Sent>) -> Json<&'a [String]> {
    assert!(host.latest::<Audit>().is_ok());
    match audit.0 {
        0 => Json(&members.names),
        _ => Json(&[]),
    }
}

fn club() -> Club<Sent> {
    Club {
        members: Shared::new(Members::default()),
        audit: Shared::new(Audit(0)),
        badges: SharedMap::new(),
        mail: Sent::default(),
    }
}

async fn start() -> (std::sync::Arc<Club<Sent>>, Client) {
    let app = App::new("Club", club()).mount(routes![
        join,
        stamp,
        again,
        audit_in_members,
        members_in_audit,
        blocking,
        held,
        longer
    ]);
    let host = app.host();
    let client = Client::connect(serve(app.into_router().unwrap()).await).await;
    (host, client)
}

#[tokio::test]
async fn a_handler_looks_first_and_takes_the_lock_only_if_it_must() {
    let (host, mut client) = start().await;
    let joined = client.post("/members/ann").await;
    assert_eq!(joined.status, StatusCode::CREATED);
    let (started, release) = (tokio::sync::oneshot::channel(), std::sync::mpsc::channel());
    let other = std::sync::Arc::clone(&host);
    let holder = std::thread::spawn(move || {
        other.blocking_update(|_: &mut Members| {
            started.0.send(()).unwrap();
            release.1.recv().unwrap();
        })
    });
    started.1.await.unwrap();
    // The lock is held, and the request does not need it.
    let known = client.post("/members/ann").await;
    assert_eq!(known.status, StatusCode::OK);
    release.0.send(()).unwrap();
    holder.join().unwrap().unwrap();
    assert_eq!(host.mail.0.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_handler_takes_the_host_beside_states_and_counters() {
    let (_, mut client) = start().await;
    client.post("/members/ann").await;
    client.post("/badges/7").await;
    let stamped = client.post("/badges/7").await;
    assert_eq!(stamped.json(), json!([7, 2, 2, 1]), "{}", stamped.text());
    assert_eq!(client.get("/longer").await.json(), json!(["ann"]));
}

#[tokio::test]
async fn asking_for_a_lock_that_the_handler_holds_is_an_error_at_once() {
    let (host, mut client) = start().await;
    let refused = client.post("/again").await;
    assert_eq!(refused.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(!refused.text().contains("audit"), "{}", refused.text());
    let refused = client.post("/held").await;
    assert_eq!(refused.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(host.read::<Audit>().await.unwrap().revision(), 0);
}

#[tokio::test]
async fn taking_locks_out_of_order_is_an_error_at_once() {
    let (host, mut client) = start().await;
    assert_eq!(
        client.post("/audit-in-members").await.status,
        StatusCode::OK
    );
    assert_eq!(host.read::<Audit>().await.unwrap().0, 1);
    let opposite = client.post("/members-in-audit").await;
    assert_eq!(opposite.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(host.read::<Members>().await.unwrap().revision(), 1);
}

#[tokio::test]
async fn a_blocking_handler_changes_other_states_of_the_host() {
    let (host, mut client) = start().await;
    client.post("/members/ann").await;
    let done = client.post("/blocking").await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text());
    assert!(host.read::<Members>().await.unwrap().names.is_empty());
    assert_eq!(host.read::<Audit>().await.unwrap().0, 1);
}

#[tokio::test]
async fn a_unit_test_calls_the_handler_with_a_host() {
    let club = club();
    assert_eq!(join(&club, "bo".into()).await.unwrap(), StatusCode::CREATED);
    assert_eq!(join(&club, "bo".into()).await.unwrap(), StatusCode::OK);
    assert_eq!(club.mail.0.into_inner(), 1);
}
