//! The attribute and derive macros of kr. Use them through `kr-runtime`, which documents them.
