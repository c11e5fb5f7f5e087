//! Checkpoints: the whole host in a file, for a store in memory.

use crate::host::AnyHost;
use crate::host::whole::{go_on_from, preview, read_from, restore_all, take};
use crate::http::StopToken;
use crate::lock::CallSite;
use crate::operations::CheckpointStatus;
use crate::snapshot::write_keeping;
use crate::sync::log;
use futures_util::FutureExt;
use std::fs::File;
use std::io::{self, BufReader, Seek};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::task::spawn_blocking;
use tokio::time::sleep;

/// Where and how often the host is written.
pub(super) struct Checkpoint {
    /// Beside the root of the application.
    path: PathBuf,
    every: Duration,
    host: Arc<dyn AnyHost>,
    pub(super) status: CheckpointStatus,
    /// The moment that is in the file.
    saved: Mutex<Option<String>>,
}

impl Checkpoint {
    pub(super) fn new(path: PathBuf, every: Duration, host: Arc<dyn AnyHost>) -> Arc<Self> {
        Arc::new(Self {
            path,
            every,
            host,
            status: CheckpointStatus::default(),
            saved: Mutex::new(None),
        })
    }

    /// Puts back what is in the file, if there is one. Nobody uses the host yet, so nothing has to be waited for.
    ///
    /// # Errors
    /// Why the application cannot start with it.
    pub(super) fn load(&self) -> Result<(), String> {
        let place = |reason: String| {
            format!(
                "checkpoint `{}`: {reason}; the one before it is `{}`",
                self.path.display(),
                kept(&self.path).display()
            )
        };
        let document = match File::open(&self.path) {
            Ok(document) => document,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(place(error.to_string())),
        };
        let restored = async {
            let fields = self.host.state_fields();
            let snapshot = read_from(&fields, &mut BufReader::new(document), &mut |_| ())?;
            go_on_from(&fields, &snapshot);
            let preview = preview(self.host.state_fields(), snapshot).await?;
            restore_all(self.host.state_fields(), preview, CallSite::here()).await?;
            take(self.host.state_fields()).await
        };
        let restored = restored.now_or_never();
        let in_use = || place("the states are in use while the application is built".to_owned());
        let now = restored.ok_or_else(in_use)?;
        let now = now.map_err(|error| place(error.to_string()))?;
        self.set_saved(now.fingerprint());
        Ok(())
    }

    /// Writes the host every now and then.
    pub(super) async fn run(self: Arc<Self>, stop: StopToken) {
        loop {
            tokio::select! {
                () = sleep(self.every) => {}
                () = stop.requested() => return,
            }
            self.save().await;
        }
    }

    /// Writes the host if anything has changed.
    pub(super) async fn save(&self) {
        match self.try_save().await {
            Ok(()) => {}
            Err(reason) => {
                log::error!(path = %self.path.display(), reason, "the checkpoint was not written");
                self.status.failed(reason);
            }
        }
    }

    async fn try_save(&self) -> Result<(), String> {
        let snapshot = take(self.host.state_fields()).await;
        let snapshot = snapshot.map_err(|error| error.to_string())?;
        let moment = snapshot.fingerprint();
        if self.saved().as_ref() == Some(&moment) {
            self.status.succeeded();
            return Ok(());
        }
        let (path, host) = (self.path.clone(), Arc::clone(&self.host));
        let written = spawn_blocking(move || {
            let write = |file: &mut File| {
                let written = snapshot.write_as(&path, &mut *file);
                written.map_err(|error| io::Error::other(error.to_string()))?;
                // What cannot be read again must not take the place of what can.
                file.rewind()?;
                let mut written = BufReader::new(file);
                let again = read_from(&host.state_fields(), &mut written, &mut |_| ());
                again.map_err(|error| {
                    io::Error::other(format!("it would not read back: {error}"))
                })?;
                Ok(())
            };
            let written = write_keeping(&path, &kept(&path), write);
            written.map_err(|error| error.to_string())
        });
        written.await.map_err(|error| error.to_string())??;
        self.set_saved(moment);
        self.status.succeeded();
        Ok(())
    }

    fn saved(&self) -> Option<String> {
        self.saved
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn set_saved(&self, moment: String) {
        *self.saved.lock().unwrap_or_else(PoisonError::into_inner) = Some(moment);
    }
}

/// The checkpoint before the last one.
fn kept(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".previous");
    name.into()
}
