//! `#[shared_state(lock = KEY, name = "…", version = 2, upgrade = function)]`: the lock that guards a state, the state's name,
//! and how a store keeps it.

use crate::parse::crate_argument;
use crate::parse::key::Key;
use crate::parse::secret::{self, Secrets};
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::errors::Errors;
use crate::syntax::runtime_path::RuntimePath;
use crate::syntax::separators::{OptionName, comma, unparsable};
use crate::syntax::suggestion::nearest;
use syn::parse::{ParseStream, Parser};
use syn::{DeriveInput, Expr, Ident, LitInt, LitStr, Meta, Path, Token};

const USAGE: &str =
    "write `#[shared_state(lock = \"key\")]` with the key of the lock that guards it";

const OPTIONS: [&str; 6] = ["lock", "name", "secret", "transient", "version", "upgrade"];

/// The arguments of `#[shared_state]`.
#[derive(Default)]
pub(crate) struct SharedStateAttribute {
    pub(crate) lock: Option<Key>,
    pub(crate) name: Option<LitStr>,
    /// Where it says that a store does not keep the state.
    pub(crate) transient: Option<Ident>,
    /// What those who operate a service do not see of it.
    pub(crate) secrets: Secrets,
    /// The version of the type, for a store.
    pub(crate) version: Option<LitInt>,
    /// What makes a value of an earlier version's.
    pub(crate) upgrade: Option<Path>,
    pub(crate) runtime_path: RuntimePath,
    /// A lock was given or may have been, so a missing one is not reported.
    pub(crate) has_lock: bool,
}

/// Parses all `#[shared_state]` attributes of a type. Invalid arguments are reported and left out.
pub(crate) fn parse(input: &DeriveInput, errors: &mut Errors) -> SharedStateAttribute {
    let mut parsed = SharedStateAttribute::default();
    for attribute in &input.attrs {
        if !attribute.path().is_ident("shared_state") {
            continue;
        }
        let Meta::List(list) = &attribute.meta else {
            let diagnostic = Diagnostic::new("KR0501", "`#[shared_state]` names no lock")
                .help("write `#[shared_state(lock = \"…\")]`");
            errors.push(attribute, diagnostic);
            parsed.has_lock = true;
            continue;
        };
        let arguments = crate_argument::take(&mut parsed.runtime_path, list.tokens.clone(), errors);
        let parser = |input: ParseStream<'_>| {
            while !input.is_empty() {
                argument(input, &mut parsed, errors)?;
                // The lock may be in the part that is skipped.
                parsed.has_lock |= !comma(input, errors)?;
            }
            Ok(())
        };
        if let Err(error) = Parser::parse2(parser, arguments) {
            unparsable(&error, USAGE, errors);
            parsed.has_lock = true;
        }
    }
    let fields = secret::parse(input, errors);
    parsed.secrets.is_all |= fields.is_all;
    parsed.secrets.members = fields.members;
    parsed
}

fn argument(
    input: ParseStream<'_>,
    parsed: &mut SharedStateAttribute,
    errors: &mut Errors,
) -> syn::Result<()> {
    if input.peek(LitStr) {
        let key: LitStr = input.parse()?;
        parsed.has_lock = true;
        let diagnostic =
            Diagnostic::new("KR0501", "the key of a state's lock has a name before it")
                .help(format!("write `#[shared_state(lock = {})]`", key.token()));
        errors.push(&key, diagnostic);
        return Ok(());
    }
    if input.peek(Ident) && !input.peek2(Token![=]) {
        let name: Ident = input.parse()?;
        if name == "transient" {
            parsed.transient = Some(name);
            return Ok(());
        }
        if name == "secret" {
            parsed.secrets.is_all = true;
            return Ok(());
        }
        return Err(input.error(format!("expected `=` after `{name}`")));
    }
    let OptionName(name) = input.parse()?;
    let text = name.to_string();
    match text.as_str() {
        "lock" if input.is_empty() || input.peek(Token![,]) => {
            parsed.has_lock = true;
            let diagnostic = Diagnostic::new("KR0501", "the key of the state's lock is missing");
            errors.push(
                &name,
                diagnostic.help("write `#[shared_state(lock = \"…\")]`"),
            );
        }
        "lock" => {
            parsed.has_lock = true;
            parsed.lock = Key::parse(input, errors)?;
        }
        "name" => parsed.name = Some(input.parse()?),
        "version" => parsed.version = Some(input.parse()?),
        "upgrade" => parsed.upgrade = Some(input.parse()?),
        typed => {
            input.parse::<Expr>()?;
            let suggestion = nearest(typed, &OPTIONS);
            let help = match suggestion {
                Some(word) => format!("did you mean `{word}`?"),
                None => format!("known: `{}`", OPTIONS.join("`, `")),
            };
            parsed.has_lock |= suggestion == Some("lock");
            let diagnostic = Diagnostic::new("KR0504", format!("unknown argument `{typed}`"));
            errors.push(&name, diagnostic.help(help));
        }
    }
    Ok(())
}
