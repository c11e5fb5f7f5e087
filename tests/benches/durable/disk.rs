//! How long the disk takes to confirm a small change.

use kr_tests::load::Percentiles;
use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::time::Instant;

/// A file to which pages are appended.
pub(crate) struct Disk(File);

impl Disk {
    pub(crate) fn in_folder(folder: &Path) -> Self {
        Self(File::create(folder.join("appended")).expect("a file"))
    }

    /// The median of some `fdatasync`s, each after 4 kB more.
    pub(crate) fn sync_seconds(&self) -> f64 {
        let append = |_| {
            let mut file = &self.0;
            file.write_all(&[7; 4096]).expect("room on the disk");
            let start = Instant::now();
            file.sync_data().expect("a disk that works");
            start.elapsed().as_secs_f64()
        };
        Percentiles::of((0..50).map(append)).median
    }
}
