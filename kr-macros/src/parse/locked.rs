//! `#[locked(KEY, …)]`: which locks a handler holds, and for how long.

use crate::parse::key::{Key, Named};
use crate::syntax::diagnostic::{Mistake, Sink};
use crate::syntax::separators::{comma, unread};
use crate::syntax::suggestion::nearest;
use proc_macro2::TokenStream;
use quote::ToTokens;
use std::time::Duration;
use syn::parse::{ParseStream, Parser};
use syn::{Ident, LitStr, Token};

/// What `#[locked]` says.
pub(crate) struct Locked {
    pub(crate) keys: Vec<Key>,
    /// How long to wait for the locks.
    pub(crate) timeout: Option<Duration>,
    /// How long an async handler may hold them.
    pub(crate) hold: Option<Duration>,
    /// Held although no state that they guard is changed.
    pub(crate) only: bool,
    /// What is borrowed is changed where it is, without a draft; where that is said.
    pub(crate) in_place: Option<Ident>,
}

/// What to write.
pub(crate) const USAGE: &str = "write `#[locked(\"key\")]` with the key of the state's lock";

const OPTIONS: [&str; 4] = ["timeout", "hold", "only", "in_place"];

/// Reads the attribute's arguments. Mistakes go to the sink, and what can be understood is returned.
pub(crate) fn parse(arguments: TokenStream, at: &impl ToTokens, sink: &mut Sink) -> Locked {
    let mut mistakes = Sink::default();
    let mut locked = Locked {
        keys: Vec::new(),
        timeout: None,
        hold: None,
        only: false,
        in_place: None,
    };
    let read = |input: ParseStream<'_>| {
        while !input.is_empty() {
            argument(input, &mut locked, &mut mistakes)?;
            comma(input, &mut mistakes)?;
        }
        Ok(())
    };
    if let Err(error) = Parser::parse2(read, arguments) {
        unread(&error, USAGE, &mut mistakes);
    }
    if locked.keys.is_empty() && mistakes.is_empty() {
        mistakes.push(
            at,
            Mistake::new("KR0306", "`#[locked]` names no lock").help(USAGE),
        );
    }
    sink.append(mistakes);
    locked
}

fn argument(input: ParseStream<'_>, locked: &mut Locked, sink: &mut Sink) -> syn::Result<()> {
    if input.peek(Token![crate]) && input.peek2(Token![=]) {
        let mistake = Mistake::new("KR0006", "`crate` is an argument of the route")
            .help("write it there: `#[kr_route(post, \"/path\", crate = ::kr)]`");
        sink.push(&input.parse::<syn::Expr>()?, mistake);
        return Ok(());
    }
    if input.peek(Ident) && input.peek2(Token![=]) {
        let Named(name) = input.parse()?;
        match name.to_string().as_str() {
            "timeout" => once(&mut locked.timeout, &name, input, sink)?,
            "hold" => once(&mut locked.hold, &name, input, sink)?,
            typed => {
                let value = input.parse::<syn::Expr>()?;
                sink.push(&name, unknown(typed, &value));
            }
        }
        return Ok(());
    }
    if input.peek(Ident) && !input.peek2(Token![::]) {
        let fork = input.fork();
        let name: Ident = fork.parse()?;
        if name == "only" {
            input.parse::<Ident>()?;
            locked.only = true;
            return Ok(());
        }
        if name == "in_place" {
            locked.in_place = Some(input.parse()?);
            return Ok(());
        }
    }
    let Some(key) = Key::parse(input, sink)? else {
        return Ok(());
    };
    // Two places of one template may be two locks; if they turn out to be one, it is taken once.
    let is_known = |known: &Key| known.normal() == key.normal() && known.places() == key.places();
    if locked.keys.iter().any(is_known) {
        let what = format!("lock {} is taken twice", key.to_token_stream());
        let help = "locks are not re-entrant; name each once";
        sink.push(&key, Mistake::new("KR0308", what).help(help));
        return Ok(());
    }
    locked.keys.push(key);
    Ok(())
}

fn unknown(typed: &str, value: &syn::Expr) -> Mistake {
    let help = match nearest(typed, &OPTIONS) {
        // As it is written on the state.
        _ if typed == "lock" || typed == "key" => {
            format!("write `#[locked({})]`", value.to_token_stream())
        }
        Some(word) => format!("did you mean `{word}`?"),
        None => format!("known: `{}`", OPTIONS.join("`, `")),
    };
    Mistake::new("KR0006", format!("unknown argument `{typed}`")).help(help)
}

/// A duration that must not have been given before.
fn once(
    known: &mut Option<Duration>,
    name: &Ident,
    input: ParseStream<'_>,
    sink: &mut Sink,
) -> syn::Result<()> {
    let given = duration(name, input, sink)?;
    if known.is_some() {
        let mistake = Mistake::new("KR0007", format!("`{name}` is given twice"));
        sink.push(name, mistake.help("keep one of them"));
    }
    *known = given.or(*known);
    Ok(())
}

/// `"250ms"`, `"2s"`, `"1m"`.
fn duration(
    name: &Ident,
    input: ParseStream<'_>,
    sink: &mut Sink,
) -> syn::Result<Option<Duration>> {
    if input.is_empty() || input.peek(Token![,]) {
        sink.push(name, no_duration());
        return Ok(None);
    }
    let written: syn::Expr = input.parse()?;
    let text = match &written {
        syn::Expr::Lit(syn::ExprLit {
            lit: syn::Lit::Str(text),
            ..
        }) => Some(text),
        _ => None,
    };
    let read = text.and_then(read_duration);
    if read.is_none() {
        sink.push(&written, no_duration());
    }
    Ok(read)
}

fn no_duration() -> Mistake {
    Mistake::new("KR0314", "expected a duration in quotes")
        .help("write a whole number with its unit: `\"250ms\"`, `\"2s\"` or `\"1m\"`")
}

fn read_duration(text: &LitStr) -> Option<Duration> {
    let text = text.value();
    let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    let amount: u64 = digits.parse().ok()?;
    let millis = match text[digits.len()..].trim() {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        _ => return None,
    };
    amount.checked_mul(millis).map(Duration::from_millis)
}

#[cfg(test)]
mod tests {
    use super::{Locked, parse};
    use crate::parse::key::Key;
    use crate::syntax::diagnostic::Sink;
    use proc_macro2::{Ident, Span};
    use std::time::Duration;

    fn read(text: &str) -> (Locked, String) {
        let mut sink = Sink::default();
        let at = Ident::new("locked", Span::call_site());
        let locked = parse(text.parse().unwrap(), &at, &mut sink);
        (locked, sink.into_tokens().to_string())
    }

    fn keys(text: &str) -> Vec<String> {
        let (locked, complaint) = read(text);
        assert_eq!(complaint, "", "{text}");
        locked.keys.iter().map(Key::normal).collect()
    }

    #[test]
    fn keys_are_literals_and_paths_in_any_number() {
        assert_eq!(keys("\" Shop:Prices \""), ["shop:prices"]);
        assert_eq!(keys("\"a\", LOCK, keys::B,"), ["a", "LOCK", "keys :: B"]);
        assert_eq!(keys("only::KEY"), ["only :: KEY"]);
        assert_eq!(keys("r#only"), ["r#only"]);
    }

    #[test]
    fn options_follow_in_any_order() {
        let (locked, complaint) = read("\"a\", hold = \"1m\", only, timeout = \"250ms\", \"b\"");
        assert_eq!(complaint, "");
        assert_eq!(locked.keys.len(), 2);
        assert_eq!(locked.timeout, Some(Duration::from_millis(250)));
        assert_eq!(locked.hold, Some(Duration::from_secs(60)));
        assert!(locked.only);
    }

    #[test]
    fn each_mistake_has_its_code() {
        for (text, code) in [
            ("", "KR0306"),
            ("only", "KR0306"),
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
            ("\"a\", hold = \"1s\", hold = \"1s\"", "KR0007"),
            ("\"a\", wait = \"1s\"", "KR0006"),
            ("\"a\" timeout = \"1s\"", "KR0024"),
            ("\"a\" \"b\"", "KR0024"),
            ("\"a\", timeout: \"1s\"", "KR0024"),
            ("\"a\"; \"b\"", "KR0024"),
            ("\"a\", , \"b\"", "KR0024"),
            ("timeout = \"1s\" \"a\"", "KR0024"),
            ("\"a\" +", "KR0024"),
        ] {
            let (_, complaint) = read(text);
            assert!(complaint.contains(code), "{text}: {complaint}");
            assert_eq!(
                complaint.matches("compile_error").count(),
                1,
                "{text}: {complaint}"
            );
        }
    }
}
