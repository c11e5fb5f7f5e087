//! `#[kr_route(method, "/path", cached, live, etag, idempotent, blocking)]`: the method, the path, and the options.

use crate::parse::route_tags::{self, RouteTags};
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::errors::Errors;
use crate::syntax::separators::{comma, unparsable};
use crate::syntax::suggestion::nearest;
use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use syn::parse::{End, ParseStream, Parser};
use syn::token::Paren;
use syn::{Expr, ExprLit, ExprPath, Ident, Lit, LitStr, Token};

/// The methods that axum routes: the word in the attribute, and the variant of the runtime's `Method`.
const METHODS: [(&str, &str); 9] = [
    ("get", "Get"),
    ("post", "Post"),
    ("put", "Put"),
    ("patch", "Patch"),
    ("delete", "Delete"),
    ("head", "Head"),
    ("options", "Options"),
    ("trace", "Trace"),
    ("connect", "Connect"),
];

pub(crate) const USAGE: &str = "write `#[kr_route(get, \"/path\")]`";

/// The arguments of `#[kr_route]`.
pub(crate) struct RouteAttribute {
    /// The variant of the runtime's `Method`.
    pub(crate) method: Ident,
    pub(crate) path: RoutePath,
    pub(crate) options: RouteOptions,
}

/// The path of a route.
pub(crate) enum RoutePath {
    Literal(LitStr),
    /// A `const`, whose text only the compiler sees. It has no captures.
    Constant(ExprPath),
}

impl ToTokens for RoutePath {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match self {
            Self::Literal(text) => text.to_tokens(tokens),
            Self::Constant(path) => path.to_tokens(tokens),
        }
    }
}

/// The options of a route: the words themselves, to report errors at.
#[derive(Default)]
pub(crate) struct RouteOptions {
    /// Responses depend on the states alone.
    pub(crate) cached: Option<Ident>,
    /// Clients may follow the response.
    pub(crate) live: Option<Ident>,
    /// Responses have the revision as their tag, and requests are compared with it.
    pub(crate) etag: Option<Ident>,
    /// A request with a key is done once.
    pub(crate) idempotent: Option<Ident>,
    /// The function takes its time, so it runs off the workers.
    pub(crate) blocking: Option<Ident>,
    /// For readers of a document of the API.
    pub(crate) tags: RouteTags,
}

impl RouteOptions {
    const WORDS: [&str; 5] = ["cached", "live", "etag", "idempotent", "blocking"];

    fn option(&mut self, word: &Ident) -> Option<&mut Option<Ident>> {
        match word.to_string().as_str() {
            "cached" => Some(&mut self.cached),
            "live" => Some(&mut self.live),
            "etag" => Some(&mut self.etag),
            "idempotent" => Some(&mut self.idempotent),
            "blocking" => Some(&mut self.blocking),
            _ => None,
        }
    }
}

/// Parses the arguments. `None` if the method or the path is missing or invalid. `at` is where to report what is missing.
pub(crate) fn parse(
    arguments: TokenStream,
    at: Span,
    errors: &mut Errors,
) -> Option<RouteAttribute> {
    let mut route = None;
    let parser = |input: ParseStream<'_>| {
        route = route_arguments(input, at, errors)?;
        Ok(())
    };
    if let Err(error) = Parser::parse2(parser, arguments) {
        unparsable(&error, USAGE, errors);
    }
    route
}

fn route_arguments(
    input: ParseStream<'_>,
    at: Span,
    errors: &mut Errors,
) -> syn::Result<Option<RouteAttribute>> {
    if input.is_empty() {
        let diagnostic =
            Diagnostic::new("KR0001", "`#[kr_route]` needs a method and a path").help(USAGE);
        errors.push_at(at, diagnostic);
        return Ok(None);
    }
    if input.peek(LitStr) && input.peek2(Token![,]) && input.peek3(Ident) {
        let path: LitStr = input.parse()?;
        input.parse::<Token![,]>()?;
        let method: Ident = input.parse()?;
        let rest: TokenStream = input.parse()?;
        let help = format!("write `#[kr_route({method}, {}{rest})]`", path.token());
        errors.push(
            &path,
            Diagnostic::new("KR0004", "the method comes before the path").help(help),
        );
        return Ok(None);
    }
    let method = method(input.parse()?, errors);
    if input.is_empty() || input.peek(Token![,]) && input.peek2(End) {
        let message = "`#[kr_route]` needs a path after the method";
        let help = match &method {
            Some(method) => format!(
                "write `#[kr_route({}, \"/path\")]`",
                method.to_string().to_lowercase()
            ),
            None => USAGE.to_owned(),
        };
        input.parse::<TokenStream>()?;
        errors.push_at(at, Diagnostic::new("KR0001", message).help(help));
        return Ok(None);
    }
    if !comma(input, errors)? {
        return Ok(None);
    }
    let path = path(input.parse()?, errors);
    comma(input, errors)?;
    let options = options(input, errors)?;
    Ok(method.zip(path).map(|(method, path)| RouteAttribute {
        method,
        path,
        options,
    }))
}

/// Parses what follows the path.
fn options(input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<RouteOptions> {
    let mut options = RouteOptions::default();
    while input.peek(Ident) && !input.peek2(Paren) {
        if route_tags::is_next(input) {
            route_tags::parse(input, &mut options.tags, errors)?;
            continue;
        }
        if input.peek2(Token![=]) {
            break;
        }
        let word: Ident = input.fork().parse()?;
        let Some(option) = options.option(&word) else {
            break;
        };
        input.parse::<Ident>()?;
        comma(input, errors)?;
        if option.is_some() {
            let diagnostic = Diagnostic::new("KR0007", format!("`{word}` is given twice"));
            errors.push(&word, diagnostic.help("keep one of them"));
        }
        *option = Some(word);
    }
    if !input.is_empty() {
        let rest: TokenStream = input.parse()?;
        errors.push(&rest, unknown(rest.clone()));
    }
    Ok(options)
}

fn unknown(rest: TokenStream) -> Diagnostic {
    let first = rest.into_iter().next();
    let typed = first.map(|token| token.to_string()).unwrap_or_default();
    if RouteOptions::WORDS.contains(&typed.as_str()) {
        let diagnostic = Diagnostic::new("KR0006", format!("`{typed}` takes no value"));
        return diagnostic.help(format!("write `{typed}` alone, or remove it"));
    }
    if route_tags::NAMES.contains(&typed.as_str()) {
        let diagnostic = Diagnostic::new("KR0031", format!("`{typed}` needs a value"));
        return diagnostic.help(
            "write `tag = \"accounts\"`, and `example = {…}` with the JSON of a request's body",
        );
    }
    let help = match nearest(&typed, &RouteOptions::WORDS) {
        Some(word) => format!("did you mean `{word}`?"),
        None => "`#[kr_route]` takes a method, a path, `cached`, `live`, `etag`, `idempotent`, `blocking`, `tag = \"…\"` and `example = {…}`; locks go into `#[locked(…)]`".into(),
    };
    Diagnostic::new("KR0006", format!("unknown argument `{typed}`")).help(help)
}

/// Whether the arguments of an attribute with an unknown name look like those of a route.
pub(crate) fn is_route(arguments: TokenStream) -> bool {
    let parser = |input: ParseStream<'_>| {
        let method: Ident = input.parse()?;
        input.parse::<Token![,]>()?;
        let path: LitStr = input.parse()?;
        input.parse::<TokenStream>()?;
        Ok(METHODS.iter().any(|(name, _)| method == name) && path.value().starts_with('/'))
    };
    parser.parse2(arguments).unwrap_or(false)
}

/// The expression without the invisible groups that `macro_rules!` puts around its arguments.
fn bare(mut written: Expr) -> Expr {
    while let Expr::Group(group) = written {
        written = *group.expr;
    }
    written
}

fn method(written: Expr, errors: &mut Errors) -> Option<Ident> {
    let written = bare(written);
    let (typed, quoted) = match &written {
        Expr::Path(path) if path.path.get_ident().is_some() => {
            (path.to_token_stream().to_string(), false)
        }
        Expr::Lit(ExprLit {
            lit: Lit::Str(text),
            ..
        }) => (text.value(), true),
        _ => (written.to_token_stream().to_string(), false),
    };
    let lower = typed.to_lowercase();
    let known = METHODS.iter().find(|(name, _)| *name == lower);
    let names = METHODS.map(|(name, _)| name);
    match known {
        Some((name, variant)) if *name == typed && !quoted => {
            let span = syn::spanned::Spanned::span(&written);
            return Some(Ident::new(variant, span));
        }
        Some((name, _)) => {
            let message = "the method is written as a lower-case word without quotes";
            let diagnostic = Diagnostic::new("KR0003", message).help(format!("write `{name}`"));
            errors.push(&written, diagnostic);
        }
        None => {
            let suggestion = nearest(&lower, &names)
                .map(|name| format!("did you mean `{name}`? "))
                .unwrap_or_default();
            let help = format!("{suggestion}known methods: {}", names.join(", "));
            let diagnostic =
                Diagnostic::new("KR0002", format!("unknown HTTP method `{typed}`")).help(help);
            errors.push(&written, diagnostic);
        }
    }
    None
}

fn path(written: Expr, errors: &mut Errors) -> Option<RoutePath> {
    match bare(written.clone()) {
        Expr::Lit(ExprLit {
            lit: Lit::Str(path),
            ..
        }) => return Some(RoutePath::Literal(path)),
        Expr::Path(path) if path.attrs.is_empty() && !is_option(&path) => {
            return Some(RoutePath::Constant(path));
        }
        _ => {}
    }
    let diagnostic = Diagnostic::new(
        "KR0005",
        "the path must be a string literal, or the path of a `const`, so that the compiler can check it",
    )
    .help("write the path itself: `\"/path\"`");
    errors.push(&written, diagnostic);
    None
}

/// Whether the word is an option, so that the path was left out.
fn is_option(path: &ExprPath) -> bool {
    let words = RouteOptions::WORDS;
    words.iter().any(|word| path.path.is_ident(word))
}
