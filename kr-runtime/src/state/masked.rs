//! The value of a state without its secrets.

use super::shared_state::Secrets;
use super::state_type::StateType;
use crate::store::Value;
use serde_json::Value as Json;

/// Stands where a secret is.
const MASK: &str = "••••••";

impl StateType {
    /// As [`json`](Self::json), without what is secret.
    pub(crate) fn masked_json(&self, value: &Value) -> Option<serde_json::Result<Json>> {
        if self.traits.secrets.all {
            return self.traits.json.map(|_| Ok(Json::from(MASK)));
        }
        let json = self.json(value)?;
        Some(json.map(|json| masked(json, &self.traits.secrets)))
    }

    /// Whether there is anything secret in it.
    pub(crate) fn has_secrets(&self) -> bool {
        self.traits.secrets.all || !self.traits.secrets.members.is_empty()
    }
}

/// If one of the secrets is not where it should be, it may be somewhere else: then nothing is shown.
fn masked(mut json: Json, secrets: &Secrets) -> Json {
    for member in secrets.members {
        let place = match &mut json {
            Json::Object(members) => members.get_mut(*member),
            Json::Array(items) => member.parse().ok().and_then(|at: usize| items.get_mut(at)),
            _ => None,
        };
        match place {
            Some(secret) => *secret = Json::from(MASK),
            None => return Json::from(MASK),
        }
    }
    json
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const SECRETS: Secrets = Secrets {
        all: false,
        members: &["key"],
    };

    #[test]
    fn a_secret_member_is_masked_whatever_it_is() {
        let json = json!({ "key": { "private": [1] }, "open": 1 });
        assert_eq!(masked(json, &SECRETS), json!({ "key": MASK, "open": 1 }));
    }

    #[test]
    fn nothing_is_shown_if_a_secret_is_not_where_it_should_be() {
        assert_eq!(masked(json!({ "Key": "x" }), &SECRETS), json!(MASK));
        assert_eq!(masked(json!("x"), &SECRETS), json!(MASK));
    }

    #[test]
    fn a_secret_of_a_tuple_is_masked() {
        let secrets = Secrets {
            all: false,
            members: &["1"],
        };
        assert_eq!(masked(json!([1, "x"]), &secrets), json!([1, MASK]));
    }
}
