//! Objects as PowerShell makes them, and the names of their types.

use super::dynamic::{Content, ListKind, Object, Value};
use super::text::Text;

impl Object {
    /// A `[pscustomobject]` with these members.
    ///
    /// ```
    /// use kr_runtime::clixml::{Object, Value};
    ///
    /// let state = Object::custom([("VisitCount", Value::I32(2))]);
    /// assert_eq!(state.get("VisitCount"), Some(&Value::I32(2)));
    /// ```
    #[must_use]
    pub fn custom<N: Into<Text>>(members: impl IntoIterator<Item = (N, Value)>) -> Self {
        let members = members
            .into_iter()
            .map(|(name, value)| (name.into(), value))
            .collect();
        Object {
            members,
            ..Self::of(&[
                "System.Management.Automation.PSCustomObject",
                "System.Object",
            ])
        }
    }

    /// An array, `Object[]`.
    ///
    /// ```
    /// use kr_runtime::clixml::{Object, Value};
    ///
    /// assert_eq!(Object::list([Value::I32(2)]).items(), Some(&[Value::I32(2)][..]));
    /// ```
    #[must_use]
    pub fn list(items: impl IntoIterator<Item = Value>) -> Self {
        let content = Content::List(ListKind::List, items.into_iter().collect());
        Object {
            content,
            ..Self::of(&["System.Object[]", "System.Array", "System.Object"])
        }
    }

    /// A hashtable.
    ///
    /// ```
    /// use kr_runtime::clixml::{Object, Value};
    ///
    /// let table = Object::hashtable([(Value::from("a"), Value::I32(1))]);
    /// assert_eq!(table.get("A"), Some(&Value::I32(1)));
    /// ```
    #[must_use]
    pub fn hashtable(entries: impl IntoIterator<Item = (Value, Value)>) -> Self {
        let content = Content::Dictionary(entries.into_iter().collect());
        Object {
            content,
            ..Self::of(&["System.Collections.Hashtable", "System.Object"])
        }
    }

    /// An ordered dictionary, `[ordered]@{}`.
    ///
    /// ```
    /// use kr_runtime::clixml::{Object, Value};
    ///
    /// let table = Object::ordered([(Value::from("a"), Value::I32(1))]);
    /// assert_eq!(table.get("A"), Some(&Value::I32(1)));
    /// ```
    #[must_use]
    pub fn ordered(entries: impl IntoIterator<Item = (Value, Value)>) -> Self {
        let content = Content::Dictionary(entries.into_iter().collect());
        Object {
            content,
            ..Self::of(&[
                "System.Collections.Specialized.OrderedDictionary",
                "System.Object",
            ])
        }
    }

    fn of(names: &[&str]) -> Self {
        Object {
            type_names: Some(names.iter().copied().collect()),
            ..Self::default()
        }
    }

    /// The names of its types as they were before PowerShell read them: without `Deserialized.`.
    ///
    /// ```
    /// use kr_runtime::clixml::{Object, TypeNames};
    ///
    /// let names = TypeNames::from(["Deserialized.System.Object"]);
    /// let object = Object { type_names: Some(names), ..Object::default() };
    /// assert_eq!(object.live_type_names().collect::<Vec<_>>(), ["System.Object"]);
    /// ```
    pub fn live_type_names(&self) -> impl Iterator<Item = &str> {
        let names = self
            .type_names
            .iter()
            .flat_map(|names| names.iter())
            .filter_map(Text::as_str);
        names.map(|name| name.strip_prefix("Deserialized.").unwrap_or(name))
    }
}
