//! KR0222: the revision of one lock; of the other, the host tells it.

use kr_runtime::Revision;
use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "note")]
struct Note(String);

#[derive(Clone, SharedState)]
#[shared_state(lock = "title")]
struct Title(String);

#[derive(Host)]
struct Site {
    note: Shared<Note>,
    title: Shared<Title>,
}

#[kr_route(get, "/note")]
#[locked("note")]
fn note(_note: &Note, host: &Site, revision: Revision) -> Result<Json<(u64, u64)>, Problem> {
    let title = host.latest::<Title>()?;
    Ok(Json((revision.get(), title.revision())))
}

fn main() {
    let site = Site {
        note: Shared::new(Note(String::new())),
        title: Shared::new(Title(String::new())),
    };
    let _ = App::new("Site", site).mount(routes![note]);
}
