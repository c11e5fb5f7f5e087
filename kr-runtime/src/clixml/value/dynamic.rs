use super::date_time::DateTime;
use super::object::Object;
use super::scalars::{Decimal, Guid, Progress, SecureString, Version};
use super::text::Text;

/// Any value of a document, with everything that the document says about it.
///
/// What was read from PowerShell is written again byte for byte: type names, `ToString`, properties and notes apart,
/// the kinds of lists, dictionaries with any key, references and cycles. A reference is an id, so that a value is a
/// tree, and even one that contains itself is freed as a whole.
///
/// ```
/// use kr_runtime::clixml::{self, Value};
///
/// let document = r#"<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">
///   <Obj RefId="0">
///     <MS>
///       <I32 N="VisitCount">2</I32>
///     </MS>
///   </Obj>
/// </Objs>"#;
/// let value: Value = clixml::from_str(document)?;
/// assert_eq!(value.get("visitcount"), Some(&Value::I32(2)));
/// assert_eq!(clixml::to_string(&value)?, document);
/// # Ok::<(), clixml::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub enum Value {
    /// `$null`, `<Nil>`.
    #[default]
    Nil,
    /// `System.String`, `<S>`.
    String(Text),
    /// `System.Char`, one unit of UTF-16, `<C>`.
    Char(u16),
    /// `System.Boolean`, `<B>`.
    Bool(bool),
    /// `System.Byte`, `<By>`.
    Byte(u8),
    /// `System.SByte`, `<SB>`.
    SByte(i8),
    /// `System.UInt16`, `<U16>`.
    U16(u16),
    /// `System.Int16`, `<I16>`.
    I16(i16),
    /// `System.UInt32`, `<U32>`.
    U32(u32),
    /// `System.Int32`, `<I32>`.
    I32(i32),
    /// `System.UInt64`, `<U64>`.
    U64(u64),
    /// `System.Int64`, `<I64>`.
    I64(i64),
    /// `System.Single`, `<Sg>`.
    Single(f32),
    /// `System.Double`, `<Db>`.
    Double(f64),
    /// `System.Decimal`, `<D>`.
    Decimal(Decimal),
    /// `System.DateTime`, `<DT>`.
    DateTime(DateTime),
    /// `System.TimeSpan`, `<TS>`. What is finer than 100 ns is cut off on writing.
    Duration(jiff::SignedDuration),
    /// `System.Guid`, `<G>`.
    Guid(Guid),
    /// `System.Uri`, `<URI>`.
    Uri(Text),
    /// `System.Version`, `<Version>`.
    Version(Version),
    /// `System.Xml.XmlDocument`, `<XD>`, as its text.
    XmlDocument(Text),
    /// A script block, `<SBK>`, as its source.
    ScriptBlock(Text),
    /// `System.Byte[]`, `<BA>`.
    Bytes(Vec<u8>),
    /// `System.Security.SecureString`, `<SS>`, never decoded.
    SecureString(SecureString),
    /// A progress record, `<PR>`.
    Progress(Box<Progress>),
    /// Anything with a type, members or elements, `<Obj>`.
    Object(Box<Object>),
    /// A set of members among members, a nested `<MS>`.
    Members(Vec<(Text, Value)>),
    /// An object that stands elsewhere in the document, `<Ref>`.
    Ref(ObjectId),
}

/// Which object a [`Value::Ref`] means: the one with the same [`Object::id`].
///
/// ```
/// use kr_runtime::clixml::{ObjectId, Value};
///
/// let same = Value::Ref(ObjectId(0));
/// # let _ = same;
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectId(pub u32);

impl Value {
    /// The member or entry with this name, whatever its case; the last one if there are several.
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
            Value::Object(object) => object.get(name),
            Value::Members(members) => {
                super::object::find(members.iter().map(|(name, value)| (name, value)), name)
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
            Value::Object(object) => object.items(),
            _ => None,
        }
    }

    /// The text of a string, also of one in an object with notes.
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

    /// An integer of any width, also that of an enum.
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
        while let Value::Object(object) = value {
            match &object.content {
                super::object::Content::Value(inner) => value = inner,
                _ => break,
            }
        }
        value
    }

    /// Whether it is null.
    ///
    /// ```
    /// assert!(kr_runtime::clixml::Value::Nil.is_nil());
    /// ```
    #[must_use]
    pub fn is_nil(&self) -> bool {
        matches!(self, Value::Nil)
    }
}

macro_rules! from {
    ($($type:ty => $variant:ident)*) => {$(
        impl From<$type> for Value {
            fn from(value: $type) -> Self {
                Value::$variant(value.into())
            }
        }
    )*};
}

from! {
    &str => String
    String => String
    Text => String
    bool => Bool
    u8 => Byte
    i8 => SByte
    u16 => U16
    i16 => I16
    u32 => U32
    i32 => I32
    u64 => U64
    i64 => I64
    f32 => Single
    f64 => Double
    Decimal => Decimal
    DateTime => DateTime
    crate::Timestamp => DateTime
    jiff::SignedDuration => Duration
    Guid => Guid
    Version => Version
    SecureString => SecureString
    Object => Object
    ObjectId => Ref
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Value::Nil, Into::into)
    }
}
