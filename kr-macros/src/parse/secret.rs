//! `#[shared_state(secret)]` on a state or a field: what is not shown to those who operate a service.

use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::errors::Errors;
use syn::ext::IdentExt;
use syn::punctuated::Punctuated;
use syn::{Attribute, Data, DeriveInput, Expr, ExprLit, Field, Fields, Ident, Lit, Meta, Token};

/// What of a state is secret.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Secrets {
    /// All of it.
    pub(crate) is_all: bool,
    /// Members of what serde makes of it, by their names there, or by their numbers in a tuple.
    pub(crate) members: Vec<String>,
}

/// Finds the secret fields of a state. Where it is not certain what serde makes of one, all of the state is secret.
pub(crate) fn parse(input: &DeriveInput, errors: &mut Errors) -> Secrets {
    let mut secrets = Secrets::default();
    let container = Serde::of(&input.attrs);
    match &input.data {
        Data::Struct(data) => {
            let is_inner = container.is_transparent
                || matches!(&data.fields, Fields::Unnamed(fields) if fields.unnamed.len() == 1);
            for (number, field) in data.fields.iter().enumerate() {
                if !is_secret(field, errors) {
                    continue;
                }
                if is_inner || container.is_other_type {
                    secrets.is_all = true;
                    continue;
                }
                secrets.members.push(match &field.ident {
                    Some(ident) => member(ident, &Serde::of(&field.attrs), &container),
                    None => number.to_string(),
                });
            }
        }
        Data::Enum(data) => {
            let fields = data.variants.iter().flat_map(|variant| &variant.fields);
            // Each has to be parsed, so that mistakes are reported.
            let secret = fields.filter(|field| is_secret(field, errors)).count();
            secrets.is_all = secret > 0;
        }
        Data::Union(_) => {}
    }
    secrets
}

fn member(ident: &Ident, field: &Serde, container: &Serde) -> String {
    let name = ident.unraw().to_string();
    match (&field.rename, &container.rename_all) {
        (Some(name), _) => name.clone(),
        (None, Some(rule)) => renamed(&name, rule),
        (None, None) => name,
    }
}

/// Whether a field says `#[shared_state(secret)]`. Anything else there is a mistake.
fn is_secret(field: &Field, errors: &mut Errors) -> bool {
    let mut is_secret = false;
    for attribute in &field.attrs {
        if !attribute.path().is_ident("shared_state") {
            continue;
        }
        let argument = attribute.parse_args::<Ident>();
        if argument.is_ok_and(|argument| argument == "secret") {
            is_secret = true;
        } else {
            let diagnostic = Diagnostic::new("KR0504", "unknown argument on a field of a state")
                .help("write `#[shared_state(secret)]`, or remove it");
            errors.push(attribute, diagnostic);
        }
    }
    is_secret
}

/// What serde is told of a type or a field.
#[derive(Default)]
struct Serde {
    rename: Option<String>,
    rename_all: Option<String>,
    is_transparent: bool,
    /// Another type is written in its place.
    is_other_type: bool,
}

impl Serde {
    fn of(attributes: &[Attribute]) -> Self {
        let mut serde = Self::default();
        for attribute in attributes {
            if !attribute.path().is_ident("serde") {
                continue;
            }
            let arguments =
                attribute.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated);
            for argument in arguments.into_iter().flatten() {
                serde.argument(&argument);
            }
        }
        serde
    }

    fn argument(&mut self, argument: &Meta) {
        let Some(name) = argument.path().get_ident() else {
            return;
        };
        match name.to_string().as_str() {
            "rename" => self.rename = text(argument),
            "rename_all" => self.rename_all = text(argument),
            "transparent" => self.is_transparent = true,
            "into" | "flatten" => self.is_other_type = true,
            _ => {}
        }
    }
}

/// The text of `name = "…"`, or of `name(serialize = "…")`.
fn text(argument: &Meta) -> Option<String> {
    match argument {
        Meta::NameValue(value) => literal(&value.value),
        Meta::List(list) => {
            let parser = Punctuated::<Meta, Token![,]>::parse_terminated;
            let values = list.parse_args_with(parser).ok()?;
            values.iter().find_map(|value| match value {
                Meta::NameValue(value) if value.path.is_ident("serialize") => literal(&value.value),
                _ => None,
            })
        }
        Meta::Path(_) => None,
    }
}

fn literal(value: &Expr) -> Option<String> {
    match value {
        Expr::Lit(ExprLit {
            lit: Lit::Str(text),
            ..
        }) => Some(text.value()),
        _ => None,
    }
}

/// A field's name as serde writes it under `rename_all`.
fn renamed(name: &str, rule: &str) -> String {
    let pascal = || -> String {
        let words = name.split('_');
        words
            .map(|word| {
                let mut letters = word.chars();
                let first = letters.next().map(|first| first.to_ascii_uppercase());
                first.into_iter().chain(letters).collect::<String>()
            })
            .collect()
    };
    match rule {
        "UPPERCASE" | "SCREAMING_SNAKE_CASE" => name.to_ascii_uppercase(),
        "PascalCase" => pascal(),
        "camelCase" => {
            let pascal = pascal();
            let (first, rest) = pascal.split_at(pascal.chars().next().map_or(0, char::len_utf8));
            format!("{}{rest}", first.to_ascii_lowercase())
        }
        "kebab-case" => name.replace('_', "-"),
        "SCREAMING-KEBAB-CASE" => name.to_ascii_uppercase().replace('_', "-"),
        // `lowercase` and `snake_case` leave a field as it is.
        _ => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use syn::parse_quote;

    fn secrets(input: &DeriveInput) -> Secrets {
        let mut errors = Errors::default();
        let secrets = parse(input, &mut errors);
        assert!(errors.is_empty());
        secrets
    }

    #[test]
    fn members_have_the_names_that_serde_gives_them() {
        let state = parse_quote! {
            #[serde(rename_all = "PascalCase")]
            struct S {
                #[shared_state(secret)]
                api_key: String,
                #[shared_state(secret)]
                #[serde(rename(serialize = "out", deserialize = "in"))]
                other: String,
                #[shared_state(secret)]
                #[serde(default, rename = "third")]
                r#type: String,
                open: u8,
            }
        };
        assert_eq!(secrets(&state).members, ["ApiKey", "out", "third"]);
        for (rule, name) in [
            ("camelCase", "apiKey"),
            ("kebab-case", "api-key"),
            ("SCREAMING_SNAKE_CASE", "API_KEY"),
            ("SCREAMING-KEBAB-CASE", "API-KEY"),
            ("lowercase", "api_key"),
            ("UPPERCASE", "API_KEY"),
        ] {
            assert_eq!(renamed("api_key", rule), name);
        }
    }

    #[test]
    fn all_is_secret_where_the_member_is_not_certain() {
        let states: [DeriveInput; 4] = [
            parse_quote!(
                struct S(#[shared_state(secret)] String);
            ),
            parse_quote!(
                enum S {
                    A,
                    B {
                        #[shared_state(secret)]
                        key: String,
                    },
                }
            ),
            parse_quote!(
                #[serde(transparent)]
                struct S {
                    #[shared_state(secret)]
                    key: String,
                }
            ),
            parse_quote!(
                #[serde(into = "T")]
                struct S {
                    #[shared_state(secret)]
                    key: String,
                }
            ),
        ];
        for state in states {
            let secrets = secrets(&state);
            assert!(secrets.is_all && secrets.members.is_empty());
        }
    }

    #[test]
    fn fields_of_a_tuple_have_numbers() {
        let state = parse_quote!(
            struct S(u8, #[shared_state(secret)] String);
        );
        assert_eq!(secrets(&state).members, ["1"]);
    }
}
