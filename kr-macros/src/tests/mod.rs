//! Tests of whole expansions: what typical items become, and that no input makes a macro panic.

mod expansion;
mod robustness;
mod runtime_path;
