//! The type names of an object.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use super::text::Text;

/// The names of a type and of the types that it derives from, shared by all objects of that type.
///
/// ```
/// use kr_runtime::clixml::TypeNames;
///
/// let names = TypeNames::from(["System.Object[]", "System.Array", "System.Object"]);
/// assert_eq!(names.len(), 3);
/// assert_eq!(names[0], "System.Object[]");
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct TypeNames(Arc<[Text]>);

impl TypeNames {
    /// The address of the list. Comparing addresses is faster than comparing lists.
    pub(crate) fn address(&self) -> usize {
        self.0.as_ptr().addr()
    }
}

impl Deref for TypeNames {
    type Target = [Text];

    fn deref(&self) -> &[Text] {
        &self.0
    }
}

impl<N: Into<Text>, const COUNT: usize> From<[N; COUNT]> for TypeNames {
    fn from(names: [N; COUNT]) -> Self {
        names.into_iter().collect()
    }
}

impl<N: Into<Text>> FromIterator<N> for TypeNames {
    fn from_iter<I: IntoIterator<Item = N>>(names: I) -> Self {
        TypeNames(names.into_iter().map(Into::into).collect())
    }
}

impl fmt::Debug for TypeNames {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}
