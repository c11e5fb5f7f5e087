//! What the store in a file keeps, and says, when something goes wrong: the process is killed, the power fails, the disk is
//! full or broken, the file is removed, damaged or somebody else's.
//!
//! `KR_KILLS` and `KR_CRASHES` make it more kills, power failures and flipped bits; see CONTRIBUTING.md.

mod failed_read;
mod failed_sync;
mod failed_write;
mod flipped_bits;
mod full_disk;
mod idle;
mod kills;
mod logged;
#[path = "../../src/office/mod.rs"]
#[allow(
    dead_code,
    unreachable_pub,
    unused_imports,
    reason = "two programs use it, each a part"
)]
mod office;
mod other_files;
mod power_failure;
mod read_only;
mod removed_file;
mod support;
mod two_processes;
