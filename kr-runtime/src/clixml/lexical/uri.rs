//! `System.Uri`.

use super::invalid::InvalidText;

/// Refuses the absolute URIs that `System.Uri` refuses; any other text is valid as a relative URI.
pub(crate) fn check(text: &str) -> Result<(), InvalidText> {
    let Some((scheme, rest)) = text.split_once("://") else {
        return Ok(());
    };
    let mut scheme = scheme.trim_start().bytes();
    let is_scheme = scheme.next().is_some_and(|byte| byte.is_ascii_alphabetic())
        && scheme.all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'));
    if !is_scheme || text.starts_with("file:") {
        return Ok(());
    }
    let authority = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    let host = authority
        .rsplit_once('@')
        .map_or(authority, |(_, host)| host);
    let (host, port) = match host.rfind(':') {
        Some(at) if !host[at..].contains(']') => (&host[..at], &host[at + 1..]),
        _ => (host, ""),
    };
    let port_fits = port.is_empty()
        || (port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok());
    if host.is_empty() || !port_fits {
        Err(InvalidText::Syntax)
    } else {
        Ok(())
    }
}
