//! Documents that benchmarks load into a server.

use super::{Connection, Request};
use std::fmt::Write as _;
use std::net::SocketAddr;

/// The tutorial's document as CLIXML, with that many notes of 40 characters.
#[must_use]
pub fn snapshot(notes: usize) -> String {
    let mut text = String::from(
        "<Objs Version=\"1.1.0.1\" xmlns=\"http://schemas.microsoft.com/powershell/2004/04\"><Obj RefId=\"0\"><MS>\
         <I32 N=\"VisitCount\">0</I32><Obj N=\"Notes\" RefId=\"1\"><LST>",
    );
    for note in 0..notes {
        let _ = write!(text, "<S>{note:040}</S>");
    }
    text.push_str(
        "</LST></Obj><DT N=\"LastUpdated\">2026-11-23T10:00:00.1234567Z</DT></MS></Obj></Objs>",
    );
    text
}

/// The request that imports that many notes.
#[must_use]
pub fn import(notes: usize) -> Request {
    let body = serde_json::json!({ "snapshot": snapshot(notes) });
    Request::json("/snapshot/import", &body.to_string())
}

/// Imports that many notes into a server.
pub fn fill(server: SocketAddr, notes: usize) {
    Connection::connect(server).request(&import(notes));
}
