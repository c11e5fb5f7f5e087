//! What is in the file. The guide has a page about it, for whoever wants to read it with other tools.

use redb::TableDefinition;

/// The version of this format.
pub(super) const VERSION: u64 = 1;

/// Numbers about the file as a whole.
pub(super) const META: TableDefinition<'_, &str, u64> = TableDefinition::new("kr");

/// In [`META`]: the version of the format.
pub(super) const FORMAT: &str = "format";

/// The rows, by space and key.
pub(super) const ROWS: TableDefinition<'_, (&str, &[u8]), &[u8]> = TableDefinition::new("rows");

/// For each space, how many rows it has, and the greatest revision of a removed one.
pub(super) const SPACES: TableDefinition<'_, &str, (u64, u64)> = TableDefinition::new("spaces");

/// Responses that are kept with their commits: when their time is over, in milliseconds of the Unix time, and what they are,
/// behind a checksum as that of a row.
pub(super) const RESPONSES: TableDefinition<'_, &[u8], (u64, &[u8])> =
    TableDefinition::new("responses");

/// A row as it is in the file: a CRC-32 of its address and its text, and the text.
pub(super) fn seal(space: &str, key: &[u8], row: &[u8]) -> Vec<u8> {
    let mut sealed = Vec::with_capacity(row.len() + 4);
    sealed.extend(checksum(space, key, row).to_le_bytes());
    sealed.extend(row);
    sealed
}

/// The text of a row.
///
/// # Errors
/// If it is not what was written.
pub(super) fn unseal(space: &str, key: &[u8], sealed: &[u8]) -> Result<Vec<u8>, String> {
    let row = sealed.split_first_chunk().and_then(|(expected, row)| {
        (checksum(space, key, row) == u32::from_le_bytes(*expected)).then_some(row)
    });
    row.map(<[u8]>::to_vec).ok_or_else(|| {
        "the file is damaged: the row is not what was written; restore a backup".to_owned()
    })
}

/// A response as it is in the file: a CRC-32 of all there is about it, and what it is.
pub(super) fn seal_response(id: &[u8], until: u64, response: &[u8]) -> Vec<u8> {
    seal("", &response_key(id, until), response)
}

/// A response.
///
/// # Errors
/// If it is not what was written.
pub(super) fn unseal_response(id: &[u8], until: u64, sealed: &[u8]) -> Result<Vec<u8>, String> {
    unseal("", &response_key(id, until), sealed).map_err(|_| {
        "the file is damaged: a response is not what was written; restore a backup".to_owned()
    })
}

fn response_key(id: &[u8], until: u64) -> Vec<u8> {
    [id, &until.to_le_bytes()].concat()
}

fn checksum(space: &str, key: &[u8], row: &[u8]) -> u32 {
    let mut checksum = crc32fast::Hasher::new();
    for part in [space.as_bytes(), b"\0", key, row] {
        checksum.update(part);
    }
    checksum.finalize()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flipped_bit_is_noticed() {
        let sealed = seal("cart:{}", b"k", b"{}");
        assert_eq!(unseal("cart:{}", b"k", &sealed).unwrap(), b"{}");
        for bit in 0..sealed.len() * 8 {
            let mut flipped = sealed.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert!(unseal("cart:{}", b"k", &flipped).is_err());
        }
        assert!(unseal("cart:{}", b"l", &sealed).is_err());
        assert!(unseal("cart:{}", b"k", b"x").is_err());
    }
}
