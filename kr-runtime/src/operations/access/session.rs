//! The sessions of those who signed in.

use super::level::Level;
use super::token::{Token, hash, random_id};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;

/// How long somebody stays signed in.
const LIFETIME: Duration = Duration::from_secs(12 * 60 * 60);

/// How many sessions there are at most; the oldest one ends.
const MOST: usize = 100;

/// Somebody who signed in.
pub(crate) struct Session {
    pub(crate) level: Level,
    /// For the log: it says which session it was and helps nobody to use it.
    pub(crate) name: String,
    /// Has to be in each form that changes something.
    pub(crate) form_token: String,
    /// Event streams of the session end with it.
    pub(crate) ended: CancellationToken,
    since: Instant,
}

/// The sessions, found by the hash of their ids.
#[derive(Default)]
pub(super) struct Sessions(Mutex<HashMap<[u8; 32], Arc<Session>>>);

impl Sessions {
    /// Begins a session. Returns it with its id.
    pub(super) fn begin(&self, level: Level) -> Result<(String, Arc<Session>), getrandom::Error> {
        let id = random_id()?;
        let key = hash(&id);
        let session = Arc::new(Session {
            level,
            name: key[..4].iter().map(|byte| format!("{byte:02x}")).collect(),
            form_token: random_id()?,
            ended: CancellationToken::new(),
            since: Instant::now(),
        });
        let mut sessions = self.alive();
        if sessions.len() >= MOST {
            let oldest = sessions.iter().min_by_key(|(_, session)| session.since);
            if let Some(oldest) = oldest.map(|(key, _)| *key)
                && let Some(session) = sessions.remove(&oldest)
            {
                session.ended.cancel();
            }
        }
        sessions.insert(key, Arc::clone(&session));
        Ok((id, session))
    }

    pub(super) fn find(&self, id: &str) -> Option<Arc<Session>> {
        self.alive().get(&hash(id)).cloned()
    }

    pub(super) fn end(&self, id: &str) {
        if let Some(session) = self.alive().remove(&hash(id)) {
            session.ended.cancel();
        }
    }

    /// Those whose time is not over.
    fn alive(&self) -> MutexGuard<'_, HashMap<[u8; 32], Arc<Session>>> {
        let mut sessions = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        sessions.retain(|_, session| {
            let is_alive = session.since.elapsed() < LIFETIME;
            if !is_alive {
                session.ended.cancel();
            }
            is_alive
        });
        sessions
    }
}

impl Session {
    /// Whether a form was made for this session.
    pub(super) fn is_form_token(&self, token: &str) -> bool {
        Token::new(&self.form_token).is(token)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_is_found_until_it_ends() {
        let sessions = Sessions::default();
        let (id, session) = sessions.begin(Level::Read).unwrap();
        assert!(Arc::ptr_eq(&sessions.find(&id).unwrap(), &session));
        assert!(sessions.find(&format!("{id}x")).is_none());
        sessions.end(&id);
        assert!(sessions.find(&id).is_none());
        assert!(session.ended.is_cancelled());
    }

    #[test]
    fn of_too_many_sessions_the_oldest_ends() {
        let sessions = Sessions::default();
        let (first, _) = sessions.begin(Level::Read).unwrap();
        let others: Vec<_> = (0..MOST)
            .map(|_| sessions.begin(Level::Read).unwrap().0)
            .collect();
        assert!(sessions.find(&first).is_none());
        assert!(others.iter().all(|id| sessions.find(id).is_some()));
    }
}
