// The links of the page lead to its files, and here to modules: of two definitions the first counts.
#![doc = "[from_arc_mutex]: self::from_arc_mutex"]
#![doc = "[resources]: self::resources"]
#![doc = "[errors]: self::errors"]
#![doc = "[testing]: self::testing"]
#![doc = "[transfers]: self::transfers"]
#![doc = "[sessions]: self::sessions"]
#![doc = "[large_states]: self::large_states"]
#![doc = "[two_apps]: self::two_apps"]
#![doc = "[live_pages]: self::live_pages"]
#![doc = "[caching]: self::caching"]
#![doc = "[retries]: self::retries"]
#![doc = "[caches]: self::caches"]
#![doc = "[uploads]: self::uploads"]
#![doc = "[layers]: self::layers"]
#![doc = "[deadlines]: self::deadlines"]
#![doc = "[blocking_work]: self::blocking_work"]
#![doc = "[background_work]: self::background_work"]
#![doc = "[file_format]: self::file_format"]
#![doc = "[traces]: self::traces"]
#![doc = "[postgres_format]: self::postgres_format"]
#![doc = ""]
#![doc = include_str!("../docs/guide/index.md")]

#[doc = include_str!("../docs/guide/from_arc_mutex.md")]
pub mod from_arc_mutex {}

#[doc = include_str!("../docs/guide/resources.md")]
pub mod resources {}

#[doc = include_str!("../docs/guide/errors.md")]
pub mod errors {}

#[doc = include_str!("../docs/guide/testing.md")]
pub mod testing {}

#[doc = include_str!("../docs/guide/transfers.md")]
pub mod transfers {}

#[doc = include_str!("../docs/guide/sessions.md")]
pub mod sessions {}

#[doc = include_str!("../docs/guide/large_states.md")]
pub mod large_states {}

#[cfg(feature = "file")]
#[doc = include_str!("../docs/guide/keeping_state.md")]
pub mod keeping_state {}

#[doc = include_str!("../docs/guide/file_format.md")]
pub mod file_format {}

#[cfg(feature = "postgres")]
#[doc = include_str!("../docs/guide/many_machines.md")]
pub mod many_machines {}

#[doc = include_str!("../docs/guide/postgres_format.md")]
pub mod postgres_format {}

#[doc = include_str!("../docs/guide/two_apps.md")]
pub mod two_apps {}

#[doc = include_str!("../docs/guide/live_pages.md")]
pub mod live_pages {}

#[doc = include_str!("../docs/guide/caching.md")]
pub mod caching {}

#[doc = include_str!("../docs/guide/retries.md")]
pub mod retries {}

#[doc = include_str!("../docs/guide/caches.md")]
pub mod caches {}

#[doc = include_str!("../docs/guide/uploads.md")]
pub mod uploads {}

#[doc = include_str!("../docs/guide/layers.md")]
pub mod layers {}

#[doc = include_str!("../docs/guide/deadlines.md")]
pub mod deadlines {}

#[doc = include_str!("../docs/guide/blocking_work.md")]
pub mod blocking_work {}

#[cfg(feature = "operations")]
#[doc = include_str!("../docs/guide/operations.md")]
pub mod operations {}

#[cfg(feature = "openapi")]
#[doc = include_str!("../docs/guide/openapi.md")]
pub mod openapi {}

#[doc = include_str!("../docs/guide/traces.md")]
pub mod traces {}

// The pictures are files for whoever reads the page in the repository, and here a part of the page.
#[cfg(feature = "operations")]
#[doc = "[operations]: crate::guide::operations"]
#[doc = include_str!("../docs/guide/pictures/inline.md")]
#[doc = ""]
#[doc = include_str!("../docs/guide/operations_pages.md")]
pub mod operations_pages {}

#[doc = include_str!("../docs/guide/background_work.md")]
pub mod background_work {}
