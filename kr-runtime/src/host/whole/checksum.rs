//! The checksum in a document.

use sha2::{Digest, Sha256};

/// The checksum of some text, which comes in parts.
#[derive(Default)]
pub(super) struct Checksum {
    hash: Sha256,
    /// What comes in single bytes is collected first.
    part: Vec<u8>,
}

const PART: usize = 4 * 1024;

impl Checksum {
    pub(super) fn add(&mut self, bytes: &[u8]) {
        self.part.extend_from_slice(bytes);
        if self.part.len() >= PART {
            self.hash.update(&self.part);
            self.part.clear();
        }
    }

    /// As a document has it.
    pub(super) fn finish(mut self) -> String {
        self.hash.update(&self.part);
        let sum = self.hash.finalize();
        sum.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}
