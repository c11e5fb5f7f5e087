//! To and from [`serde_json::Value`].

use crate::clixml::base::error::{Error, Result};
use crate::clixml::document::whole::Document;
use crate::clixml::value::dynamic::Value;
use crate::clixml::value::object::{Content, ListKind, Object};

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

impl Document {
    /// The document as plain JSON, see [`Value::to_json`]: several objects are an array, none is null.
    ///
    /// ```
    /// let document = kr_runtime::clixml::Document { objects: vec![1.into(), "a".into()] };
    /// assert_eq!(document.to_json()?, serde_json::json!([1, "a"]));
    /// # Ok::<(), kr_runtime::clixml::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// See [`Value::to_json`].
    pub fn to_json(&self) -> Result<serde_json::Value> {
        match &self.objects[..] {
            [value] => value.to_json(),
            _ => Value::from(self.clone()).to_json(),
        }
    }
}

impl From<Document> for Value {
    /// As PowerShell gives it: several objects are a list, none is null.
    fn from(mut document: Document) -> Self {
        match document.objects.len() {
            0 | 1 => document.objects.pop().unwrap_or_default(),
            _ => {
                let content = Content::List(ListKind::List, document.objects);
                Object {
                    content,
                    ..Object::default()
                }
                .into()
            }
        }
    }
}
