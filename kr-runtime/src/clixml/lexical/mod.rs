pub(crate) mod date_time;
pub(crate) mod duration;
pub(crate) mod encoding;
pub(crate) mod escape;
pub(crate) mod ignore_case;
pub(crate) mod number;
pub(crate) mod xml;
