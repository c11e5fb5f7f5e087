//! No input makes a macro panic: an editor expands what is half typed, and a panic would hide the function.

use crate::{host, route, shared_state};
use proc_macro2::{Delimiter, Group, Ident, Literal, Punct, Spacing, Span, TokenStream, TokenTree};
use std::str::FromStr;

/// The arguments of an attribute and the item below it.
const ROUTES: [(&str, &str); 12] = [
    ("get, \"/path\"", "fn visit() {}"),
    (
        "post, \"/carts/{id}/items/{item}\"",
        "#[locked(KEY, \"b\", timeout = \"2s\", only)] pub(crate) async fn visit(state: &mut AppState, mut id: u64, \
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
        "timeout = 5, only only",
        "#[kr_route] #[locked = 1] fn f(a: Arc<Mutex<S>>, b: State) {}",
    ),
    ("a::b, c = d", "#[route(get, \"/\")] fn f() {}"),
    ("::std::a, {x}", "struct S;"),
    ("get, \"/{a}\", more, arguments", "impl S { fn f() {} }"),
    ("get, \"/\"", ""),
    (
        "get, concat!(\"/\")",
        "const fn u64(_: &'static S, _: &&mut S, _: *const u8, _: fn(&str), _: !) -> dyn X {}",
    ),
];

const ITEMS: [&str; 7] = [
    "#[shared_state(lock = \"a\", name = \"B\")] struct S<T> where T: X { a: u8 }",
    "#[shared_state] #[shared_state = 1] #[shared_state(lock, name = 5, x = y)] enum E { A(u8), B }",
    "#[shared_state(lock = LOCK)] pub union U { a: u8 }",
    "struct Host { a: Shared<A>, b: Shared<A>, c: u8, d: Shared, e: Shared<'a> }",
    "pub struct Tuple(Shared<A>, pub Shared<Vec<B>>);",
    "struct Unit;",
    "",
];

fn expand_all(arguments: &TokenStream, item: &TokenStream) {
    drop(route::kr_route(arguments.clone(), item.clone()));
    drop(route::locked(arguments.clone(), item.clone()));
    drop(shared_state::derive(item.clone()));
    drop(host::derive(item.clone()));
}

fn tokens(text: &str) -> TokenStream {
    TokenStream::from_str(text).unwrap()
}

#[test]
fn odd_input_is_no_panic() {
    let items = ROUTES.iter().map(|(_, item)| *item).chain(ITEMS);
    for item in items.map(tokens) {
        for (arguments, _) in ROUTES {
            expand_all(&tokens(arguments), &item);
        }
    }
}

#[test]
fn mutilated_input_is_no_panic() {
    let mut dice = Dice(0x2545_F491_4F6C_DD1D);
    for _ in 0..20_000 {
        let (arguments, item) = ROUTES[dice.below(ROUTES.len())];
        let item = if dice.below(4) == 0 {
            ITEMS[dice.below(ITEMS.len())]
        } else {
            item
        };
        let arguments = mutilate(tokens(arguments), &mut dice);
        let item = mutilate(tokens(item), &mut dice);
        expand_all(&arguments, &item);
    }
}

/// Numbers that look random and are the same in each run: xorshift.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(limit).unwrap()).unwrap()
    }
}

/// Drops, doubles, swaps and replaces a few tokens, at any depth.
fn mutilate(tokens: TokenStream, dice: &mut Dice) -> TokenStream {
    let mut tokens: Vec<TokenTree> = tokens.into_iter().collect();
    for _ in 0..dice.below(3) {
        if tokens.is_empty() {
            tokens.push(any_token(dice));
        }
        let at = dice.below(tokens.len());
        match dice.below(5) {
            0 => drop(tokens.remove(at)),
            1 => tokens.insert(at, tokens[at].clone()),
            2 => tokens[at] = any_token(dice),
            3 => tokens.insert(at, any_token(dice)),
            _ => {
                let other = dice.below(tokens.len());
                tokens.swap(at, other);
            }
        }
    }
    let mutilated = tokens.into_iter().map(|token| match token {
        TokenTree::Group(group) if dice.below(2) == 0 => {
            let delimiter = match dice.below(12) {
                0 => Delimiter::Brace,
                1 => Delimiter::None,
                2 => Delimiter::Bracket,
                _ => group.delimiter(),
            };
            TokenTree::Group(Group::new(delimiter, mutilate(group.stream(), dice)))
        }
        token => token,
    });
    mutilated.collect()
}

fn any_token(dice: &mut Dice) -> TokenTree {
    const WORDS: [&str; 16] = [
        "get", "lock", "only", "timeout", "fn", "impl", "self", "Self", "static", "Path", "State",
        "Option", "async", "Json", "mut", "use",
    ];
    const MARKS: [char; 9] = [',', '=', ':', '&', '<', '>', '#', '\'', '.'];
    match dice.below(4) {
        0 => Ident::new(WORDS[dice.below(WORDS.len())], Span::call_site()).into(),
        1 => match MARKS[dice.below(MARKS.len())] {
            // A lone quotation mark is no token.
            '\'' => Literal::character('\'').into(),
            mark => Punct::new(mark, Spacing::Alone).into(),
        },
        2 => Literal::string(["", "/", "/{a", "2s", "999999999999999999999s", "é"][dice.below(6)])
            .into(),
        _ => Literal::u8_suffixed(7).into(),
    }
}
