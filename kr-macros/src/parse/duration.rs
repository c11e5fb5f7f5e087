//! Durations in attributes: `"250ms"`, `"2s"`, `"1m"`.

use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::errors::Errors;
use std::time::Duration;
use syn::parse::ParseStream;
use syn::{Expr, ExprLit, Ident, Lit, LitStr, Token};

/// Parses the duration behind `name =` into `option`, which must not have one yet.
pub(crate) fn parse_once(
    option: &mut Option<Duration>,
    name: &Ident,
    input: ParseStream<'_>,
    errors: &mut Errors,
) -> syn::Result<()> {
    let given = parse(name, input, errors)?;
    if option.is_some() {
        let diagnostic = Diagnostic::new("KR0007", format!("`{name}` is given twice"));
        errors.push(name, diagnostic.help("keep one of them"));
    }
    *option = given.or(*option);
    Ok(())
}

fn parse(
    name: &Ident,
    input: ParseStream<'_>,
    errors: &mut Errors,
) -> syn::Result<Option<Duration>> {
    if input.is_empty() || input.peek(Token![,]) {
        errors.push(name, not_a_duration());
        return Ok(None);
    }
    let written: Expr = input.parse()?;
    let text = match &written {
        Expr::Lit(ExprLit {
            lit: Lit::Str(text),
            ..
        }) => Some(text),
        _ => None,
    };
    let duration = text.and_then(parse_text);
    if duration.is_none() {
        errors.push(&written, not_a_duration());
    }
    Ok(duration)
}

fn not_a_duration() -> Diagnostic {
    Diagnostic::new("KR0314", "expected a duration in quotes")
        .help("write a whole number with its unit: `\"250ms\"`, `\"2s\"` or `\"1m\"`")
}

fn parse_text(text: &LitStr) -> Option<Duration> {
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
