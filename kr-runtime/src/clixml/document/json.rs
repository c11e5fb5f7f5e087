//! A document as JSON, and as one value.

use super::whole::Document;
use crate::clixml::base::error::Result;
use crate::clixml::value::dynamic::{Content, ListKind, Object, Value};

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
