//! The type names of Rust values.

/// The lists of type names that Rust values are written with.
#[derive(Clone, Copy, Debug)]
pub(crate) enum TypeList {
    Object,
    Array,
    Hashtable,
    Ordered,
}

impl TypeList {
    pub(super) const fn names(self) -> &'static [&'static str] {
        match self {
            TypeList::Object => &[
                "System.Management.Automation.PSCustomObject",
                "System.Object",
            ],
            TypeList::Array => &["System.Object[]", "System.Array", "System.Object"],
            TypeList::Hashtable => &["System.Collections.Hashtable", "System.Object"],
            TypeList::Ordered => &[
                "System.Collections.Specialized.OrderedDictionary",
                "System.Object",
            ],
        }
    }
}
