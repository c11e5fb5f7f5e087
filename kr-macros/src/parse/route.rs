//! `#[kr_route(method, "/path")]`: the attribute's arguments.

use crate::syntax::diagnostic::{Mistake, Sink};
use crate::syntax::separators::{comma, unread};
use crate::syntax::suggestion::nearest;
use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use syn::parse::{End, ParseStream, Parser};
use syn::token::Paren;
use syn::{Expr, ExprLit, Ident, Lit, LitStr, Token};

/// The methods that axum routes, as they are written, and as the runtime's variants.
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

/// What to write.
pub(crate) const USAGE: &str = "write `#[kr_route(get, \"/path\")]`";

/// What `#[kr_route]` says.
pub(crate) struct Arguments {
    /// The variant of the runtime's `Method`.
    pub(crate) method: Ident,
    pub(crate) path: LitStr,
    /// The answer depends on the state alone; where that is said.
    pub(crate) cached: Option<Ident>,
}

/// Reads the arguments; `None` if there is no route to be made of them. Mistakes go to the sink.
pub(crate) fn parse(arguments: TokenStream, at: Span, sink: &mut Sink) -> Option<Arguments> {
    let mut read = None;
    let parser = |input: ParseStream<'_>| {
        read = both(input, at, sink)?;
        Ok(())
    };
    if let Err(error) = Parser::parse2(parser, arguments) {
        unread(&error, USAGE, sink);
    }
    read
}

fn both(input: ParseStream<'_>, at: Span, sink: &mut Sink) -> syn::Result<Option<Arguments>> {
    if input.is_empty() {
        let mistake = Mistake::new("KR0001", "`#[kr_route]` needs a method and a path").help(USAGE);
        sink.push_at(at, mistake);
        return Ok(None);
    }
    if input.peek(LitStr) && input.peek2(Token![,]) && input.peek3(Ident) {
        let path: LitStr = input.parse()?;
        input.parse::<Token![,]>()?;
        let method: Ident = input.parse()?;
        let rest: TokenStream = input.parse()?;
        let help = format!("write `#[kr_route({method}, {}{rest})]`", path.token());
        sink.push(
            &path,
            Mistake::new("KR0004", "the method comes before the path").help(help),
        );
        return Ok(None);
    }
    let method = method(input.parse()?, sink);
    if input.is_empty() || input.peek(Token![,]) && input.peek2(End) {
        let what = "`#[kr_route]` needs a path after the method";
        let help = match &method {
            Some(method) => format!(
                "write `#[kr_route({}, \"/path\")]`",
                method.to_string().to_lowercase()
            ),
            None => USAGE.to_owned(),
        };
        input.parse::<TokenStream>()?;
        sink.push_at(at, Mistake::new("KR0001", what).help(help));
        return Ok(None);
    }
    if !comma(input, sink)? {
        return Ok(None);
    }
    let path = path(input.parse()?, sink);
    comma(input, sink)?;
    let cached = options(input, sink)?;
    Ok(method.zip(path).map(|(method, path)| Arguments {
        method,
        path,
        cached,
    }))
}

/// What follows the path: `cached`, if anything does.
fn options(input: ParseStream<'_>, sink: &mut Sink) -> syn::Result<Option<Ident>> {
    let mut cached = None;
    while input.peek(Ident) && !input.peek2(Token![=]) && !input.peek2(Paren) {
        let word: Ident = input.fork().parse()?;
        if word != "cached" {
            break;
        }
        input.parse::<Ident>()?;
        comma(input, sink)?;
        if cached.is_some() {
            let mistake = Mistake::new("KR0007", "`cached` is given twice");
            sink.push(&word, mistake.help("keep one of them"));
        }
        cached = Some(word);
    }
    if !input.is_empty() {
        let rest: TokenStream = input.parse()?;
        sink.push(&rest, unknown(rest.clone()));
    }
    Ok(cached)
}

fn unknown(rest: TokenStream) -> Mistake {
    let first = rest.into_iter().next();
    let typed = first.map(|token| token.to_string()).unwrap_or_default();
    if typed == "cached" {
        let mistake = Mistake::new("KR0006", "`cached` takes no value");
        return mistake.help("write `cached` alone, or remove it");
    }
    let help = match nearest(&typed, &["cached"]) {
        Some(word) => format!("did you mean `{word}`?"),
        None => {
            "`#[kr_route]` takes a method, a path and `cached`; locks go into `#[locked(…)]`".into()
        }
    };
    Mistake::new("KR0006", format!("unknown argument `{typed}`")).help(help)
}

/// Whether arguments of an attribute of unknown name read like those of a route.
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

/// An expression without the groups that `macro_rules!` puts around what it was given.
fn bare(mut written: Expr) -> Expr {
    while let Expr::Group(group) = written {
        written = *group.expr;
    }
    written
}

fn method(written: Expr, sink: &mut Sink) -> Option<Ident> {
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
            let what = "the method is written as a lower-case word without quotes";
            let mistake = Mistake::new("KR0003", what).help(format!("write `{name}`"));
            sink.push(&written, mistake);
        }
        None => {
            let meant = nearest(&lower, &names)
                .map(|name| format!("did you mean `{name}`? "))
                .unwrap_or_default();
            let help = format!("{meant}known methods: {}", names.join(", "));
            let mistake =
                Mistake::new("KR0002", format!("unknown HTTP method `{typed}`")).help(help);
            sink.push(&written, mistake);
        }
    }
    None
}

fn path(written: Expr, sink: &mut Sink) -> Option<LitStr> {
    if let Expr::Lit(ExprLit {
        lit: Lit::Str(path),
        ..
    }) = bare(written.clone())
    {
        return Some(path);
    }
    let mistake = Mistake::new(
        "KR0005",
        "the path must be a string literal, so that the compiler can check it",
    )
    .help("write the path itself: `\"/path\"`");
    sink.push(&written, mistake);
    None
}
