//! CLIXML as a serde format: what PowerShell wrote is read, what is written PowerShell reads.

#[path = "clixml/bounds.rs"]
mod bounds;
#[path = "clixml/enums.rs"]
mod enums;
#[path = "clixml/errors.rs"]
mod errors;
#[path = "clixml/fixtures.rs"]
mod fixtures;
#[path = "clixml/forgiving.rs"]
mod forgiving;
#[path = "clixml/support.rs"]
mod support;
#[path = "clixml/timestamp.rs"]
mod timestamp;
#[path = "clixml/tutorial.rs"]
mod tutorial;
#[path = "clixml/typed.rs"]
mod typed;
#[path = "clixml/values.rs"]
mod values;
#[path = "clixml/verdicts.rs"]
mod verdicts;
#[path = "clixml/with.rs"]
mod with;
