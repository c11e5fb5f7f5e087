//! `#[locked(KEY, …)]`: which locks a handler holds, and for how long.

use crate::parse::duration::parse_once;
use crate::parse::key::Key;
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::errors::Errors;
use crate::syntax::separators::{OptionName, comma, unparsable};
use crate::syntax::suggestion::nearest;
use proc_macro2::TokenStream;
use quote::ToTokens;
use std::time::Duration;
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Expr, ExprLit, Ident, Lit, LitStr, Token};

/// The arguments of `#[locked]`.
#[derive(Default)]
pub(crate) struct LockedAttribute {
    pub(crate) keys: Vec<Key>,
    /// The keys that were given for the argument of a name, which are among the keys as well.
    pub(crate) named: Vec<(Ident, Key)>,
    /// The templates of the states whose instances the handler lists, with `*` for the key. No lock is taken for them.
    pub(crate) listed: Vec<LitStr>,
    /// How long to wait for the locks.
    pub(crate) timeout: Option<Duration>,
    /// How long an async handler may hold the locks.
    pub(crate) hold_timeout: Option<Duration>,
    /// How old the values may be that the handler reads.
    pub(crate) stale: Option<Duration>,
    /// The word itself, to report errors at.
    pub(crate) stale_word: Option<Ident>,
    /// The handler holds the locks even though it borrows no state with `&mut`.
    pub(crate) exclusive: bool,
    /// The handler changes its states where they are, without a draft. The word itself, to report errors at.
    pub(crate) in_place: Option<Ident>,
}

pub(crate) const USAGE: &str = "write `#[locked(\"key\")]` with the key of the state's lock";

const OPTIONS: [&str; 5] = ["timeout", "hold_timeout", "stale", "exclusive", "in_place"];

impl LockedAttribute {
    /// The key that was given for the argument of that name, and its number among the keys with placeholders, from 1.
    pub(crate) fn key_of(&self, argument: Option<&str>) -> Option<(&Key, usize)> {
        let is_it = |(name, _): &&(Ident, Key)| Some(name.unraw().to_string().as_str()) == argument;
        let (_, key) = self.named.iter().find(is_it)?;
        let same = |other: &Key| {
            other.normalized() == key.normalized() && other.placeholders() == key.placeholders()
        };
        let templates = self
            .keys
            .iter()
            .filter(|key| !key.placeholders().is_empty());
        let number = templates.into_iter().position(same)? + 1;
        Some((key, number))
    }

    /// The keys that were given for no argument in particular.
    pub(crate) fn unnamed(&self) -> Vec<&Key> {
        let is_named = |key: &Key| {
            let mut named = self.named.iter();
            named.any(|(_, other)| {
                other.normalized() == key.normalized() && other.placeholders() == key.placeholders()
            })
        };
        self.keys.iter().filter(|key| !is_named(key)).collect()
    }

    /// Keys with `*` are templates if the handler lists instances.
    pub(crate) fn take_listed(&mut self) {
        self.keys.retain(|key| match key {
            Key::Literal(text) if text.value().contains('*') => {
                self.listed.push(text.clone());
                false
            }
            _ => true,
        });
    }
}

/// Parses the arguments. Invalid ones are reported and left out. `at` is where to report that there is no key.
pub(crate) fn parse(
    arguments: TokenStream,
    at: &impl ToTokens,
    errors: &mut Errors,
) -> LockedAttribute {
    let mut own_errors = Errors::default();
    let mut locked = LockedAttribute::default();
    let parser = |input: ParseStream<'_>| {
        while !input.is_empty() {
            argument(input, &mut locked, &mut own_errors)?;
            comma(input, &mut own_errors)?;
        }
        Ok(())
    };
    if let Err(error) = Parser::parse2(parser, arguments) {
        unparsable(&error, USAGE, &mut own_errors);
    }
    if locked.keys.is_empty() && own_errors.is_empty() {
        own_errors.push(
            at,
            Diagnostic::new("KR0306", "`#[locked]` names no lock").help(USAGE),
        );
    }
    errors.append(own_errors);
    locked
}

fn argument(
    input: ParseStream<'_>,
    locked: &mut LockedAttribute,
    errors: &mut Errors,
) -> syn::Result<()> {
    if input.peek(Token![crate]) && input.peek2(Token![=]) {
        let diagnostic = Diagnostic::new("KR0006", "`crate` is an argument of the route")
            .help("write it there: `#[kr_route(post, \"/path\", crate = ::kr)]`");
        errors.push(&input.parse::<Expr>()?, diagnostic);
        return Ok(());
    }
    if input.peek(Ident) && input.peek2(Token![=]) {
        let OptionName(name) = input.parse()?;
        match name.to_string().as_str() {
            "timeout" => parse_once(&mut locked.timeout, &name, input, errors)?,
            "hold_timeout" => parse_once(&mut locked.hold_timeout, &name, input, errors)?,
            "stale" => {
                parse_once(&mut locked.stale, &name, input, errors)?;
                locked.stale_word = Some(name);
            }
            _ if input.peek(LitStr) && is_template(input) => {
                if let Some(key) = Key::parse(input, errors)? {
                    locked.named.push((name, key.clone()));
                    locked.keys.push(key);
                }
            }
            typed => {
                let value = input.parse::<Expr>()?;
                errors.push(&name, unknown(typed, &value));
            }
        }
        return Ok(());
    }
    if input.peek(Ident) && !input.peek2(Token![::]) {
        let fork = input.fork();
        let name: Ident = fork.parse()?;
        if name == "exclusive" {
            input.parse::<Ident>()?;
            locked.exclusive = true;
            return Ok(());
        }
        if name == "in_place" {
            locked.in_place = Some(input.parse()?);
            return Ok(());
        }
    }
    let Some(key) = Key::parse(input, errors)? else {
        return Ok(());
    };
    // The same template with other placeholders may be another lock. If both turn out to be one lock, the runtime takes it
    // once.
    let is_known = |known: &Key| {
        known.normalized() == key.normalized() && known.placeholders() == key.placeholders()
    };
    if locked.keys.iter().any(is_known) {
        let message = format!("lock {} is taken twice", key.to_token_stream());
        let help = "locks are not re-entrant; name each once";
        errors.push(&key, Diagnostic::new("KR0308", message).help(help));
        return Ok(());
    }
    locked.keys.push(key);
    Ok(())
}

/// Whether the next token is a key with a placeholder.
fn is_template(input: ParseStream<'_>) -> bool {
    let text = input.fork().parse::<LitStr>();
    text.is_ok_and(|text| text.value().contains('{'))
}

fn unknown(typed: &str, value: &Expr) -> Diagnostic {
    let help = match nearest(typed, &OPTIONS) {
        // This is how `#[shared_state]` names a lock.
        _ if typed == "lock" || typed == "key" => {
            format!("write `#[locked({})]`", value.to_token_stream())
        }
        Some(word) => format!("did you mean `{word}`?"),
        None if matches!(
            value,
            Expr::Lit(ExprLit {
                lit: Lit::Str(_),
                ..
            })
        ) =>
        {
            format!(
                "known: `{}`; a key without a placeholder is written without a name: `{}`",
                OPTIONS.join("`, `"),
                value.to_token_stream()
            )
        }
        None => format!("known: `{}`", OPTIONS.join("`, `")),
    };
    Diagnostic::new("KR0006", format!("unknown argument `{typed}`")).help(help)
}

#[cfg(test)]
mod tests {
    use super::{LockedAttribute, parse};
    use crate::parse::key::Key;
    use crate::syntax::errors::Errors;
    use proc_macro2::{Ident, Span};
    use std::time::Duration;

    fn parse_text(text: &str) -> (LockedAttribute, String) {
        let mut errors = Errors::default();
        let at = Ident::new("locked", Span::call_site());
        let locked = parse(text.parse().unwrap(), &at, &mut errors);
        (locked, errors.into_tokens().to_string())
    }

    fn keys(text: &str) -> Vec<String> {
        let (locked, error) = parse_text(text);
        assert_eq!(error, "", "{text}");
        locked.keys.iter().map(Key::normalized).collect()
    }

    #[test]
    fn keys_are_literals_and_paths_in_any_number() {
        assert_eq!(keys("\" Shop:Prices \""), ["shop:prices"]);
        assert_eq!(keys("\"a\", LOCK, keys::B,"), ["a", "LOCK", "keys :: B"]);
        assert_eq!(keys("exclusive::KEY"), ["exclusive :: KEY"]);
        assert_eq!(keys("r#exclusive"), ["r#exclusive"]);
    }

    #[test]
    fn options_follow_in_any_order() {
        let (locked, error) =
            parse_text("\"a\", hold_timeout = \"1m\", exclusive, timeout = \"250ms\", \"b\"");
        assert_eq!(error, "");
        assert_eq!(locked.keys.len(), 2);
        assert_eq!(locked.timeout, Some(Duration::from_millis(250)));
        assert_eq!(locked.hold_timeout, Some(Duration::from_secs(60)));
        assert!(locked.exclusive);
    }

    #[test]
    fn each_error_has_its_code() {
        for (text, code) in [
            ("", "KR0306"),
            ("exclusive", "KR0306"),
            ("\"\"", "KR0306"),
            ("5", "KR0307"),
            ("key()", "KR0307"),
            ("\"a\", \"A \"", "KR0308"),
            ("LOCK, LOCK", "KR0308"),
            ("\"a:{x}\", \"A:{x}\"", "KR0308"),
            ("\"a:{id\"", "KR0312"),
            ("\"a\", timeout = \"\"", "KR0314"),
            ("\"a\", timeout = \"2\"", "KR0314"),
            ("\"a\", timeout = \"s\"", "KR0314"),
            ("\"a\", timeout = \"-2s\"", "KR0314"),
            ("\"a\", timeout = \"1.5s\"", "KR0314"),
            ("\"a\", timeout = \"é\"", "KR0314"),
            ("\"a\", timeout = \"99999999999999999999s\"", "KR0314"),
            ("\"a\", timeout = 2", "KR0314"),
            (
                "\"a\", hold_timeout = \"1s\", hold_timeout = \"1s\"",
                "KR0007",
            ),
            ("\"a\", wait = \"1s\"", "KR0006"),
            ("\"a\" timeout = \"1s\"", "KR0024"),
            ("\"a\" \"b\"", "KR0024"),
            ("\"a\", timeout: \"1s\"", "KR0024"),
            ("\"a\"; \"b\"", "KR0024"),
            ("\"a\", , \"b\"", "KR0024"),
            ("timeout = \"1s\" \"a\"", "KR0024"),
            ("\"a\" +", "KR0024"),
        ] {
            let (_, error) = parse_text(text);
            assert!(error.contains(code), "{text}: {error}");
            assert_eq!(error.matches("compile_error").count(), 1, "{text}: {error}");
        }
    }
}
