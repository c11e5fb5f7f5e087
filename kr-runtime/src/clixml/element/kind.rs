//! The table of all elements, one row each. For a new element, add a row; the compiler then reports the other places.

use std::str::FromStr;

use crate::clixml::lexical::invalid::InvalidText;
use crate::clixml::lexical::{
    binary, date_time, duration, guid, number, secure_string, uri, version, xml_document,
};

/// The role of an element in a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    /// An element that only organises others.
    Structure,
    /// A sequence of values: a list, a stack, a queue.
    Collection,
    /// Named members.
    PropertySet,
    Integer,
    Float,
    Decimal,
    /// A primitive that a Rust string can hold.
    Text,
    /// Any other primitive.
    Other,
}

/// Whether an element must be in PowerShell's namespace.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Namespace {
    Checked,
    /// PowerShell reads the element from any namespace.
    Ignored,
}

/// Whether `_xHHHH_` in the text of an element stands for a UTF-16 unit.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Escaped,
    Verbatim,
}

macro_rules! type_tag {
    ($tag:literal) => {
        concat!("kr_runtime::clixml::", $tag)
    };
}

pub(super) use type_tag;

macro_rules! elements {
    (
        structure { $($part:ident $part_tag:literal [$($part_byte:literal)+] $part_class:ident $part_encoding:ident;)* }
        primitives {
            $($kind:ident $tag:literal [$($byte:literal)+] $class:ident $namespace:ident $encoding:ident
                $check:path, $content:literal;)*
        }
    ) => {
        /// What an element is. Names are matched exactly: `i32` is not an `I32`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub(crate) enum Kind {
            $($part,)*
            $($kind,)*
        }

        impl Kind {
            /// The element with this name.
            #[inline]
            pub(crate) const fn of(name: &[u8]) -> Option<Kind> {
                // Patterns of bytes are compared without a call, unlike strings.
                Some(match name {
                    $([$($part_byte),+] => Kind::$part,)*
                    $([$($byte),+] => Kind::$kind,)*
                    _ => return None,
                })
            }

            /// The name of the element, as PowerShell writes it.
            #[inline]
            pub(crate) const fn tag(self) -> &'static str {
                match self {
                    $(Kind::$part => $part_tag,)*
                    $(Kind::$kind => $tag,)*
                }
            }

            /// The name by which a Rust type asks serde for this element; see [`type_tag`](super::type_tag).
            pub(crate) const fn type_tag(self) -> &'static str {
                match self {
                    $(Kind::$part => type_tag!($part_tag),)*
                    $(Kind::$kind => type_tag!($tag),)*
                }
            }

            #[inline]
            const fn class(self) -> Class {
                match self {
                    $(Kind::$part => Class::$part_class,)*
                    $(Kind::$kind => Class::$class,)*
                }
            }

            #[inline]
            const fn namespace(self) -> Namespace {
                match self {
                    $(Kind::$part => Namespace::Checked,)*
                    $(Kind::$kind => Namespace::$namespace,)*
                }
            }

            #[inline]
            const fn encoding(self) -> Encoding {
                match self {
                    $(Kind::$part => Encoding::$part_encoding,)*
                    $(Kind::$kind => Encoding::$encoding,)*
                }
            }

            /// Checks decoded text. PowerShell checks it as well, whether or not the value is used.
            pub(crate) fn check(self, text: &str) -> Result<(), InvalidText> {
                match self {
                    $(Kind::$part => Ok(()),)*
                    $(Kind::$kind => $check(text),)*
                }
            }

            /// A description of the valid content, for error messages.
            pub(crate) const fn content(self) -> &'static str {
                match self {
                    $(Kind::$part => "text",)*
                    $(Kind::$kind => $content,)*
                }
            }
        }

        // Each row spells the name twice: as a string, and as the bytes of a pattern.
        const _: () = {
            $(assert!(matches!(Kind::of($part_tag.as_bytes()), Some(Kind::$part)));)*
            $(assert!(matches!(Kind::of($tag.as_bytes()), Some(Kind::$kind)));)*
        };
    };
}

#[rustfmt::skip]
elements! {
    structure {
        Objs         "Objs"     [b'O' b'b' b'j' b's']                     Structure   Verbatim;
        Obj          "Obj"      [b'O' b'b' b'j']                          Structure   Verbatim;
        Nil          "Nil"      [b'N' b'i' b'l']                          Structure   Verbatim;
        Ref          "Ref"      [b'R' b'e' b'f']                          Structure   Verbatim;
        TypeNames    "TN"       [b'T' b'N']                               Structure   Verbatim;
        TypeNamesRef "TNRef"    [b'T' b'N' b'R' b'e' b'f']                Structure   Verbatim;
        TypeName     "T"        [b'T']                                    Structure   Escaped;
        ToString     "ToString" [b'T' b'o' b'S' b't' b'r' b'i' b'n' b'g'] Structure   Escaped;
        Props        "Props"    [b'P' b'r' b'o' b'p' b's']                PropertySet Verbatim;
        Members      "MS"       [b'M' b'S']                               PropertySet Verbatim;
        List         "LST"      [b'L' b'S' b'T']                          Collection  Verbatim;
        Enumerable   "IE"       [b'I' b'E']                               Collection  Verbatim;
        Stack        "STK"      [b'S' b'T' b'K']                          Collection  Verbatim;
        Queue        "QUE"      [b'Q' b'U' b'E']                          Collection  Verbatim;
        Dictionary   "DCT"      [b'D' b'C' b'T']                          Structure   Verbatim;
        Entry        "En"       [b'E' b'n']                               Structure   Verbatim;
    }
    primitives {
        String "S" [b'S'] Text Checked Escaped
            any, "text";
        Char "C" [b'C'] Text Ignored Verbatim
            unsigned::<u16>, "a UTF-16 unit as a number from 0 to 65535";
        Bool "B" [b'B'] Other Ignored Verbatim
            boolean, "`true` or `false`";
        Byte "By" [b'B' b'y'] Integer Ignored Verbatim
            unsigned::<u8>, "a number from 0 to 255";
        SByte "SB" [b'S' b'B'] Integer Ignored Verbatim
            signed::<i8>, "a number from -128 to 127";
        U16 "U16" [b'U' b'1' b'6'] Integer Ignored Verbatim
            unsigned::<u16>, "a number from 0 to 65535";
        I16 "I16" [b'I' b'1' b'6'] Integer Ignored Verbatim
            signed::<i16>, "a number from -32768 to 32767";
        U32 "U32" [b'U' b'3' b'2'] Integer Ignored Verbatim
            unsigned::<u32>, "a number from 0 to 4294967295";
        I32 "I32" [b'I' b'3' b'2'] Integer Ignored Verbatim
            signed::<i32>, "a number from -2147483648 to 2147483647";
        U64 "U64" [b'U' b'6' b'4'] Integer Ignored Verbatim
            unsigned::<u64>, "a number from 0 to 18446744073709551615";
        I64 "I64" [b'I' b'6' b'4'] Integer Ignored Verbatim
            signed::<i64>, "a number from -9223372036854775808 to 9223372036854775807";
        Single "Sg" [b'S' b'g'] Float Ignored Verbatim
            float, "a decimal number, `NaN`, `INF` or `-INF`";
        Double "Db" [b'D' b'b'] Float Ignored Verbatim
            float, "a decimal number, `NaN`, `INF` or `-INF`";
        Decimal "D" [b'D'] Decimal Ignored Verbatim
            decimal, "a decimal number of 28 digits at most";
        DateTime "DT" [b'D' b'T'] Text Ignored Verbatim
            instant, "a date and time such as `2024-05-01T12:34:56Z`";
        Duration "TS" [b'T' b'S'] Text Ignored Verbatim
            time_span, "a duration such as `P1DT2H3M4.5S`";
        Guid "G" [b'G'] Text Ignored Verbatim
            id, "a GUID such as `6b29fc40-ca47-1067-b31d-00dd010662da`";
        Uri "URI" [b'U' b'R' b'I'] Text Checked Escaped
            uri::check, "a URI";
        Version "Version" [b'V' b'e' b'r' b's' b'i' b'o' b'n'] Text Ignored Verbatim
            numbers, "a version of two to four numbers such as `1.2.3.4`";
        XmlDocument "XD" [b'X' b'D'] Text Checked Escaped
            xml_document::check, "an XML document without a DTD";
        ScriptBlock "SBK" [b'S' b'B' b'K'] Text Checked Escaped
            any, "text";
        Bytes "BA" [b'B' b'A'] Other Ignored Verbatim
            base64, "base64";
        SecureString "SS" [b'S' b'S'] Other Ignored Verbatim
            secure_string::check, "an encrypted string in hexadecimal digits";
        Progress "PR" [b'P' b'R'] Other Checked Escaped
            any, "text";
    }
}

impl Kind {
    #[inline]
    pub(crate) const fn is_primitive(self) -> bool {
        // The table has them last.
        self as u8 >= Kind::String as u8
    }

    #[inline]
    pub(crate) const fn is_collection(self) -> bool {
        matches!(self.class(), Class::Collection)
    }

    #[inline]
    pub(crate) const fn is_property_set(self) -> bool {
        matches!(self.class(), Class::PropertySet)
    }

    #[inline]
    pub(crate) const fn is_integer(self) -> bool {
        matches!(self.class(), Class::Integer)
    }

    #[inline]
    pub(crate) const fn is_number(self) -> bool {
        matches!(self.class(), Class::Integer | Class::Float | Class::Decimal)
    }

    /// Whether a Rust string can hold the content as it is.
    #[inline]
    pub(crate) const fn is_textual(self) -> bool {
        matches!(self.class(), Class::Text | Class::Decimal)
    }

    /// Whether the element is valid where a value is expected.
    #[inline]
    pub(crate) const fn is_value(self) -> bool {
        self.is_primitive() || matches!(self, Kind::Obj | Kind::Nil | Kind::Ref)
    }

    /// Whether the content must never be in a message.
    #[inline]
    pub(crate) const fn is_secret(self) -> bool {
        matches!(self, Kind::SecureString)
    }

    /// Whether PowerShell checks the namespace of the element.
    #[inline]
    pub(crate) const fn needs_namespace(self) -> bool {
        matches!(self.namespace(), Namespace::Checked)
    }

    /// Whether `_xHHHH_` in the text stands for a UTF-16 unit.
    #[inline]
    pub(crate) const fn is_escaped(self) -> bool {
        matches!(self.encoding(), Encoding::Escaped)
    }
}

fn any(_: &str) -> Result<(), InvalidText> {
    Ok(())
}

fn unsigned<T: FromStr>(text: &str) -> Result<(), InvalidText> {
    number::parse_int::<T>(text, false).map(drop)
}

fn signed<T: FromStr>(text: &str) -> Result<(), InvalidText> {
    number::parse_int::<T>(text, true).map(drop)
}

fn float(text: &str) -> Result<(), InvalidText> {
    number::parse_float::<f64>(text).map(drop)
}

fn boolean(text: &str) -> Result<(), InvalidText> {
    number::parse_bool(text).map(drop)
}

fn decimal(text: &str) -> Result<(), InvalidText> {
    number::canonical_decimal(text).map(drop)
}

fn instant(text: &str) -> Result<(), InvalidText> {
    date_time::parse(text).map(drop)
}

fn time_span(text: &str) -> Result<(), InvalidText> {
    duration::parse(text).map(drop)
}

fn id(text: &str) -> Result<(), InvalidText> {
    guid::parse(text).map(drop)
}

fn numbers(text: &str) -> Result<(), InvalidText> {
    version::parse(text).map(drop)
}

fn base64(text: &str) -> Result<(), InvalidText> {
    binary::parse(text).map(drop)
}
