pub(crate) mod access_plan;
pub(crate) mod active;
pub(crate) mod in_place;
pub(crate) mod run;
pub(crate) mod single_state;
