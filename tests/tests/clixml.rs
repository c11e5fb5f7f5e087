//! CLIXML as a serde format: documents of PowerShell are read, and PowerShell reads what is written.

#[path = "clixml/buffered.rs"]
mod buffered;
#[path = "clixml/dynamic_values.rs"]
mod dynamic_values;
#[path = "clixml/enums.rs"]
mod enums;
#[path = "clixml/errors.rs"]
mod errors;
#[path = "clixml/generated.rs"]
mod generated;
#[path = "clixml/generator.rs"]
mod generator;
#[path = "clixml/lenient.rs"]
mod lenient;
#[path = "clixml/limits.rs"]
mod limits;
#[path = "clixml/names.rs"]
mod names;
#[path = "clixml/powershell_documents.rs"]
mod powershell_documents;
#[path = "clixml/powershell_results.rs"]
mod powershell_results;
#[path = "clixml/rust_types.rs"]
mod rust_types;
#[path = "clixml/secrets.rs"]
mod secrets;
#[path = "clixml/streams.rs"]
mod streams;
#[path = "clixml/support.rs"]
mod support;
#[path = "clixml/timestamp.rs"]
mod timestamp;
#[path = "clixml/tutorial.rs"]
mod tutorial;
#[path = "clixml/with_modules.rs"]
mod with_modules;
