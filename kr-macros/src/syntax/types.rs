//! Types, as far as their spelling tells what they are.

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{GenericArgument, Ident, PathArguments, Type, TypePath};

/// A type without the parentheses around it, and without the groups that `macro_rules!` puts there.
pub(crate) fn bare(mut ty: &Type) -> &Type {
    loop {
        ty = match ty {
            Type::Group(group) => &group.elem,
            Type::Paren(paren) => &paren.elem,
            ty => return ty,
        }
    }
}

/// `Json` of `axum::Json<T>`.
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

/// What serde reads from the body inside an extractor of axum's, so that a mistake in it can be told as such.
pub(crate) fn body(ty: &Type) -> Option<&Type> {
    payload(ty, &["Form", "Json"])
}

/// As [`body`], from the query.
pub(crate) fn query(ty: &Type) -> Option<&Type> {
    payload(ty, &["Query"])
}

/// What serde writes inside a response of axum's, which comes last if there are several parts.
pub(crate) fn answer(ty: &Type) -> Option<&Type> {
    match bare(ty) {
        Type::Tuple(parts) => answer(parts.elems.last()?),
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

/// Whether the word stands anywhere in a type.
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

/// Whether a type has a reference or a lifetime in it, other than `'static`.
pub(crate) fn borrows(tokens: TokenStream) -> bool {
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Group(group) if borrows(group.stream()) => return true,
            // `&` is followed by its lifetime, if there is one, which is judged next.
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

/// A type as its author would write it, near enough.
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
    use super::{answer, body, borrows, query, quote_type};
    use quote::ToTokens;
    use syn::{Type, parse_str};

    fn ty(text: &str) -> Type {
        parse_str(text).unwrap()
    }

    #[test]
    fn types_are_quoted_as_they_were_written() {
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
    fn only_what_is_static_does_not_borrow() {
        for text in ["&str", "Cow<'_, str>", "Json<Vec<&'a u8>>", "&'a str"] {
            assert!(borrows(ty(text).into_token_stream()), "{text}");
        }
        for text in ["&'static str", "Json<Vec<u8>>", "Cow<'static, str>", "()"] {
            assert!(!borrows(ty(text).into_token_stream()), "{text}");
        }
    }

    #[test]
    fn the_payload_is_what_serde_sees() {
        let in_body = |text: &str| body(&ty(text)).map(quote_type);
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
        assert!(query(&ty("Query<Note>")).is_some());
        let in_answer = |text: &str| answer(&ty(text)).map(quote_type);
        assert_eq!(
            in_answer("(StatusCode, Json<Vec<Note>>)").as_deref(),
            Some("Vec<Note>")
        );
        for text in ["()", "(Json<Note>, String)", "impl IntoResponse"] {
            assert_eq!(in_answer(text), None, "{text}");
        }
    }
}
