//! The types of a dynamic value. They contain each other, so they share a file.

use super::date_time::DateTime;
use super::decimal::Decimal;
use super::guid::Guid;
use super::progress::Progress;
use super::secure_string::SecureString;
use super::streamed::Streamed;
use super::text::Text;
use super::type_names::TypeNames;
use super::version::Version;

/// Any value of a document, without loss of information.
///
/// A value that PowerShell wrote is written again byte for byte. It keeps type names, `ToString`, properties separate
/// from notes, the kinds of lists, dictionaries with any key, references and cycles. A reference is an id, so every
/// value is a tree, and dropping a cyclic one frees all of it.
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
    /// `System.TimeSpan`, `<TS>`. Writing truncates it to 100 ns.
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
    /// A reference to another object of the document, `<Ref>`.
    Ref(ObjectId),
    /// An object of the document with its stream, `<S S="Error">`.
    Streamed(Box<Streamed>),
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

/// Anything with a type, members or elements: an `<Obj>`.
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
    /// The id by which a [`Value::Ref`] refers to it. Writing assigns new ids in the document.
    pub id: Option<ObjectId>,
    /// The names of its type and of the types that it derives from, or none at all.
    pub type_names: Option<TypeNames>,
    /// The result of its `ToString`.
    pub to_string: Option<Text>,
    /// The value or the elements that it holds.
    pub content: Content,
    /// The .NET properties, `<Props>`.
    pub properties: Vec<(Text, Value)>,
    /// The members that PowerShell added, `<MS>`.
    pub members: Vec<(Text, Value)>,
}

/// The value or the elements that an object holds.
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

/// The kind of a collection.
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
