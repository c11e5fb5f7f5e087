//! PowerShell's serialized XML (CLIXML) as a serde data format.
