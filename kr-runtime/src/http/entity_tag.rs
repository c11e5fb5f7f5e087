//! The entity tags of routes with `etag`: strong ones, made of the revision of the states.

use axum::http::HeaderValue;
use std::io::Write;

/// Makes the tags of an application.
///
/// A revision alone is no tag: the application of another process, or the next one of this process, counts from 0 again.
#[derive(Clone, Copy)]
pub struct EntityTags {
    epoch: u64,
}

impl EntityTags {
    /// `epoch` is different for each life of the states.
    pub(crate) fn new(epoch: u64) -> Self {
        Self { epoch }
    }

    pub(super) fn tag(self, revision: u64) -> HeaderValue {
        let mut tag = [0; 40];
        let mut rest = &mut tag[..];
        write!(rest, "\"{:016x}-{revision}\"", self.epoch).expect("at most 39 characters");
        let unused = rest.len();
        let length = tag.len() - unused;
        HeaderValue::from_bytes(&tag[..length]).expect("digits in quotes")
    }
}

#[cfg(test)]
mod tests {
    use super::EntityTags;

    #[test]
    fn a_tag_has_the_epoch_and_the_revision() {
        let tags = EntityTags::new(0xbeef);
        assert_eq!(tags.tag(0), "\"000000000000beef-0\"");
        let longest = EntityTags::new(u64::MAX).tag(u64::MAX);
        assert_eq!(longest, "\"ffffffffffffffff-18446744073709551615\"");
    }
}
