//! How many connections the file limit allows.

use crate::app::limits::MAX_CONNECTIONS;

/// How many files at least are for other purposes than connections.
const OTHER_FILES: usize = 32;

/// The default for the number of connections. An eighth of the files that the process may open is for other purposes.
pub(super) fn default_max_connections() -> usize {
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let connections = soft_limit(&limits).map(for_connections);
    connections.unwrap_or(MAX_CONNECTIONS).min(MAX_CONNECTIONS)
}

fn for_connections(files: usize) -> usize {
    files.saturating_sub((files / 8).max(OTHER_FILES)).max(1)
}

/// `Max open files            1024                 524288               files`
fn soft_limit(limits: &str) -> Option<usize> {
    let line = limits
        .lines()
        .find(|line| line.starts_with("Max open files"))?;
    line.split_whitespace().nth(3)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_soft_limit_is_the_first_number() {
        let limits = "Limit                     Soft Limit           Hard Limit           Units     \n\
                      Max processes             1234                 1234                 processes \n\
                      Max open files            1024                 524288               files     \n";
        assert_eq!(soft_limit(limits), Some(1024));
        assert_eq!(soft_limit(""), None);
        assert_eq!(
            soft_limit("Max open files   unlimited unlimited files"),
            None
        );
    }
}
