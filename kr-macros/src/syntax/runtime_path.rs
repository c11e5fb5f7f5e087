//! Where the runtime is: `::kr_runtime`, unless `crate = ::path` says otherwise.

use crate::syntax::diagnostic::{Mistake, Sink};
use proc_macro2::{Group, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::parse::Parser;
use syn::{DeriveInput, LitStr, Meta, Path};

/// The path that stands for `::kr_runtime`, if that is not its name.
#[derive(Default)]
pub(crate) struct Root(Option<Path>);

impl Root {
    /// Takes `crate = ::path` out of an attribute's arguments, wherever it stands, and returns the others: what is wrong
    /// with those must not hide where the runtime is. Mistakes go to the sink.
    pub(crate) fn take(&mut self, arguments: TokenStream, sink: &mut Sink) -> TokenStream {
        let mut others = TokenStream::new();
        for argument in split(arguments) {
            match path_of(&argument) {
                Some(value) => self.set(value, sink),
                None => others.extend(argument),
            }
        }
        others
    }

    fn set(&mut self, value: TokenStream, sink: &mut Sink) {
        if self.0.is_some() {
            let mistake = Mistake::new("KR0007", "`crate` is given twice");
            sink.push(&value, mistake.help("keep one of them"));
            return;
        }
        let (path, mistake) = read(&value);
        if let Some(mistake) = mistake {
            sink.push(&value, mistake);
        }
        self.0 = path;
    }

    /// Generated code, which names `::kr_runtime`, as it reads from here.
    pub(crate) fn within(&self, generated: TokenStream) -> TokenStream {
        match &self.0 {
            Some(path) => replaced(generated, path),
            None => generated,
        }
    }
}

/// What `#[host(crate = ::path)]` says on a type, or another attribute that takes nothing else.
pub(crate) fn on_type(input: &DeriveInput, name: &str, sink: &mut Sink) -> Root {
    let mut root = Root::default();
    let given = input
        .attrs
        .iter()
        .filter(|attribute| attribute.path().is_ident(name));
    for attribute in given {
        let others = match &attribute.meta {
            Meta::List(list) => root.take(list.tokens.clone(), sink),
            _ => attribute.to_token_stream(),
        };
        if !others.is_empty() {
            let what = format!("`#[{name}]` takes `crate` and nothing else");
            let help = format!("write `#[{name}(crate = ::kr)]`, or remove it");
            sink.push(&others, Mistake::new("KR0504", what).help(help));
        }
    }
    root
}

/// The arguments, each with the comma behind it.
fn split(arguments: TokenStream) -> Vec<TokenStream> {
    let mut split = Vec::new();
    let mut argument = TokenStream::new();
    for token in arguments {
        let ends = is_mark(&token, ',');
        argument.extend([token]);
        if ends {
            split.push(std::mem::take(&mut argument));
        }
    }
    split.push(argument);
    split
}

/// What stands behind `crate =`, without the comma.
fn path_of(argument: &TokenStream) -> Option<TokenStream> {
    let mut tokens = argument.clone().into_iter();
    let named = matches!(tokens.next(), Some(TokenTree::Ident(word)) if word == "crate");
    let given = matches!(tokens.next(), Some(token) if is_mark(&token, '='));
    (named && given).then(|| tokens.filter(|token| !is_mark(token, ',')).collect())
}

/// The path to use, and what is wrong with it. A path that is refused is used as it was meant all the same, so that its
/// mistake has no others in its wake.
fn read(value: &TokenStream) -> (Option<Path>, Option<Mistake>) {
    const CODE: &str = "KR0022";
    let unquoted = syn::parse2::<LitStr>(value.clone()).and_then(|text| text.parse::<Path>());
    if let Ok(path) = unquoted {
        let path = absolute(path);
        let mistake = Mistake::new(CODE, "the path of kr is written without quotes")
            .help(format!("write `crate = {}`", written(&path)));
        return (Some(path), Some(mistake));
    }
    let Ok(path) = Path::parse_mod_style.parse2(value.clone()) else {
        let mistake = Mistake::new(CODE, "`crate` takes the path under which kr can be reached")
            .help("write `crate = ::kr`, or `crate = crate::parse::route_path::to::kr` if it is re-exported");
        return (None, Some(mistake));
    };
    if is_absolute(&path) {
        return (Some(path), None);
    }
    let what = format!(
        "the path of kr must be absolute, and `{}` depends on where it stands",
        written(&path)
    );
    let inside = path
        .segments
        .first()
        .is_some_and(|first| first.ident == "self" || first.ident == "super");
    let help = if inside {
        "start at the crate's root: `crate = crate::parse::route_path::to::kr`".to_owned()
    } else {
        format!(
            "write `crate = {0}`, or `crate = crate{0}` if that is a module of yours",
            written(&absolute(path.clone()))
        )
    };
    (
        Some(absolute(path)),
        Some(Mistake::new(CODE, what).help(help)),
    )
}

fn is_absolute(path: &Path) -> bool {
    // Inside `macro_rules!` it is `$crate`.
    let from_root = |first: &syn::PathSegment| first.ident == "crate" || first.ident == "$crate";
    path.leading_colon.is_some() || path.segments.first().is_some_and(from_root)
}

/// The path with `::` in front, unless it starts at a module that is known here.
fn absolute(mut path: Path) -> Path {
    let known = path.segments.first().is_some_and(|first| {
        ["$crate", "crate", "self", "super"]
            .iter()
            .any(|word| first.ident == word)
    });
    if !known {
        path.leading_colon.get_or_insert_with(Default::default);
    }
    path
}

fn written(path: &Path) -> String {
    path.to_token_stream().to_string().replace(' ', "")
}

/// The tokens with `path` wherever `::kr_runtime` stands.
fn replaced(tokens: TokenStream, path: &Path) -> TokenStream {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut written = TokenStream::new();
    let mut rest = tokens.as_slice();
    while let Some((first, others)) = rest.split_first() {
        if let [colon, second, TokenTree::Ident(name), behind @ ..] = rest
            && is_mark(colon, ':')
            && is_mark(second, ':')
            && name == "kr_runtime"
        {
            // The compiler points from a path's first token to its last, and that place was chosen with care. What is
            // between them stays where it was written: a path that leads nowhere is told once.
            let mut path = path.to_token_stream().into_iter();
            written.extend(path.next().map(|first| begun(first, colon.span())));
            written.extend(path);
            rest = behind;
            continue;
        }
        written.extend([match first {
            TokenTree::Group(group) => {
                let mut inside = Group::new(group.delimiter(), replaced(group.stream(), path));
                inside.set_span(group.span());
                TokenTree::Group(inside)
            }
            token => token.clone(),
        }]);
        rest = others;
    }
    written
}

/// The first token of a path, at another place. Since it comes from a macro, no lint asks for a shorter path.
fn begun(mut first: TokenTree, at: Span) -> TokenTree {
    // `$crate` alone has to say which crate is meant.
    let from = match &first {
        TokenTree::Ident(word) if word == "$crate" => word.span(),
        _ => Span::call_site(),
    };
    first.set_span(from.located_at(at));
    first
}

fn is_mark(token: &TokenTree, mark: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == mark)
}

#[cfg(test)]
mod tests {
    use super::Root;
    use crate::expand::{host, shared_state};
    use crate::macros::route;
    use crate::syntax::diagnostic::Sink;
    use proc_macro2::TokenStream;

    fn take(arguments: &str) -> (Root, String, String) {
        let (mut root, mut sink) = (Root::default(), Sink::default());
        let others = root.take(arguments.parse().unwrap(), &mut sink);
        (root, others.to_string(), sink.into_tokens().to_string())
    }

    fn generated(root: &Root) -> String {
        let code: TokenStream = "impl ::kr_runtime::A for B { ::kr_runtime::c!() }"
            .parse()
            .unwrap();
        root.within(code).to_string().replace(' ', "")
    }

    #[test]
    fn it_is_found_wherever_it_stands_and_nothing_else_is_lost() {
        for (arguments, others) in [
            ("get, \"/\", crate = ::kr", "get , \"/\" ,"),
            ("crate = ::kr, get, \"/\"", "get , \"/\""),
            (
                "lock = \"a\", crate = ::kr, name = \"B\",",
                "lock = \"a\" , name = \"B\" ,",
            ),
            ("crate = ::kr", ""),
        ] {
            let (root, left, complaint) = take(arguments);
            assert_eq!(left, others);
            assert_eq!(complaint, "");
            assert_eq!(generated(&root), "impl::kr::AforB{::kr::c!()}");
        }
        let (root, left, _) = take("crate::LOCK, timeout = \"1s\"");
        assert_eq!(left, "crate :: LOCK , timeout = \"1s\"");
        assert_eq!(
            generated(&root),
            "impl::kr_runtime::AforB{::kr_runtime::c!()}"
        );
    }

    #[test]
    fn a_path_that_depends_on_its_place_is_told_and_read_as_it_was_meant() {
        for (arguments, advice, meant) in [
            ("crate = kr", "`crate = ::kr`", "impl::kr::A"),
            ("crate = a::kr", "`crate = ::a::kr`", "impl::a::kr::A"),
            (
                "crate = super::kr",
                "`crate = crate::parse::route_path::to::kr`",
                "implsuper::kr::A",
            ),
            ("crate = \"kr\"", "`crate = ::kr`", "impl::kr::A"),
            ("crate = \"::kr\"", "`crate = ::kr`", "impl::kr::A"),
            ("crate = 5", "`crate = ::kr`", "impl::kr_runtime::A"),
            ("crate =", "`crate = ::kr`", "impl::kr_runtime::A"),
        ] {
            let (root, _, complaint) = take(arguments);
            assert!(complaint.contains(advice), "{arguments}: {complaint}");
            assert!(complaint.contains("KR0022"), "{arguments}: {complaint}");
            assert!(
                generated(&root).replace(' ', "").starts_with(meant),
                "{arguments}"
            );
        }
        let (_, _, complaint) = take("crate = ::a, crate = ::b");
        assert!(complaint.contains("KR0007"), "{complaint}");
    }

    #[test]
    fn nothing_that_is_generated_names_the_runtime_otherwise() {
        let tokens = |text: &str| text.parse::<TokenStream>().unwrap();
        let arguments = tokens("post, \"/{a}/{b}\", crate = ::kr");
        let handler = "#[locked(KEY, \"b\", timeout = \"2s\")] async fn visit(state: &mut S, other: &T, a: u8, b: u8, \
                       Query(q): Query<u8>, Json(body): Json<Note>) -> Result<Json<u8>, Problem> {}";
        let broken = tokens("#[crate_(get, \"/\", crate = ::kr)] fn visit() {}");
        let state = "#[shared_state(lock = LOCK, crate = ::kr)] struct S<T>(T);";
        let host = "#[host(crate = ::kr)] struct Site { a: Shared<A>, b: Shared<B> }";
        for expansion in [
            route::kr_route(arguments.clone(), tokens(handler)),
            route::kr_route(arguments.clone(), tokens("fn visit<T>() {}")),
            route::kr_route(arguments, tokens("fn visit(&self) {}")),
            route::kr_route(
                tokens("get, \"/\", cached, crate = ::kr"),
                tokens("fn visits(state: &S) -> Json<u8> {}"),
            ),
            route::kr_route(tokens("pots, crate = ::kr"), tokens("fn visit() {}")),
            route::kr_route(tokens("\"/\", post, crate = ::kr"), tokens("fn visit() {}")),
            route::locked(
                tokens("\"a\""),
                tokens("#[kr_route(get, \"/\", crate = ::kr)] fn visit(s: &mut S) {}"),
            ),
            route::locked(tokens("\"a\""), broken),
            shared_state::derive(tokens(state)),
            host::derive(tokens(host)),
        ] {
            let expansion = expansion.to_string();
            assert!(!expansion.contains("kr_runtime"), "{expansion}");
        }
    }
}
