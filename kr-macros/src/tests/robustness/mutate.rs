//! Small changes to tokens: some that happen while one types, and some that cannot.

use proc_macro2::{Delimiter, Group, Ident, Literal, Punct, Spacing, Span, TokenStream, TokenTree};

/// Pseudo-random numbers that are the same in each run (xorshift).
pub(super) struct Rng(u64);

impl Rng {
    pub(super) fn seeded(seed: u64) -> Self {
        Self(seed)
    }

    pub(super) fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(limit).unwrap()).unwrap()
    }
}

/// Drops, duplicates, swaps and replaces a few tokens, at any depth.
pub(super) fn mutate(tokens: TokenStream, rng: &mut Rng) -> TokenStream {
    let mut tokens: Vec<TokenTree> = tokens.into_iter().collect();
    for _ in 0..rng.below(3) {
        if tokens.is_empty() {
            tokens.push(any_token(rng));
        }
        let at = rng.below(tokens.len());
        match rng.below(5) {
            0 => drop(tokens.remove(at)),
            1 => tokens.insert(at, tokens[at].clone()),
            2 => tokens[at] = any_token(rng),
            3 => tokens.insert(at, any_token(rng)),
            _ => {
                let other = rng.below(tokens.len());
                tokens.swap(at, other);
            }
        }
    }
    let mutated = tokens.into_iter().map(|token| match token {
        TokenTree::Group(group) if rng.below(2) == 0 => {
            let delimiter = match rng.below(12) {
                0 => Delimiter::Brace,
                1 => Delimiter::None,
                2 => Delimiter::Bracket,
                _ => group.delimiter(),
            };
            TokenTree::Group(Group::new(delimiter, mutate(group.stream(), rng)))
        }
        token => token,
    });
    mutated.collect()
}

fn any_token(rng: &mut Rng) -> TokenTree {
    const WORDS: [&str; 22] = [
        "get",
        "lock",
        "exclusive",
        "timeout",
        "fn",
        "impl",
        "self",
        "Self",
        "static",
        "Path",
        "State",
        "crate",
        "cfg",
        "Option",
        "async",
        "Json",
        "mut",
        "use",
        "in_place",
        "Counter",
        "SharedMap",
        "id",
    ];
    const MARKS: [char; 9] = [',', '=', ':', '&', '<', '>', '#', '\'', '.'];
    match rng.below(4) {
        0 => Ident::new(WORDS[rng.below(WORDS.len())], Span::call_site()).into(),
        1 => match MARKS[rng.below(MARKS.len())] {
            // A lone quotation mark is no token.
            '\'' => Literal::character('\'').into(),
            mark => Punct::new(mark, Spacing::Alone).into(),
        },
        2 => Literal::string(
            [
                "",
                "/",
                "/{a",
                "2s",
                "999999999999999999999s",
                "é",
                "a:{id}",
                "{id}{a}",
                "é}{",
            ][rng.below(9)],
        )
        .into(),
        _ => Literal::u8_suffixed(7).into(),
    }
}
