//! `crate = ::path`, the argument that says where the runtime is.

use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::errors::Errors;
use crate::syntax::runtime_path::{RuntimePath, is_punct};
use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::parse::Parser;
use syn::{DeriveInput, LitStr, Meta, Path};

/// Removes `crate = ::path` from the arguments of an attribute and returns the others. This comes before the others are
/// parsed: a mistake in those must not hide where the runtime is.
pub(crate) fn take(
    runtime_path: &mut RuntimePath,
    arguments: TokenStream,
    errors: &mut Errors,
) -> TokenStream {
    let mut others = TokenStream::new();
    for argument in split(arguments) {
        match path_of(&argument) {
            Some(value) => set(runtime_path, value, errors),
            None => others.extend(argument),
        }
    }
    others
}

/// Parses attributes of a derive that take `crate` and nothing else, such as `#[host(crate = ::path)]`.
pub(crate) fn only_argument(input: &DeriveInput, name: &str, errors: &mut Errors) -> RuntimePath {
    let mut runtime_path = RuntimePath::default();
    let given = input
        .attrs
        .iter()
        .filter(|attribute| attribute.path().is_ident(name));
    for attribute in given {
        let others = match &attribute.meta {
            Meta::List(list) => take(&mut runtime_path, list.tokens.clone(), errors),
            _ => attribute.to_token_stream(),
        };
        if !others.is_empty() {
            let message = format!("`#[{name}]` takes `crate` and nothing else");
            let help = format!("write `#[{name}(crate = ::kr)]`, or remove it");
            errors.push(&others, Diagnostic::new("KR0504", message).help(help));
        }
    }
    runtime_path
}

fn set(runtime_path: &mut RuntimePath, value: TokenStream, errors: &mut Errors) {
    if runtime_path.0.is_some() {
        let diagnostic = Diagnostic::new("KR0007", "`crate` is given twice");
        errors.push(&value, diagnostic.help("keep one of them"));
        return;
    }
    let (path, diagnostic) = parse(&value);
    if let Some(diagnostic) = diagnostic {
        errors.push(&value, diagnostic);
    }
    runtime_path.0 = path;
}

/// The arguments, each with the comma behind it.
fn split(arguments: TokenStream) -> Vec<TokenStream> {
    let mut split = Vec::new();
    let mut argument = TokenStream::new();
    for token in arguments {
        let is_end = is_punct(&token, ',');
        argument.extend([token]);
        if is_end {
            split.push(std::mem::take(&mut argument));
        }
    }
    split.push(argument);
    split
}

/// The tokens behind `crate =`, without the comma.
fn path_of(argument: &TokenStream) -> Option<TokenStream> {
    let mut tokens = argument.clone().into_iter();
    let is_crate = matches!(tokens.next(), Some(TokenTree::Ident(word)) if word == "crate");
    let has_value = matches!(tokens.next(), Some(token) if is_punct(&token, '='));
    (is_crate && has_value).then(|| tokens.filter(|token| !is_punct(token, ',')).collect())
}

/// The path to use, and what is wrong with it. A wrong path is used as it was probably meant, so that one mistake causes one
/// error.
fn parse(value: &TokenStream) -> (Option<Path>, Option<Diagnostic>) {
    const CODE: &str = "KR0022";
    let unquoted = syn::parse2::<LitStr>(value.clone()).and_then(|text| text.parse::<Path>());
    if let Ok(path) = unquoted {
        let path = absolute(path);
        let diagnostic = Diagnostic::new(CODE, "the path of kr is written without quotes")
            .help(format!("write `crate = {}`", to_text(&path)));
        return (Some(path), Some(diagnostic));
    }
    let Ok(path) = Path::parse_mod_style.parse2(value.clone()) else {
        let diagnostic =
            Diagnostic::new(CODE, "`crate` takes the path under which kr can be reached").help(
                "write `crate = ::kr`, or `crate = crate::path::to::kr` if it is re-exported",
            );
        return (None, Some(diagnostic));
    };
    if is_absolute(&path) {
        return (Some(path), None);
    }
    let message = format!(
        "the path of kr must be absolute, and `{}` is relative to a module",
        to_text(&path)
    );
    let starts_in_module = path
        .segments
        .first()
        .is_some_and(|first| first.ident == "self" || first.ident == "super");
    let help = if starts_in_module {
        "start at the crate's root: `crate = crate::path::to::kr`".to_owned()
    } else {
        format!(
            "write `crate = {0}`, or `crate = crate{0}` if that is a module of yours",
            to_text(&absolute(path.clone()))
        )
    };
    (
        Some(absolute(path)),
        Some(Diagnostic::new(CODE, message).help(help)),
    )
}

fn is_absolute(path: &Path) -> bool {
    // Inside `macro_rules!` it is `$crate`.
    let is_crate = |first: &syn::PathSegment| first.ident == "crate" || first.ident == "$crate";
    path.leading_colon.is_some() || path.segments.first().is_some_and(is_crate)
}

/// The path with `::` in front, unless it starts with a keyword.
fn absolute(mut path: Path) -> Path {
    let starts_with_keyword = path.segments.first().is_some_and(|first| {
        ["$crate", "crate", "self", "super"]
            .iter()
            .any(|word| first.ident == word)
    });
    if !starts_with_keyword {
        path.leading_colon.get_or_insert_with(Default::default);
    }
    path
}

fn to_text(path: &Path) -> String {
    path.to_token_stream().to_string().replace(' ', "")
}

#[cfg(test)]
mod tests {
    use super::take;
    use crate::syntax::errors::Errors;
    use crate::syntax::runtime_path::RuntimePath;
    use proc_macro2::TokenStream;

    fn parse(arguments: &str) -> (RuntimePath, String, String) {
        let (mut runtime_path, mut errors) = (RuntimePath::default(), Errors::default());
        let others = take(&mut runtime_path, arguments.parse().unwrap(), &mut errors);
        let errors = errors.into_tokens().to_string();
        (runtime_path, others.to_string(), errors)
    }

    fn generated(runtime_path: &RuntimePath) -> String {
        let code: TokenStream = "impl ::kr_runtime::A for B { ::kr_runtime::c!() }"
            .parse()
            .unwrap();
        runtime_path.apply(code).to_string().replace(' ', "")
    }

    #[test]
    fn the_path_is_found_at_any_position_and_nothing_else_is_lost() {
        for (arguments, others) in [
            ("get, \"/\", crate = ::kr", "get , \"/\" ,"),
            ("crate = ::kr, get, \"/\"", "get , \"/\""),
            (
                "lock = \"a\", crate = ::kr, name = \"B\",",
                "lock = \"a\" , name = \"B\" ,",
            ),
            ("crate = ::kr", ""),
        ] {
            let (runtime_path, remaining, error) = parse(arguments);
            assert_eq!(remaining, others);
            assert_eq!(error, "");
            assert_eq!(generated(&runtime_path), "impl::kr::AforB{::kr::c!()}");
        }
        let (runtime_path, remaining, _) = parse("crate::LOCK, timeout = \"1s\"");
        assert_eq!(remaining, "crate :: LOCK , timeout = \"1s\"");
        assert_eq!(
            generated(&runtime_path),
            "impl::kr_runtime::AforB{::kr_runtime::c!()}"
        );
    }

    #[test]
    fn a_relative_path_is_reported_and_used_as_it_was_meant() {
        for (arguments, advice, meant) in [
            ("crate = kr", "`crate = ::kr`", "impl::kr::A"),
            ("crate = a::kr", "`crate = ::a::kr`", "impl::a::kr::A"),
            (
                "crate = super::kr",
                "`crate = crate::path::to::kr`",
                "implsuper::kr::A",
            ),
            ("crate = \"kr\"", "`crate = ::kr`", "impl::kr::A"),
            ("crate = \"::kr\"", "`crate = ::kr`", "impl::kr::A"),
            ("crate = 5", "`crate = ::kr`", "impl::kr_runtime::A"),
            ("crate =", "`crate = ::kr`", "impl::kr_runtime::A"),
        ] {
            let (runtime_path, _, error) = parse(arguments);
            assert!(error.contains(advice), "{arguments}: {error}");
            assert!(error.contains("KR0022"), "{arguments}: {error}");
            assert!(generated(&runtime_path).starts_with(meant), "{arguments}");
        }
        let (_, _, error) = parse("crate = ::a, crate = ::b");
        assert!(error.contains("KR0007"), "{error}");
    }
}
