//! A change that changes nothing makes no commit: no revision, no event, no new tag, and cached responses stay.

use http::{Method, StatusCode};
use kr_runtime::prelude::*;
use kr_runtime::{SharedMap, Update, UpdateError};
use kr_tests::{Client, serve};
use serde_json::json;

#[derive(Clone, Default, Serialize, SharedState)]
#[shared_state(lock = "members")]
struct Members(Vec<String>);

#[derive(Clone, Default, Serialize, SharedState)]
#[shared_state(lock = "badge:{id}")]
struct Badge(u32);

#[derive(Clone, Host)]
struct Club {
    members: Shared<Members>,
    badges: SharedMap<u64, Badge>,
}

#[kr_route(get, "/members", cached, etag)]
#[locked("members")]
fn members(members: &Members) -> Json<&Members> {
    Json(members)
}

/// Spoils the draft before it says that nothing has changed.
#[kr_route(post, "/members/{name}", etag)]
#[locked("members")]
fn join(name: String, members: &mut Members) -> Update<Json<usize>> {
    let is_known = members.0.contains(&name);
    members.0.push(name);
    match is_known {
        true => Update::Unchanged(Json(members.0.len())),
        false => Update::Changed(Json(members.0.len())),
    }
}

type Joined = Result<Update<StatusCode>, Problem>;

#[kr_route(post, "/async/{name}")]
#[locked("members")]
async fn join_async(name: String, members: &mut Members) -> Joined {
    tokio::task::yield_now().await;
    join_or_fail(name, members)
}

#[kr_route(post, "/blocking/{name}", blocking)]
#[locked("members")]
fn join_blocking(name: String, members: &mut Members) -> Joined {
    join_or_fail(name, members)
}

#[kr_route(post, "/opaque/{name}")]
#[locked("members")]
fn join_opaque(
    name: String,
    members: &mut Members,
) -> Update<Result<impl IntoResponse + use<>, Problem>> {
    match join_or_fail(name, members) {
        Ok(Update::Changed(status)) => Update::Changed(Ok(status)),
        Ok(Update::Unchanged(status)) => Update::Unchanged(Ok(status)),
        Err(problem) => Update::Changed(Err(problem)),
    }
}

fn join_or_fail(name: String, members: &mut Members) -> Joined {
    if name == "nobody" {
        members.0.clear();
        return Err(Problem::bad_request("somebody has to join"));
    }
    match members.0.contains(&name) {
        true => Ok(Update::Unchanged(StatusCode::OK)),
        false => {
            members.0.push(name);
            Ok(Update::Changed(StatusCode::CREATED))
        }
    }
}

#[kr_route(post, "/badges/{id}")]
#[locked("badge:{id}")]
fn look(id: u64, badge: &mut Option<Badge>) -> Update<Json<(u64, bool)>> {
    Update::Unchanged(Json((id, badge.is_some())))
}

async fn start() -> (Club, Client) {
    let club = Club {
        members: Shared::new(Members::default()),
        badges: SharedMap::new(),
    };
    let app = App::new("Club", club.clone()).mount(routes![
        members,
        join,
        join_async,
        join_blocking,
        join_opaque,
        look
    ]);
    let client = Client::connect(serve(app.into_router().unwrap()).await).await;
    (club, client)
}

fn revision(club: &Club) -> u64 {
    club.latest::<Members>().unwrap().revision()
}

#[tokio::test]
async fn a_handler_that_changes_nothing_makes_no_commit() {
    for route in ["async", "blocking", "opaque"] {
        let (club, mut client) = start().await;
        let mut heard = club.subscribe::<Members>().unwrap();
        heard.mark_unchanged();
        let path = format!("/{route}/ann");
        assert_eq!(client.post(&path).await.status, StatusCode::CREATED);
        assert_eq!(revision(&club), 1, "{route}");
        assert!(heard.has_changed().unwrap());
        heard.mark_unchanged();
        assert_eq!(client.post(&path).await.status, StatusCode::OK);
        assert_eq!(revision(&club), 1, "{route}");
        assert!(!heard.has_changed().unwrap());
        // `Err` rolls back as ever.
        let refused = client.post(&format!("/{route}/nobody")).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST);
        assert_eq!(club.latest::<Members>().unwrap().0, ["ann"], "{route}");
    }
}

#[tokio::test]
async fn tags_and_cached_responses_stay_and_the_draft_is_dropped() {
    let (club, mut client) = start().await;
    let joined = client.post("/members/ann").await;
    assert_eq!(joined.json(), json!(1));
    let tag = client.get("/members").await.header("etag").to_owned();
    assert_eq!(joined.header("etag"), tag);
    let again = client.post("/members/ann").await;
    assert_eq!(
        (again.json(), again.header("etag")),
        (json!(2), tag.as_str())
    );
    assert_eq!(club.read::<Members>().await.unwrap().0, ["ann"]);
    let (get, known) = (Method::GET, [("if-none-match", tag.as_str())]);
    let same = client.send_with(get, "/members", &known, "").await;
    assert_eq!(same.status, StatusCode::NOT_MODIFIED);
}

#[tokio::test]
async fn an_instance_is_neither_made_nor_kept_in_memory() {
    let (club, mut client) = start().await;
    assert_eq!(client.post("/badges/1").await.json(), json!([1, false]));
    let looked = club.badges.update_if_changed(&2, |badge| {
        badge.0 += 1;
        Update::Unchanged(badge.0)
    });
    assert_eq!(looked.await.unwrap(), 1);
    assert!(club.badges.is_empty().await.unwrap());
    assert!(club.badges.locks().is_empty());
    let stamped = club.badges.update_if_changed(&2, |badge| {
        badge.0 += 1;
        Update::Changed(badge.0)
    });
    assert_eq!(stamped.await.unwrap(), 1);
    assert_eq!(club.badges.read(&2).await.unwrap().revision(), 1);
}

#[tokio::test]
async fn a_closure_that_changes_nothing_makes_no_commit() {
    let (club, _) = start().await;
    let mut heard = club.subscribe::<Members>().unwrap();
    heard.mark_unchanged();
    let unchanged = club.update_if_changed(|members: &mut Members| {
        members.0.push("ann".into());
        Update::Unchanged(members.0.len())
    });
    assert_eq!(unchanged.await, Ok(1));
    assert_eq!((revision(&club), heard.has_changed().unwrap()), (0, false));
    let failed = club.update_if_changed(|members: &mut Members| {
        members.0.push("ann".into());
        match members.0.len() {
            1 => Err(Failed("no".into())),
            _ => Ok(Update::Changed(())),
        }
    });
    assert_eq!(failed.await, Err(Failed("no".into())));
    assert_eq!(revision(&club), 0);
    let changed = club.update_if_changed(|members: &mut Members| {
        members.0.push("ann".into());
        Ok::<_, Failed>(Update::Changed(members.0.len()))
    });
    assert_eq!(changed.await, Ok(1));
    assert_eq!((revision(&club), heard.has_changed().unwrap()), (1, true));
}

#[derive(Debug, PartialEq)]
struct Failed(String);

impl From<UpdateError> for Failed {
    fn from(error: UpdateError) -> Self {
        Self(error.to_string())
    }
}

#[test]
fn a_unit_test_sees_what_the_handler_says() {
    let mut members = Members(vec!["ann".into()]);
    assert!(!join("ann".into(), &mut members).is_changed());
    assert_eq!(join("bo".into(), &mut members).into_inner().0, 3);
}
