//! What the spelling of a type tells about it.

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{GenericArgument, Ident, PathArguments, Type, TypePath};

/// The primitive types that have names.
pub(crate) const PRIMITIVES: [&str; 17] = [
    "bool", "char", "f32", "f64", "i8", "i16", "i32", "i64", "i128", "isize", "str", "u8", "u16",
    "u32", "u64", "u128", "usize",
];

/// The type without parentheses, and without the invisible groups of `macro_rules!`.
pub(crate) fn bare(mut ty: &Type) -> &Type {
    loop {
        ty = match ty {
            Type::Group(group) => &group.elem,
            Type::Paren(paren) => &paren.elem,
            ty => return ty,
        }
    }
}

/// For example `Json` of `axum::Json<T>`.
pub(crate) fn last_segment(ty: &Type) -> Option<&Ident> {
    match bare(ty) {
        Type::Path(TypePath { path, .. }) => path.segments.last().map(|segment| &segment.ident),
        _ => None,
    }
}

/// The `T`s of `Name<T, …>`.
pub(crate) fn inner_types(ty: &Type) -> Vec<&Type> {
    let Type::Path(TypePath { path, .. }) = bare(ty) else {
        return Vec::new();
    };
    match path.segments.last().map(|segment| &segment.arguments) {
        Some(PathArguments::AngleBracketed(arguments)) => arguments
            .args
            .iter()
            .filter_map(|argument| match argument {
                GenericArgument::Type(ty) => Some(bare(ty)),
                _ => None,
            })
            .collect(),
        _ => Vec::new(),
    }
}

/// The `T` of `Name<T>`.
pub(crate) fn inner_type(ty: &Type) -> Option<&Type> {
    inner_types(ty).into_iter().next()
}

/// The `X` of `Option<X>` or `Result<X, _>`, unless it is `Option<Json<T>>`, which axum extracts: there, `T` is to blame.
pub(crate) fn wrapped(ty: &Type) -> Option<&Type> {
    let wrapper = last_segment(ty)?;
    let inner = inner_type(ty)?;
    let is_json = last_segment(inner).is_some_and(|last| last == "Json");
    (wrapper == "Result" || wrapper == "Option" && !is_json).then_some(inner)
}

/// Whether extractors of this kind are functions of their own in generated code, which name what is inside them in errors.
pub(crate) fn has_own_message(ty: &Type) -> bool {
    wrapped(ty)
        .or(parts_payload(ty))
        .or(extension(ty))
        .is_some()
}

/// What serde reads from the body: the `T` of an extractor such as `Json<T>`. The compiler can then name `T` in its error.
pub(crate) fn body_payload(ty: &Type) -> Option<&Type> {
    payload(ty, &["Form", "Json"])
}

/// What serde reads from the query or the path: the `T` of `Query<T>`.
pub(crate) fn parts_payload(ty: &Type) -> Option<&Type> {
    payload(ty, &["Path", "Query"])
}

/// The `T` of `Extension<T>`.
pub(crate) fn extension(ty: &Type) -> Option<&Type> {
    payload(ty, &["Extension"])
}

/// What serde writes to the response: the `T` of `Json<T>`, which is the last part of a tuple.
pub(crate) fn response_payload(ty: &Type) -> Option<&Type> {
    match bare(ty) {
        Type::Tuple(parts) => response_payload(parts.elems.last()?),
        ty if last_segment(ty).is_some_and(|last| last == "Update") => {
            response_payload(inner_type(ty)?)
        }
        // It is no response, whatever is in it.
        ty if last_segment(ty).is_some_and(|last| last == "Option") => None,
        ty => payload(ty, &["Form", "Json"]),
    }
}

fn payload<'t>(ty: &'t Type, wrappers: &[&str]) -> Option<&'t Type> {
    let last = last_segment(ty)?;
    if last == "Option" {
        payload(inner_type(ty)?, wrappers)
    } else if wrappers.iter().any(|name| last == name) {
        inner_type(ty)
    } else {
        None
    }
}

/// Whether the word appears anywhere in the tokens.
pub(crate) fn mentions(tokens: impl ToTokens, word: &str) -> bool {
    fn search(tokens: TokenStream, word: &str) -> bool {
        tokens.into_iter().any(|token| match token {
            TokenTree::Group(group) => search(group.stream(), word),
            TokenTree::Ident(ident) => ident == word,
            _ => false,
        })
    }
    search(tokens.into_token_stream(), word)
}

/// Whether a type contains a reference or a lifetime other than `'static`.
pub(crate) fn borrows(tokens: TokenStream) -> bool {
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Group(group) if borrows(group.stream()) => return true,
            // If a lifetime follows the `&`, the next token decides.
            TokenTree::Punct(punct) if punct.as_char() == '&' => {
                let lifetime =
                    matches!(tokens.peek(), Some(TokenTree::Punct(next)) if next.as_char() == '\'');
                if !lifetime {
                    return true;
                }
            }
            TokenTree::Punct(punct) if punct.as_char() == '\'' => {
                let is_static =
                    matches!(tokens.peek(), Some(TokenTree::Ident(name)) if name == "static");
                if !is_static {
                    return true;
                }
            }
            _ => {}
        }
    }
    false
}

/// The type as its author would write it, nearly.
pub(crate) fn quote_type(ty: &Type) -> String {
    let ty = bare(ty);
    let text = quote!(#ty).to_string();
    let mut written = String::with_capacity(text.len());
    for (index, c) in text.char_indices() {
        let next = text[index + c.len_utf8()..].chars().next();
        let before = written.chars().next_back();
        let glued = c == ' '
            && (next.is_some_and(|next| "<>,:;)]".contains(next))
                || before.is_some_and(|before| "<&([:'".contains(before)));
        if !glued {
            written.push(c);
        }
    }
    written
}

#[cfg(test)]
mod tests {
    use super::{body_payload, borrows, parts_payload, quote_type, response_payload};
    use quote::ToTokens;
    use syn::{Type, parse_str};

    fn ty(text: &str) -> Type {
        parse_str(text).unwrap()
    }

    #[test]
    fn types_are_quoted_as_written() {
        for text in [
            "Json<T>",
            "&mut AppState",
            "Option<&mut S>",
            "(StatusCode, Json<Vec<u8>>)",
            "&[u8]",
            "axum::Json<&'static str>",
            "[u8; 4]",
            "()",
        ] {
            assert_eq!(quote_type(&ty(text)), text);
        }
        assert_eq!(quote_type(&ty("((Json<T>))")), "Json<T>");
    }

    #[test]
    fn a_type_without_a_lifetime_other_than_static_borrows_nothing() {
        for text in ["&str", "Cow<'_, str>", "Json<Vec<&'a u8>>", "&'a str"] {
            assert!(borrows(ty(text).into_token_stream()), "{text}");
        }
        for text in ["&'static str", "Json<Vec<u8>>", "Cow<'static, str>", "()"] {
            assert!(!borrows(ty(text).into_token_stream()), "{text}");
        }
    }

    #[test]
    fn the_payload_is_the_type_that_serde_handles() {
        let in_body = |text: &str| body_payload(&ty(text)).map(quote_type);
        assert_eq!(in_body("Json<Note>").as_deref(), Some("Note"));
        assert_eq!(in_body("Option<axum::Json<Note>>").as_deref(), Some("Note"));
        for text in [
            "Json",
            "Option",
            "()",
            "Bytes",
            "Vec<Note>",
            "&Json<Note>",
            "Query<Note>",
        ] {
            assert_eq!(in_body(text), None, "{text}");
        }
        assert!(parts_payload(&ty("Query<Note>")).is_some());
        let in_response = |text: &str| response_payload(&ty(text)).map(quote_type);
        assert_eq!(
            in_response("(StatusCode, Json<Vec<Note>>)").as_deref(),
            Some("Vec<Note>")
        );
        for text in [
            "()",
            "(Json<Note>, String)",
            "impl IntoResponse",
            "Option<Json<Note>>",
        ] {
            assert_eq!(in_response(text), None, "{text}");
        }
    }
}
