//! To and from [`serde_json::Value`].

use crate::clixml::base::error::{Error, Result};
use crate::clixml::value::dynamic::{Object, Value};

impl Value {
    /// The value as plain JSON: members and entries as objects, lists as arrays, what JSON lacks as text.
    ///
    /// References are expanded; secrets become null, and so do `NaN` and the infinities.
    ///
    /// ```
    /// use kr_runtime::clixml::{Object, Value};
    ///
    /// let state = Value::from(Object::custom([("VisitCount", Value::I32(2))]));
    /// assert_eq!(state.to_json()?, serde_json::json!({"VisitCount": 2}));
    /// # Ok::<(), kr_runtime::clixml::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If an object contains itself, or if references expand without measure.
    pub fn to_json(&self) -> Result<serde_json::Value> {
        serde_json::to_value(self).map_err(|error| Error::data(error.to_string()))
    }
}

impl From<serde_json::Value> for Value {
    /// As `ConvertFrom-Json` does it: objects become `[pscustomobject]`, arrays `Object[]`.
    fn from(json: serde_json::Value) -> Self {
        match json {
            serde_json::Value::Null => Value::Nil,
            serde_json::Value::Bool(value) => value.into(),
            serde_json::Value::Number(number) => match (number.as_i64(), number.as_u64()) {
                (Some(number), _) => i32::try_from(number).map_or(Value::I64(number), Value::I32),
                (None, Some(number)) => Value::U64(number),
                (None, None) => Value::Double(number.as_f64().unwrap_or(f64::NAN)),
            },
            serde_json::Value::String(text) => text.into(),
            serde_json::Value::Array(items) => {
                Object::list(items.into_iter().map(Value::from)).into()
            }
            serde_json::Value::Object(members) => Object::custom(
                members
                    .into_iter()
                    .map(|(name, value)| (name, value.into())),
            )
            .into(),
        }
    }
}
