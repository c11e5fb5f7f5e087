//! Constants that the compiler evaluates to compare the keys of `#[locked]` with the locks of the states.

use crate::check::model::Model;
use crate::expand::probes::{declaration, is_extractor};
use crate::expand::{
    cacheable_checks, in_place_checks, listed_checks, optional_checks, revision_checks,
};
use crate::parse::key::Key;
use crate::parse::locked::LockedAttribute;
use proc_macro2::TokenStream;
use quote::quote_spanned;
use syn::spanned::Spanned;

/// One constant for each comparison, with the span to blame if it fails.
pub(crate) fn checks(model: &Model) -> Vec<TokenStream> {
    let Some(locked) = &model.locked else {
        let mut checks = without_locks(model);
        checks.extend(listed_checks::checks(model));
        checks.extend(revision_checks::checks(model));
        return checks;
    };
    let mut checks = cacheable_checks::checks(model);
    checks.extend(states_are_locked(model, locked));
    checks.extend(keys_are_valid(model, locked));
    checks.extend(states_are_distinct(model));
    checks.extend(optional_checks::checks(model));
    checks.extend(in_place_checks::check(model));
    checks.extend(listed_checks::checks(model));
    checks.extend(revision_checks::checks(model));
    checks
}

/// Without `#[locked]`, every borrowed state lacks its lock.
fn without_locks(model: &Model) -> Vec<TokenStream> {
    let handler = model.handler();
    let checks = model.states().map(|(state, exclusive)| {
        let verb = if exclusive { "changes" } else { "reads" };
        let declaration = declaration(state);
        quote_spanned! {state.span()=>
            ::kr_runtime::__private::lock_missing(&#declaration, #handler, #verb)
        }
    });
    checks.collect()
}

/// Each borrowed state has its lock among the keys.
fn states_are_locked(model: &Model, locked: &LockedAttribute) -> Vec<TokenStream> {
    let handler = model.handler();
    let unnamed = locked.unnamed();
    let count = model.states().count();
    let checks = model.named_states().map(|(state, name)| {
        let (keys, count, argument) = match locked.key_of(name) {
            Some((key, _)) => (vec![key], 1, name.unwrap_or_default()),
            None => (unnamed.clone(), count, ""),
        };
        // With one state and one key, the key is to blame. Otherwise it is the state, because no key is more to blame than
        // the others.
        let span = match keys.as_slice() {
            [key] if count == 1 => key.span(),
            _ => state.span(),
        };
        let declaration = declaration(state);
        quote_spanned! {span=>
            ::kr_runtime::__private::assert_lock_named(&#declaration, &::kr_runtime::__private::DeclaredLocks {
                handler: #handler,
                keys: &[#(#keys),*],
                states: #count,
                argument: #argument,
            })
        }
    });
    checks.collect()
}

/// Each key is a key, differs from those before it, and is the lock of a borrowed state.
fn keys_are_valid(model: &Model, locked: &LockedAttribute) -> Vec<TokenStream> {
    let handler = model.handler();
    let keys = &locked.keys;
    let is_single_pair = model.states().count() == 1 && keys.len() == 1;
    let is_constant = |key: &Key| matches!(key, Key::Path(_));
    let mut checks = Vec::new();
    for (index, key) in keys.iter().enumerate() {
        let earlier = &keys[..index];
        if is_constant(key) {
            checks.push(quote_spanned! {key.span()=>
                ::kr_runtime::__private::assert_constant_key(#key)
            });
        }
        // Literals are compared with each other by `parse`.
        if !earlier.is_empty() && keys[..=index].iter().any(is_constant) {
            checks.push(quote_spanned! {key.span()=>
                ::kr_runtime::__private::assert_lock_named_once(#key, &[#(#earlier),*])
            });
        }
        // With one state and one key, `states_are_locked` compares them.
        let is_named = !locked
            .unnamed()
            .iter()
            .any(|unnamed| std::ptr::eq(*unnamed, key));
        if !locked.exclusive && !is_single_pair && !is_named {
            let states = model.states().map(|(state, _)| {
                let declaration = declaration(state);
                quote_spanned!(state.span()=> ::kr_runtime::__private::or_host(
                    #declaration,
                    ::kr_runtime::__private::HostProbe::<#state>::IS_HOST,
                ))
            });
            // An argument that is no extractor was meant as a state, perhaps, and is reported itself.
            let unclear = model.extractors().map(is_extractor);
            checks.push(quote_spanned! {key.span()=>
                if true #(&& #unclear)* {
                    ::kr_runtime::__private::assert_lock_guards_state(#handler, #key, &[#(&#states),*])
                }
            });
        }
    }
    checks
}

/// No state is borrowed twice under two names.
fn states_are_distinct(model: &Model) -> Vec<TokenStream> {
    let handler = model.handler();
    let states: Vec<_> = model.named_states().collect();
    let mut checks = Vec::new();
    for (index, (state, name)) in states.iter().enumerate() {
        for (earlier, earlier_name) in &states[..index] {
            if model.are_two_instances(*name, *earlier_name) {
                continue;
            }
            let (one, other) = (declaration(state), declaration(earlier));
            checks.push(quote_spanned! {state.span()=>
                ::kr_runtime::__private::assert_borrowed_once(#handler, &#one, &#other)
            });
        }
    }
    checks
}
