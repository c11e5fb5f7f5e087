//! Secrets that are compared.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// A secret, as its hash: comparing hashes takes as long whatever the length and the first wrong letter are.
#[derive(Clone, Copy)]
pub(crate) struct Token([u8; 32]);

impl Token {
    pub(crate) fn new(secret: &str) -> Self {
        Self(hash(secret))
    }

    /// Whether this is the secret.
    pub(crate) fn is(&self, secret: &str) -> bool {
        self.0.ct_eq(&hash(secret)).into()
    }
}

/// What a secret is found by.
pub(super) fn hash(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

/// An id that nobody guesses.
///
/// # Errors
/// If the operating system has no random numbers.
pub(crate) fn random_id() -> Result<String, getrandom::Error> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes)?;
    Ok(BASE64_URL_SAFE_NO_PAD.encode(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_its_secret_and_no_other() {
        let token = Token::new("sixteen-letters!");
        assert!(token.is("sixteen-letters!"));
        for other in [
            "",
            "sixteen-letters",
            "sixteen-letters!!",
            "Sixteen-letters!",
        ] {
            assert!(!token.is(other), "{other}");
        }
    }

    #[test]
    fn ids_differ() {
        assert_ne!(random_id().unwrap(), random_id().unwrap());
    }
}
