//! Access to the members, elements and numbers of a value.

use super::dynamic::{Content, Object, Value};
use super::text::Text;
use crate::clixml::lexical::ignore_case::same_name;

impl Value {
    /// The name of the stream that the object belongs to, in the spelling of the document; see [`Streamed`].
    ///
    /// [`Streamed`]: crate::clixml::Streamed
    ///
    /// ```
    /// use kr_runtime::clixml::Value;
    ///
    /// assert_eq!(Value::from("a").stream(), None);
    /// ```
    #[must_use]
    pub fn stream(&self) -> Option<&str> {
        match self {
            Value::Streamed(object) => Some(&object.stream),
            _ => None,
        }
    }

    /// The member or entry with this name, without regard to case. If there are several, the last one.
    ///
    /// ```
    /// use kr_runtime::clixml::{Object, Value};
    ///
    /// let state = Value::from(Object::custom([("VisitCount", Value::I32(2))]));
    /// assert_eq!(state.get("VISITCOUNT"), Some(&Value::I32(2)));
    /// assert_eq!(state.get("Notes"), None);
    /// ```
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        match self {
            Value::Streamed(object) => object.value.get(name),
            Value::Object(object) => object.get(name),
            Value::Members(members) => {
                find(members.iter().map(|(name, value)| (name, value)), name)
            }
            _ => None,
        }
    }

    /// The elements of a list, stack, queue or other collection.
    ///
    /// ```
    /// use kr_runtime::clixml::{Object, Value};
    ///
    /// let notes = Value::from(Object::list([Value::from("a")]));
    /// assert_eq!(notes.items(), Some(&[Value::from("a")][..]));
    /// ```
    #[must_use]
    pub fn items(&self) -> Option<&[Value]> {
        match self {
            Value::Streamed(object) => object.value.items(),
            Value::Object(object) => object.items(),
            _ => None,
        }
    }

    /// The text of a string, also if an object wraps it.
    ///
    /// ```
    /// use kr_runtime::clixml::Value;
    ///
    /// assert_eq!(Value::from("a").as_str(), Some("a"));
    /// ```
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self.primitive() {
            Value::String(text) => text.as_str(),
            _ => None,
        }
    }

    /// An integer of any width, or the number of a .NET enum.
    ///
    /// ```
    /// use kr_runtime::clixml::Value;
    ///
    /// assert_eq!(Value::Byte(5).as_i64(), Some(5));
    /// ```
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        Some(match *self.primitive() {
            Value::Byte(number) => number.into(),
            Value::SByte(number) => number.into(),
            Value::U16(number) => number.into(),
            Value::I16(number) => number.into(),
            Value::U32(number) => number.into(),
            Value::I32(number) => number.into(),
            Value::I64(number) => number,
            Value::U64(number) => return number.try_into().ok(),
            _ => return None,
        })
    }

    /// The primitive that an object wraps, or the value itself.
    ///
    /// ```
    /// use kr_runtime::clixml::Value;
    ///
    /// assert_eq!(Value::I32(5).primitive(), &Value::I32(5));
    /// ```
    #[must_use]
    pub fn primitive(&self) -> &Value {
        let mut value = self;
        loop {
            value = match value {
                Value::Streamed(object) => &object.value,
                Value::Object(object) => match &object.content {
                    Content::Value(inner) => inner,
                    _ => return value,
                },
                _ => return value,
            };
        }
    }

    /// Whether it is null.
    ///
    /// ```
    /// assert!(kr_runtime::clixml::Value::Nil.is_nil());
    /// ```
    #[must_use]
    pub fn is_nil(&self) -> bool {
        match self {
            Value::Streamed(object) => object.value.is_nil(),
            _ => matches!(self, Value::Nil),
        }
    }
}

impl Object {
    /// The member or entry with this name, see [`Value::get`].
    ///
    /// ```
    /// use kr_runtime::clixml::Object;
    ///
    /// assert_eq!(Object::default().get("Notes"), None);
    /// ```
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        let own = find(
            self.properties
                .iter()
                .chain(&self.members)
                .map(|(name, value)| (name, value)),
            name,
        );
        own.or_else(|| match &self.content {
            Content::Dictionary(entries) => {
                let named = entries
                    .iter()
                    .filter_map(|(key, value)| match key.primitive() {
                        Value::String(name) => Some((name, value)),
                        _ => None,
                    });
                find(named, name)
            }
            Content::Value(inner) => inner.get(name),
            _ => None,
        })
    }

    /// The elements of a list, stack, queue or other collection.
    ///
    /// ```
    /// assert_eq!(kr_runtime::clixml::Object::default().items(), None);
    /// ```
    #[must_use]
    pub fn items(&self) -> Option<&[Value]> {
        match &self.content {
            Content::List(_, items) => Some(items),
            Content::Value(inner) => inner.items(),
            _ => None,
        }
    }
}

/// The last value with this name. A name in the same spelling takes precedence.
fn find<'a>(members: impl Iterator<Item = (&'a Text, &'a Value)>, name: &str) -> Option<&'a Value> {
    let (mut exact, mut other) = (None, None);
    for (own, value) in members {
        let Some(own) = own.as_str() else { continue };
        if own == name {
            exact = Some(value);
        } else if same_name(own, name) {
            other = Some(value);
        }
    }
    exact.or(other)
}
