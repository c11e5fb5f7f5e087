//! The entity tags of routes with `etag`: strong ones, made of the revision of the states.

use crate::store::Stamp;
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

    pub(super) fn tag(self, Stamp { revision, epoch }: Stamp) -> HeaderValue {
        let epoch = match epoch {
            0 => self.epoch,
            of_store => of_store,
        };
        let mut tag = [0; 40];
        let mut rest = &mut tag[..];
        write!(rest, "\"{epoch:016x}-{revision}\"").expect("at most 39 characters");
        let unused = rest.len();
        let length = tag.len() - unused;
        HeaderValue::from_bytes(&tag[..length]).expect("digits in quotes")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stamp(revision: u64, epoch: u64) -> Stamp {
        Stamp { revision, epoch }
    }

    #[test]
    fn a_tag_has_the_epoch_and_the_revision() {
        let tags = EntityTags::new(0xbeef);
        assert_eq!(tags.tag(stamp(0, 0)), "\"000000000000beef-0\"");
        let longest = EntityTags::new(u64::MAX).tag(stamp(u64::MAX, 0));
        assert_eq!(longest, "\"ffffffffffffffff-18446744073709551615\"");
        assert_eq!(tags.tag(stamp(7, 0xcafe)), "\"000000000000cafe-7\"");
    }
}
