//! `#[derive(SharedState)]`: the name of a state, and the lock that guards it.

use crate::expand::unparsable::{last_word, name_after};
use crate::parse::key::{Key, Named};
use crate::syntax::diagnostic::{Mistake, Sink};
use crate::syntax::runtime_path::Root;
use crate::syntax::separators::{comma, unread as unread_arguments};
use crate::syntax::suggestion::nearest;
use crate::syntax::types::last_segment;
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Data, DeriveInput, Error, LitStr, Meta, Token};

/// What to write.
const USAGE: &str =
    "write `#[shared_state(lock = \"key\")]` with the key of the lock that guards it";

const OPTIONS: [&str; 2] = ["lock", "name"];

/// What `#[shared_state(…)]` says.
#[derive(Default)]
struct Given {
    lock: Option<Key>,
    name: Option<LitStr>,
    root: Root,
    /// The lock was given, if perhaps wrongly, so that it need not be asked for.
    lock_seen: bool,
}

pub(crate) fn derive(input: TokenStream) -> TokenStream {
    let input: DeriveInput = match syn::parse2(input.clone()) {
        Ok(input) => input,
        Err(error) => return unread(&input, &error),
    };
    let mut sink = Sink::default();
    let ident = &input.ident;
    let given = given(&input, &mut sink);
    if let Data::Union(union) = &input.data {
        let mistake = Mistake::new(
            "KR0502",
            format!("`{ident}` is a union, which cannot be copied field by field"),
        )
        .help("make it a struct or an enum");
        sink.push(&union.union_token, mistake);
    }
    if !input.generics.params.is_empty() {
        let mistake = Mistake::new(
            "KR0502",
            format!("shared state `{ident}` must not be generic: it has one value and one lock"),
        )
        .help("write a type of its own for each state");
        sink.push(&input.generics, mistake);
    }
    if given.lock.is_none() && !given.lock_seen {
        let mistake = Mistake::new("KR0501", format!("shared state `{ident}` names no lock"))
            .help("add `#[shared_state(lock = \"…\")]` with the key of the lock that guards it");
        sink.push(ident, mistake);
    }
    let lock = given.lock;
    let root = given.root;
    let name = match &given.name {
        Some(name) => quote!(#name),
        None => {
            let name = ident.unraw().to_string();
            quote!(#name)
        }
    };
    // After a mistake the type is a shared state all the same, so that its handlers do not complain as well.
    let key = match &lock {
        Some(lock) => quote!(#lock),
        None => quote!("?"),
    };
    let mut generics = input.generics.clone();
    if !generics.params.is_empty() {
        // A generic state was refused; what its parameters lack is not worth another message.
        generics
            .make_where_clause()
            .predicates
            .push(syn::parse_quote!(Self: ::core::clone::Clone + ::core::marker::Send + ::core::marker::Sync + 'static));
    }
    let (for_impl, of_type, clause) = generics.split_for_impl();
    // A literal was looked at; what a constant says, the compiler knows.
    let named = match &lock {
        Some(key @ Key::Path(_)) => {
            let at = syn::spanned::Spanned::span(key);
            quote_spanned!(at=> const _: () = ::kr_runtime::__private::is_key(#key);)
        }
        _ => TokenStream::new(),
    };
    let traits = traits(&input);
    let generated = root.within(quote! {
        impl #for_impl ::kr_runtime::SharedState for #ident #of_type #clause {
            const NAME: &'static ::core::primitive::str = #name;
            const LOCK: &'static ::core::primitive::str = #key;
            const ID: &'static ::core::primitive::str = ::core::concat!(::core::module_path!(), "::", ::core::stringify!(#ident));
            #traits
        }
        #named
    });
    let errors = sink.into_tokens();
    quote!(#generated #errors)
}

/// What can be found out about the type from its fields and what it implements. Nothing, if it was refused.
fn traits(input: &DeriveInput) -> TokenStream {
    if !input.generics.params.is_empty() {
        return TokenStream::new();
    }
    let fields = match &input.data {
        Data::Struct(data) => Some(&data.fields),
        _ => None,
    };
    let counters = fields.into_iter().flatten().filter_map(|field| {
        let name = field.ident.as_ref()?;
        let ty = &field.ty;
        last_segment(ty).filter(|last| *last == "Counter")?;
        let text = name.unraw().to_string();
        Some(quote! {
            ::kr_runtime::__private::CounterField {
                name: #text,
                is_counter: ::kr_runtime::__private::Probe::<#ty>::IS_COUNTER,
                find: |kr_state| ::kr_runtime::__private::as_counter(&::kr_runtime::__private::state_of::<Self>(kr_state).#name),
            }
        })
    });
    quote! {
        const TRAITS: ::kr_runtime::__private::Traits = {
            #[allow(unused_imports)]
            use ::kr_runtime::__private::{NoCounter as _, Unwritten as _};
            ::kr_runtime::__private::Traits {
                counters: &[#(#counters),*],
                json: ::kr_runtime::__private::Probe::<Self>::JSON,
            }
        };
    }
}

/// A type that is still being typed is a shared state all the same.
fn unread(input: &TokenStream, error: &Error) -> TokenStream {
    let last_word = last_word(error);
    let Some(ident) = name_after(input, &["struct", "enum", "union"]) else {
        return last_word;
    };
    let name = ident.unraw().to_string();
    quote! {
        impl ::kr_runtime::SharedState for #ident {
            const NAME: &'static ::core::primitive::str = #name;
            const LOCK: &'static ::core::primitive::str = "?";
            const ID: &'static ::core::primitive::str = "?";
        }
        #last_word
    }
}

fn given(input: &DeriveInput, sink: &mut Sink) -> Given {
    let mut given = Given::default();
    for attribute in &input.attrs {
        if !attribute.path().is_ident("shared_state") {
            continue;
        }
        let Meta::List(list) = &attribute.meta else {
            let mistake = Mistake::new("KR0501", "`#[shared_state]` names no lock")
                .help("write `#[shared_state(lock = \"…\")]`");
            sink.push(attribute, mistake);
            given.lock_seen = true;
            continue;
        };
        let arguments = given.root.take(list.tokens.clone(), sink);
        let read = |arguments: ParseStream<'_>| {
            while !arguments.is_empty() {
                argument(arguments, &mut given, sink)?;
                // A lock may be among what is left out.
                given.lock_seen |= !comma(arguments, sink)?;
            }
            Ok(())
        };
        if let Err(error) = Parser::parse2(read, arguments) {
            unread_arguments(&error, USAGE, sink);
            given.lock_seen = true;
        }
    }
    given
}

fn argument(input: ParseStream<'_>, given: &mut Given, sink: &mut Sink) -> syn::Result<()> {
    if input.peek(LitStr) {
        let key: LitStr = input.parse()?;
        given.lock_seen = true;
        let mistake = Mistake::new("KR0501", "the key of a state's lock has a name before it")
            .help(format!("write `#[shared_state(lock = {})]`", key.token()));
        sink.push(&key, mistake);
        return Ok(());
    }
    let Named(name) = input.parse()?;
    let text = name.to_string();
    match text.as_str() {
        "lock" if input.is_empty() || input.peek(Token![,]) => {
            given.lock_seen = true;
            let mistake = Mistake::new("KR0501", "the key of the state's lock is missing");
            sink.push(&name, mistake.help("write `#[shared_state(lock = \"…\")]`"));
        }
        "lock" => {
            given.lock_seen = true;
            given.lock = Key::parse(input, sink)?;
        }
        "name" => given.name = Some(input.parse()?),
        typed => {
            input.parse::<syn::Expr>()?;
            let help = match nearest(typed, &OPTIONS) {
                Some(word) => format!("did you mean `{word}`?"),
                None => format!("known: `{}`", OPTIONS.join("`, `")),
            };
            given.lock_seen |= nearest(typed, &OPTIONS) == Some("lock");
            let mistake = Mistake::new("KR0504", format!("unknown argument `{typed}`")).help(help);
            sink.push(&name, mistake);
        }
    }
    Ok(())
}
