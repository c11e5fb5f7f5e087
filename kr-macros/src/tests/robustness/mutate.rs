//! Small damage to tokens, as typing does it, and some that typing could not do.

use proc_macro2::{Delimiter, Group, Ident, Literal, Punct, Spacing, Span, TokenStream, TokenTree};

/// Numbers that look random and are the same in each run: xorshift.
pub(super) struct Dice(u64);

impl Dice {
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

/// Drops, doubles, swaps and replaces a few tokens, at any depth.
pub(super) fn mutilate(tokens: TokenStream, dice: &mut Dice) -> TokenStream {
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
    const WORDS: [&str; 22] = [
        "get",
        "lock",
        "only",
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
    match dice.below(4) {
        0 => Ident::new(WORDS[dice.below(WORDS.len())], Span::call_site()).into(),
        1 => match MARKS[dice.below(MARKS.len())] {
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
            ][dice.below(9)],
        )
        .into(),
        _ => Literal::u8_suffixed(7).into(),
    }
}
