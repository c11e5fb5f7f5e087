//! What a handler turns into: the function as it was, and beside it a type of its name that the router can use.

use super::check::{Argument, Model};
use crate::key::Key;
use crate::signature::Function;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use std::time::Duration;
use syn::spanned::Spanned;
use syn::{GenericArgument, Path, PathArguments, ReturnType, Type};

/// The attributes that this expansion has read off the item, so that the compiler would call their imports unused.
pub(crate) type Consumed = Vec<Path>;

/// The handler's function, and its type with what the router needs.
pub(crate) fn expand(function: &Function, model: &Model, consumed: &Consumed) -> TokenStream {
    let name = &model.name;
    let cfgs = function.cfgs();
    let twin = twin(function);
    let checks = checks(model);
    let imports = imports(function, consumed);
    let meta = meta(model);
    let answer = answer(model);
    let bounds = model
        .states()
        .map(|(state, _)| quote!(+ ::kr_runtime::Provides<#state>));
    let borrows = model.states().map(|(state, exclusive)| {
        let how = if exclusive {
            quote!(writes)
        } else {
            quote!(reads)
        };
        quote!(::kr_runtime::__private::#how::<#state, KrHost>(host))
    });
    quote! {
        #function
        #twin

        #cfgs
        impl ::kr_runtime::__private::Handler for #name {
            const META: &'static ::kr_runtime::__private::Meta = &#meta;
            #answer
        }

        #cfgs
        impl<KrHost> ::kr_runtime::__private::Route<KrHost> for #name
        where
            KrHost: ::kr_runtime::Host #(#bounds)*
        {
            fn borrows(host: &KrHost) -> ::kr_runtime::__private::Vec<::kr_runtime::__private::Binding<'_>> {
                let _ = host;
                ::kr_runtime::__private::Vec::from([#(#borrows),*])
            }
        }

        #imports
        #(#cfgs #checks)*
    }
}

/// After a mistake: the function, so that editors keep working, and a type that `routes!` takes without another complaint.
pub(crate) fn fall_back(function: &Function, consumed: &Consumed) -> TokenStream {
    let name = &function.signature.ident;
    let text = name.to_string();
    let cfgs = function.cfgs();
    let twin = twin(function);
    let imports = imports(function, consumed);
    quote! {
        #[allow(dead_code)]
        #function
        #twin

        #cfgs
        impl ::kr_runtime::__private::Handler for #name {
            const META: &'static ::kr_runtime::__private::Meta = &::kr_runtime::__private::Meta::broken(#text);

            fn answer(
                _: ::kr_runtime::__private::Arc<::kr_runtime::__private::Site>,
                _: ::kr_runtime::__private::Request,
            ) -> ::kr_runtime::__private::Answering {
                ::kr_runtime::__private::broken()
            }
        }

        #cfgs
        impl<KrHost: ::kr_runtime::Host> ::kr_runtime::__private::Route<KrHost> for #name {
            fn borrows(_: &KrHost) -> ::kr_runtime::__private::Vec<::kr_runtime::__private::Binding<'_>> {
                ::kr_runtime::__private::Vec::new()
            }
        }

        #imports
    }
}

/// The type of the handler's name. It has no value: it stands for the function where the router wants a type.
fn twin(function: &Function) -> TokenStream {
    let name = &function.signature.ident;
    let visibility = &function.visibility;
    let cfgs = function.cfgs();
    quote! {
        #cfgs
        #[doc(hidden)]
        #[allow(non_camel_case_types, clippy::empty_enums)]
        #visibility enum #name {}
    }
}

fn imports(function: &Function, consumed: &Consumed) -> TokenStream {
    if consumed.is_empty() {
        return TokenStream::new();
    }
    let cfgs = function.cfgs();
    quote! {
        #cfgs
        const _: () = {
            #(#[allow(unused_imports)] use #consumed as _;)*
        };
    }
}

fn meta(model: &Model) -> TokenStream {
    let handler = model.name.to_string();
    let method = &model.route.method;
    let method = Ident::new(&method.to_string(), Span::call_site());
    let path = &model.route.path;
    let keys = keys(model);
    let takes_locks = model.takes_locks();
    let locked = model.locked.as_ref();
    let wait = duration(locked.and_then(|locked| locked.timeout));
    let hold = duration(locked.and_then(|locked| locked.hold));
    quote! {
        ::kr_runtime::__private::Meta {
            handler: #handler,
            method: ::kr_runtime::__private::Method::#method,
            path: #path,
            locks: &[#(#keys),*],
            takes_locks: #takes_locks,
            wait: #wait,
            hold: #hold,
        }
    }
}

fn keys(model: &Model) -> &[Key] {
    model.locked.as_ref().map_or(&[], |locked| &locked.keys)
}

fn duration(duration: Option<Duration>) -> TokenStream {
    match duration.map(|duration| u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)) {
        Some(millis) => quote! {
            ::kr_runtime::__private::Some(::kr_runtime::__private::Duration::from_millis(#millis))
        },
        None => quote!(::kr_runtime::__private::None),
    }
}

/// The constants that the compiler evaluates to compare keys and states.
fn checks(model: &Model) -> Vec<TokenStream> {
    let handler = model.name.to_string();
    let states: Vec<_> = model.states().collect();
    let Some(locked) = &model.locked else {
        let unguarded = states.iter().map(|(state, exclusive)| {
            let verb = if *exclusive { "changes" } else { "reads" };
            quote_spanned! {state.span()=>
                const _: () = ::kr_runtime::__private::unguarded::<#state>(#handler, #verb);
            }
        });
        return unguarded.collect();
    };
    let keys = &locked.keys;
    let count = states.len();
    let mut checks = Vec::new();
    checks.extend(states.iter().map(|(state, _)| {
        // One key is to blame for a mismatch; of several, none is more to blame than the state that lacks its own.
        let at = match keys.as_slice() {
            [key] if count == 1 => key.span(),
            _ => state.span(),
        };
        quote_spanned! {at=>
            const _: () = ::kr_runtime::__private::guarded::<#state>(&::kr_runtime::__private::Locking {
                handler: #handler,
                keys: &[#(#keys),*],
                states: #count,
            });
        }
    }));
    let all: Vec<_> = states
        .iter()
        .map(|(state, _)| quote!(<#state as ::kr_runtime::SharedState>::LOCK))
        .collect();
    // With one state and one key the comparison above says it all.
    let idle = keys
        .iter()
        .filter(|_| !(locked.only || count == 1 && keys.len() == 1))
        .map(|key| {
            quote_spanned! {key.span()=>
                const _: () = ::kr_runtime::__private::guards_something(#handler, #key, &[#(#all),*]);
            }
        });
    checks.extend(idle);
    if keys.len() > 1 {
        checks.push(quote_spanned! {locked.span=>
            const _: () = ::kr_runtime::__private::different_keys(&[#(#keys),*]);
        });
    }
    checks.extend(states.iter().enumerate().flat_map(|(index, (one, _))| {
        states[index + 1..].iter().map(move |(other, _)| {
            quote_spanned! {other.span()=>
                const _: () = ::kr_runtime::__private::different_states::<#one, #other>();
            }
        })
    }));
    checks
}

/// The call of the pipeline that fits the handler.
///
/// Its tokens have the hygiene of the macro, so that no local of it can be taken for a handler of the same name.
fn answer(model: &Model) -> TokenStream {
    let here = Span::mixed_site();
    let call = Call::of(model);
    let Call {
        extract,
        extracted,
        borrow,
        arguments,
    } = &call;
    let name = &model.name;
    let awaited = model.asyncness.then(|| quote!(.await));
    let ran = quote_spanned! {here=>
        let output = #name(#(#arguments),*)#awaited;
        let commits = {
            use ::kr_runtime::__private::Commits as _;
            ::kr_runtime::__private::Judge(&output).commits()
        };
        ::kr_runtime::__private::ran(output, commits)
    };
    // This one points at the type that it has, so that the compiler does when the type is no response.
    let output = Ident::new(
        "output",
        match &model.output {
            ReturnType::Default => here,
            ReturnType::Type(_, ty) => ty.span(),
        },
    );
    let respond = respond(&model.output, &output);
    let pipeline = match (model.takes_locks(), model.asyncness) {
        (false, _) => quote_spanned! {here=>
            ::kr_runtime::__private::read(site, request, #extract, |#extracted, mut states| async move {
                #borrow
                let #output = #name(#(#arguments),*)#awaited;
                #respond
            })
        },
        (true, false) => quote_spanned! {here=>
            ::kr_runtime::__private::write(
                site,
                request,
                #extract,
                |#extracted, states| {
                    #borrow
                    #ran
                },
                |#output| #respond,
            )
        },
        (true, true) => quote_spanned! {here=>
            ::kr_runtime::__private::write_async(
                site,
                request,
                #extract,
                |#extracted, mut states| async move {
                    let ran = {
                        #borrow
                        #ran
                    };
                    (ran, states)
                },
                |#output| #respond,
            )
        },
    };
    quote_spanned! {here=>
        fn answer(
            site: ::kr_runtime::__private::Arc<::kr_runtime::__private::Site>,
            request: ::kr_runtime::__private::Request,
        ) -> ::kr_runtime::__private::Answering {
            ::kr_runtime::__private::Box::pin(#pipeline)
        }
    }
}

/// The pieces of a call.
struct Call {
    /// A closure from the request to the extracted arguments.
    extract: TokenStream,
    /// The pattern that takes them apart again.
    extracted: TokenStream,
    /// The lines that borrow the states.
    borrow: TokenStream,
    /// What the function is called with.
    arguments: Vec<Ident>,
}

impl Call {
    fn of(model: &Model) -> Self {
        let here = Span::mixed_site();
        let arguments: Vec<Ident> = (0..model.arguments.len())
            .map(|index| format_ident!("argument_{}", index, span = Span::mixed_site()))
            .collect();
        let each = || model.arguments.iter().zip(&arguments);
        let last_extractor = model
            .arguments
            .iter()
            .rposition(|argument| matches!(argument, Argument::Extractor { .. }));

        let mut steps = vec![captures(model, &arguments)];
        let mut body = TokenStream::new();
        for (index, (argument, name)) in each().enumerate() {
            let Argument::Extractor { ty } = argument else {
                continue;
            };
            if Some(index) == last_extractor {
                let request = quote_spanned! {here=>
                    ::kr_runtime::__private::Request::from_parts(parts, body)
                };
                body = quote_spanned! {ty.span()=>
                    let #name = ::kr_runtime::__private::whole::<#ty, _>(#request).await?;
                };
            } else {
                let parts = quote_spanned!(here=> &mut parts);
                // One place for all of it, so that the compiler complains once.
                steps.push(quote_spanned! {ty.span()=>
                    let #name = ::kr_runtime::__private::part::<#ty>(#parts).await?;
                });
            }
        }
        let names: Vec<_> = each()
            .filter(|(argument, _)| !matches!(argument, Argument::State { .. }))
            .map(|(_, name)| name)
            .collect();
        let extracted = quote!((#(#names,)*));
        let open = (!names.is_empty()).then(|| {
            quote_spanned! {here=>
                #[allow(unused_mut, unused_variables)]
                let (mut parts, body) = request.into_parts();
            }
        });
        let extract = quote_spanned! {here=>
            |request: ::kr_runtime::__private::Request| async move {
                #open
                #(#steps)*
                #body
                ::kr_runtime::__private::Ok::<_, ::kr_runtime::__private::Response>(#extracted)
            }
        };

        let lines = each().filter_map(|(argument, name)| match argument {
            Argument::State { state, exclusive } => {
                let how = if *exclusive {
                    quote!(write)
                } else {
                    quote!(read)
                };
                Some(quote_spanned!(here=> let #name = each.#how::<#state>();))
            }
            _ => None,
        });
        let borrow = quote_spanned! {here=>
            #[allow(unused_mut, unused_variables)]
            let mut each = states.each();
            #(#lines)*
        };
        Self {
            extract,
            extracted,
            borrow,
            arguments,
        }
    }
}

/// All captures that have an argument, in the order of the path, and each bound checked at its own type.
fn captures(model: &Model, names: &[Ident]) -> TokenStream {
    let used: Vec<_> = model
        .captures
        .iter()
        .filter_map(|capture| {
            let index = model.arguments.iter().position(
                |argument| matches!(argument, Argument::Capture { name, .. } if name == capture),
            )?;
            match &model.arguments[index] {
                Argument::Capture { ty, .. } => Some((capture, ty, &names[index])),
                _ => None,
            }
        })
        .collect();
    if used.is_empty() {
        return TokenStream::new();
    }
    let asserts = used
        .iter()
        .map(|(_, ty, _)| quote_spanned!(ty.span()=> ::kr_runtime::__private::capture::<#ty>();));
    let texts = used.iter().map(|(text, ..)| text);
    let types = used.iter().map(|(_, ty, _)| ty);
    let names = used.iter().map(|(.., name)| name);
    // A tuple of one is read like its only member by axum, which also words its errors for one.
    let (types, names) = if used.len() == 1 {
        (quote!(#(#types)*), quote!(#(#names)*))
    } else {
        (quote!((#(#types),*)), quote!((#(#names),*)))
    };
    quote_spanned! {Span::mixed_site()=>
        #(#asserts)*
        let #names = ::kr_runtime::__private::captures::<#types>(&mut parts, &[#(#texts),*]).await?;
    }
}

/// Turns the output into the response, with each bound checked at the type that has to satisfy it.
fn respond(returns: &ReturnType, output: &Ident) -> TokenStream {
    let ReturnType::Type(_, ty) = returns else {
        return quote!(::kr_runtime::__private::respond(#output));
    };
    let at = |ty: &Type| Ident::new("output", ty.span());
    let Some((good, bad)) = result_of(ty) else {
        return quote_spanned!(ty.span()=> ::kr_runtime::__private::respond(#output));
    };
    let (good_output, bad_output) = (at(good), at(bad));
    let good = quote_spanned!(good.span()=> ::kr_runtime::__private::respond(#good_output));
    let bad = quote_spanned!(bad.span()=> ::kr_runtime::__private::respond_error(#bad_output));
    quote! {
        match #output {
            ::kr_runtime::__private::Ok(#good_output) => #good,
            ::kr_runtime::__private::Err(#bad_output) => #bad,
        }
    }
}

/// The two types of a `Result<_, _>` written out.
fn result_of(ty: &Type) -> Option<(&Type, &Type)> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last()?;
    if last.ident != "Result" {
        return None;
    }
    let PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return None;
    };
    let types: Vec<_> = arguments
        .args
        .iter()
        .filter_map(|argument| match argument {
            GenericArgument::Type(ty) => Some(ty),
            _ => None,
        })
        .collect();
    match types.as_slice() {
        [good, bad] => Some((*good, *bad)),
        _ => None,
    }
}
