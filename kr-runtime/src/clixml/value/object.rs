use super::dynamic::{ObjectId, Value};
use super::text::Text;
use super::type_names::TypeNames;
use crate::clixml::lexical::ignore_case::same_name;

/// Anything with a type, members or elements: what stands in an `<Obj>`.
///
/// ```
/// use kr_runtime::clixml::{self, Object, Value};
///
/// let state = Object::custom([("VisitCount", Value::I32(2)), ("Notes", Object::list([]).into())]);
/// let document = clixml::to_string(&Value::from(state))?;
/// assert!(document.contains("<T>System.Management.Automation.PSCustomObject</T>"));
/// # Ok::<(), clixml::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Object {
    /// What a [`Value::Ref`] may point at. Documents are numbered anew on writing.
    pub id: Option<ObjectId>,
    /// The names of its type and of the types that it derives from, or none at all.
    pub type_names: Option<TypeNames>,
    /// What its `ToString` gave.
    pub to_string: Option<Text>,
    /// What it wraps or holds.
    pub content: Content,
    /// The properties that .NET gave it, `<Props>`.
    pub properties: Vec<(Text, Value)>,
    /// The members that PowerShell gave it, `<MS>`.
    pub members: Vec<(Text, Value)>,
}

/// What an object wraps or holds.
///
/// ```
/// use kr_runtime::clixml::{Content, ListKind, Object};
///
/// assert_eq!(Object::list([]).content, Content::List(ListKind::List, vec![]));
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Content {
    /// Nothing but members.
    #[default]
    None,
    /// A primitive, such as a string with notes or the number of an enum; or another object.
    Value(Value),
    /// Elements.
    List(ListKind, Vec<Value>),
    /// Keys and values.
    Dictionary(Vec<(Value, Value)>),
}

/// Which kind of collection elements stand in.
///
/// ```
/// use kr_runtime::clixml::{Content, ListKind, Object};
///
/// let queue = Object { content: Content::List(ListKind::Queue, vec![]), ..Object::default() };
/// # let _ = queue;
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ListKind {
    /// An array or list, `<LST>`.
    List,
    /// Another collection, `<IE>`.
    Enumerable,
    /// A stack, `<STK>`, its top first.
    Stack,
    /// A queue, `<QUE>`, its head first.
    Queue,
}

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

/// The last of the values with this name; one that is spelled the same goes first.
pub(crate) fn find<'a>(
    members: impl Iterator<Item = (&'a Text, &'a Value)>,
    name: &str,
) -> Option<&'a Value> {
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
