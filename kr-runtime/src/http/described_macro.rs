//! What is between the description of a handler in generated code and the feature that uses it.
//!
//! It is a macro of this crate, and no feature of the crate of the macros: a program may build that one with more features than
//! this one.

/// Keeps the description of a handler.
#[cfg(feature = "openapi")]
#[doc(hidden)]
#[macro_export]
macro_rules! __described {
    ($($description:item)*) => { $($description)* };
}

/// Drops the description of a handler, which nobody reads.
#[cfg(not(feature = "openapi"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __described {
    ($($description:tt)*) => {};
}
