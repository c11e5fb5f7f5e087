//! The items that the macros expand: all those of the examples and of the tests, and some that nobody would write.

use proc_macro2::TokenStream;
use quote::ToTokens;
use std::fs;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use syn::{Attribute, Block, Item, Stmt};

/// The arguments of an attribute and the item below it.
pub(super) struct Sample {
    pub(super) arguments: TokenStream,
    pub(super) item: TokenStream,
}

const ODD: [(&str, &str); 26] = [
    ("get, \"/path\"", "fn visit() {}"),
    (
        "post, \"/carts/{id}/items/{item}\", crate = ::kr",
        "#[locked(KEY, \"b\", timeout = \"2s\", exclusive)] pub(crate) async fn visit(state: &mut AppState, mut id: u64, \
         Path((a, b)): Path<(u64, u64)>, Json(body): Json<Note>) -> Result<(StatusCode, Json<&'static str>), Problem> { Ok(1) }",
    ),
    (
        "\"a\"",
        "#[kr_route(get, \"/\")] #[cfg(x)] fn r#match<'a>(r#type: &'a S, o: Option<&mut S>) -> impl IntoResponse { }",
    ),
    ("", "fn visit(&self, #[cfg(x)] a: impl T, ...) -> Self;"),
    (
        "get",
        "unsafe extern \"C\" fn f<T, const N: usize>(a: (), [a, b]: [u8; 2], (c): &(S)) where T: X {}",
    ),
    ("\"/x\", post", "#[kr_route = \"x\"] #[locked] fn f() {}"),
    (
        "timeout = 5, exclusive exclusive",
        "#[kr_route] #[locked = 1] fn f(a: Arc<Mutex<S>>, b: State) {}",
    ),
    ("a::b, c = d", "#[route(get, \"/\")] fn f() {}"),
    ("::std::a, {x}, crate = \"\"", "struct S;"),
    ("get, \"/{a}\", more, arguments", "impl S { fn f() {} }"),
    ("get, \"/\"", ""),
    (
        "get, \"/\", cached, cached, cached = é, cached",
        "#[locked(\"a\", exclusive)] async fn f(_: &S, _: &Counter, ()) {}",
    ),
    (
        "get, concat!(\"/\")",
        "const fn u64(_: &'static S, _: &&mut S, _: *const u8, _: fn(&str), _: !) -> dyn X {}",
    ),
    (
        "crate = super::x, crate",
        "#[shared_state(lock = \"a\", name = \"B\")] struct S<T> where T: X { a: u8 }",
    ),
    (
        "crate =",
        "#[shared_state] #[shared_state = 1] #[shared_state(lock, name = 5, x = y)] enum E { A(u8), B }",
    ),
    (
        "",
        "#[shared_state(lock = LOCK, crate = kr)] pub union U { a: u8 }",
    ),
    (
        "",
        "#[host] #[host(crate = ::kr, x)] struct Host { a: Shared<A>, b: Shared<A>, c: u8, d: Shared, e: Shared<'a> }",
    ),
    ("", "pub struct Tuple(Shared<A>, pub Shared<Vec<B>>);"),
    (
        "post, \"/{r#type}/{id}/{a}/{b}/{c}\"",
        "#[locked(\"x:{type}\", \"{id}:{r#type}\", \"a:{a}\", \"b:{b}\", \"c:{c}\", in_place)] \
         fn f(r#type: u8, _id: Id, mut a: (u8, u8), b: &B, c: f64, n: &Counter, s: &mut S) {}",
    ),
    (
        "\"a:{é}\", \"b:{\", \"}c\", \"{}{}\", \"{a}é\", in_place = 1, in_place in_place",
        "#[kr_route(get, \"/{é}\")] async fn f(é: u8, _: &mut Counter, (n, m): &a::Counter, ___: &'static Counter) {}",
    ),
    (
        "get, \"/\"",
        "#[locked(\"{a}{{b}}\", A::{b}, \"{_}\")] fn f(_: &Counter<T>, __: &r#Counter) {}",
    ),
    (
        "",
        "#[host] struct Host { a: SharedMap<K, A>, b: SharedMap<(), B>, c: SharedMap<C>, d: SharedMap<K, A>, e: SharedMap<'a, K, E> }",
    ),
    (
        "",
        "#[lock_key] #[lock_key(crate = ::kr, x)] struct Id<'a, T: X = u8> where T: Y { r#type: &'a T }",
    ),
    ("", "#[lock_key(crate)] enum Id { A(u8) }"),
    ("", "struct Unit;"),
    ("", ""),
];

/// Where the other samples are found.
const FOLDERS: [&str; 2] = ["../examples", "../tests/tests"];

pub(super) fn samples() -> Vec<Sample> {
    let mut samples: Vec<_> = ODD
        .iter()
        .map(|(arguments, item)| Sample {
            arguments: tokens(arguments),
            item: tokens(item),
        })
        .collect();
    for folder in FOLDERS {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        for file in sources(&folder) {
            let text = fs::read_to_string(file).unwrap();
            if let Ok(file) = syn::parse_file(&text) {
                file.items
                    .iter()
                    .for_each(|item| collect(item, &mut samples));
            } else if let Ok(item) = TokenStream::from_str(&text) {
                samples.push(Sample {
                    arguments: TokenStream::new(),
                    item,
                });
            }
        }
    }
    samples
}

fn tokens(text: &str) -> TokenStream {
    TokenStream::from_str(text).unwrap()
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Adds the item once for each of its attributes, and the items inside it.
fn collect(item: &Item, samples: &mut Vec<Sample>) {
    match item {
        Item::Fn(function) => {
            collect_in(&function.block, samples);
            for at in 0..function.attrs.len() {
                if let Some(arguments) = arguments(&function.attrs[at]) {
                    let mut item = function.clone();
                    item.attrs.remove(at);
                    samples.push(Sample {
                        arguments,
                        item: item.into_token_stream(),
                    });
                }
            }
        }
        Item::Mod(module) => {
            let items = module.content.iter().flat_map(|(_, items)| items);
            items.for_each(|item| collect(item, samples));
        }
        Item::Struct(_) | Item::Enum(_) | Item::Union(_) | Item::Impl(_) | Item::Trait(_) => {
            samples.push(Sample {
                arguments: TokenStream::new(),
                item: item.to_token_stream(),
            });
        }
        _ => {}
    }
}

fn collect_in(block: &Block, samples: &mut Vec<Sample>) {
    for statement in &block.stmts {
        if let Stmt::Item(item) = statement {
            collect(item, samples);
        }
    }
}

/// The tokens between the parentheses, if the attribute is one of kr's.
fn arguments(attribute: &Attribute) -> Option<TokenStream> {
    let name = &attribute.path().segments.last()?.ident;
    if name != "kr_route" && name != "locked" {
        return None;
    }
    let list = attribute.meta.require_list();
    Some(list.map(|list| list.tokens.clone()).unwrap_or_default())
}
