//! Snapshots block nobody, whatever their size.
