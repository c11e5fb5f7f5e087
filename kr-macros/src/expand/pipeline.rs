//! The call of the runtime's pipeline that fits a handler.
//!
//! Its tokens have the hygiene of the macro, so that no local of it can be taken for a handler of the same name; and each
//! is named `kr_…`, since a constant of the user's by that name would step in its place all the same. What the compiler may
//! find fault with is spelled with the type as it stands in the signature, so that it is pointed at there.

use crate::check::handler::Model;
use crate::expand::extraction::{Step, ends, extract, pattern, steps};
use crate::parse::arguments::Argument;
use crate::syntax::types::{self, bare, inner_types, last_segment, mentions};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{ReturnType, Type};

/// The method that answers a request.
pub(crate) fn answer(model: &Model) -> TokenStream {
    let here = Span::mixed_site();
    let Call {
        extract,
        extracted,
        locate,
        borrow,
        arguments,
    } = &Call::of(model);
    let name = &model.name;
    let awaited = model.asyncness.then(|| quote!(.await));
    let owned = owned(model);
    let ran = quote_spanned! {here=>
        #owned
        let kr_output = #name(#(#arguments),*)#awaited;
        let kr_commits = {
            use ::kr_runtime::__private::Commits as _;
            ::kr_runtime::__private::Judge(&kr_output).commits()
        };
        ::kr_runtime::__private::ran(kr_output, kr_commits)
    };
    let respond = respond(&model.output);
    // Only what is used is named.
    let (states, moved, given_back) = match borrow {
        Some(_) => {
            let moved = quote_spanned!(here=> mut kr_states);
            (quote_spanned!(here=> kr_states), moved.clone(), moved)
        }
        None => (quote!(_), quote!(_), quote_spanned!(here=> kr_states)),
    };
    let pipeline = match (model.takes_locks(), model.asyncness) {
        (false, false) if model.route.cached.is_some() => quote_spanned! {here=>
            ::kr_runtime::__private::read_cached(kr_site, kr_request, |kr_states| {
                #borrow
                let kr_output = #name(#(#arguments),*);
                #respond
            })
        },
        (false, false) => quote_spanned! {here=>
            ::kr_runtime::__private::read(kr_site, kr_request, #extract, #locate, |#extracted, #states| {
                #borrow
                let kr_output = #name(#(#arguments),*);
                #respond
            })
        },
        (false, true) => quote_spanned! {here=>
            ::kr_runtime::__private::read_async(kr_site, kr_request, #extract, #locate, |#extracted, #moved| async move {
                #borrow
                let kr_output = #name(#(#arguments),*).await;
                #respond
            })
        },
        (true, false) => quote_spanned! {here=>
            ::kr_runtime::__private::write(
                kr_site,
                kr_request,
                #extract,
                #locate,
                |#extracted, #states| {
                    #borrow
                    #ran
                },
                |kr_output| #respond,
            )
        },
        (true, true) => quote_spanned! {here=>
            ::kr_runtime::__private::write_async(
                kr_site,
                kr_request,
                #extract,
                #locate,
                |#extracted, #given_back| async move {
                    let kr_ran = {
                        #borrow
                        #ran
                    };
                    (kr_ran, kr_states)
                },
                |kr_output| #respond,
            )
        },
    };
    quote_spanned! {here=>
        fn answer(
            kr_site: ::kr_runtime::__private::Arc<::kr_runtime::__private::Site>,
            kr_request: ::kr_runtime::__private::Request,
        ) -> ::kr_runtime::__private::Answering {
            #pipeline
        }
    }
}

/// The type of the output where there is nothing that it could borrow from: a lifetime in it that is not written is found
/// missing there, and by its own place. The borrow itself would be told of in terms of generated code.
fn owned(model: &Model) -> Option<TokenStream> {
    let ReturnType::Type(_, ty) = &model.output else {
        return None;
    };
    let borrowed = model
        .arguments
        .iter()
        .filter(|argument| argument.is_borrowed());
    // Of several that it could borrow from, the function itself would have to name one.
    let is_clear = borrowed.count() == 1 && !mentions(ty, "impl");
    is_clear.then(|| quote_spanned!(Span::mixed_site()=> let _: fn() -> #ty;))
}

/// The pieces of a call.
struct Call {
    /// A function that takes the arguments out of the request.
    extract: TokenStream,
    /// The pattern that takes them apart.
    extracted: TokenStream,
    /// A function from them to what the call works on.
    locate: TokenStream,
    /// The lines that borrow the states, if there are any.
    borrow: Option<TokenStream>,
    /// What the function is called with.
    arguments: Vec<Ident>,
}

impl Call {
    fn of(model: &Model) -> Self {
        let here = Span::mixed_site();
        let arguments: Vec<Ident> = (0..model.arguments.len())
            .map(|index| format_ident!("kr_argument_{}", index, span = here))
            .collect();
        let steps = steps(model);
        let lines = model
            .arguments
            .iter()
            .zip(&arguments)
            .filter_map(|(argument, name)| match argument {
                Argument::State { state, exclusive } => {
                    let how = if *exclusive {
                        quote!(write)
                    } else {
                        quote!(read)
                    };
                    Some(quote_spanned!(here=> let #name = kr_each.#how::<#state>();))
                }
                Argument::Counter { .. } => {
                    Some(quote_spanned!(here=> let #name = kr_each.counter();))
                }
                _ => None,
            });
        let lines: Vec<_> = lines.collect();
        let borrow = (!lines.is_empty()).then(|| {
            quote_spanned! {here=>
                let mut kr_each = kr_states.each();
                #(#lines)*
            }
        });
        Self {
            extract: extract(&steps, &arguments),
            extracted: pattern(&steps, |index| arguments[index].to_token_stream()),
            locate: locate(model, &arguments, &steps),
            borrow,
            arguments,
        }
    }
}

/// What tells the call's states and locks: for keys that depend on arguments, their values.
fn locate(model: &Model, names: &[Ident], steps: &[Step]) -> TokenStream {
    let here = Span::mixed_site();
    if model.templates.is_empty() {
        return quote_spanned!(here=> ::kr_runtime::__private::fixed);
    }
    let is_used = |index: usize| model.templates.iter().flatten().any(|used| *used == index);
    let extracted = pattern(steps, |index| match is_used(index) {
        true => names[index].to_token_stream(),
        false => quote!(_),
    });
    let keys = model.templates.iter().map(|template| {
        let type_of = |index: &usize| match &model.arguments[*index] {
            Argument::Capture { ty, .. } => ty,
            _ => unreachable!("only captures are parts of keys"),
        };
        if let [index] = template.as_slice() {
            let (ty, name) = (type_of(index), &names[*index]);
            let given = quote_spanned!(here=> kr_keys, #name);
            let (start, end) = ends(ty);
            let root = quote_spanned!(start=> ::);
            return quote_spanned!(end=> #root kr_runtime::__private::key::<#ty>(#given););
        }
        let types: Vec<_> = template.iter().map(type_of).collect();
        let values = template.iter().map(|index| {
            let (ty, name) = (type_of(index), &names[*index]);
            quote_spanned!(here=> ::kr_runtime::__private::cloned::<#ty>(#name))
        });
        let given = quote_spanned!(here=> kr_keys, &(#(#values,)*));
        // Any of them may be to blame, so all that lies between them is pointed at.
        let first = template.iter().min().map(type_of).map(ends);
        let last = template.iter().max().map(type_of).map(ends);
        let (start, end) = first
            .zip(last)
            .map_or((here, here), |((start, _), (_, end))| (start, end));
        let root = quote_spanned!(start=> ::);
        quote_spanned!(end=> #root kr_runtime::__private::key::<(#(#types,)*)>(#given);)
    });
    quote_spanned! {here=>
        |#extracted, kr_site| ::kr_runtime::__private::keyed(kr_site, |kr_keys| {
            #(#keys)*
        })
    }
}

/// Turns the output into the response.
fn respond(returns: &ReturnType) -> TokenStream {
    let here = Span::mixed_site();
    let ReturnType::Type(_, ty) = returns else {
        return quote_spanned!(here=> ::kr_runtime::__private::Respond::respond(kr_output));
    };
    if let [good, bad] = inner_types(ty).as_slice()
        && last_segment(ty).is_some_and(|last| last == "Result")
    {
        let (good, bad) = (of(good, &quote!(Respond)), of(bad, &quote!(Fail)));
        return quote_spanned! {here=>
            match kr_output {
                ::kr_runtime::__private::Ok(kr_output) => #good,
                ::kr_runtime::__private::Err(kr_output) => #bad,
            }
        };
    }
    of(ty, &quote!(Respond))
}

/// Turns an output of a type into the response, as that trait does.
fn of(ty: &Type, by: &TokenStream) -> TokenStream {
    let ty = bare(ty);
    let method = if mentions(ty, "impl") {
        quote_spanned!(ty.span()=> ::kr_runtime::__private::#by::respond)
    } else if let Some(inner) = types::answer(ty) {
        quote!(<#ty as ::kr_runtime::__private::Answer<#inner>>::respond)
    } else {
        quote!(<#ty as ::kr_runtime::__private::#by>::respond)
    };
    quote_spanned!(Span::mixed_site()=> #method(kr_output))
}
