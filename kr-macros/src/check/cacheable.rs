//! `#[kr_route(get, "/path", cached)]`: the answer depends on the states alone, as far as the signature tells.

use crate::check::handler::Model;
use crate::parse::arguments::Argument;
use crate::syntax::diagnostic::{Mistake, Sink};
use crate::syntax::types::quote_type;
use proc_macro2::TokenStream;
use quote::quote_spanned;
use syn::spanned::Spanned;

/// Notes what speaks against it.
pub(crate) fn check(model: &Model, sink: &mut Sink) {
    let Some(word) = &model.route.cached else {
        return;
    };
    let name = model.handler();
    let mut cannot = |why: &str, help: &str| {
        let what = format!("the answer of `{name}` cannot be cached: {why}");
        sink.push(word, Mistake::new("KR0023", what).help(help));
    };
    if model.route.method != "Get" {
        let method = model.route.method.to_string().to_lowercase();
        let why = format!("the function of a `{method}` route runs for each request");
        cannot(&why, "remove `cached`, or write `get`");
    } else if model.asyncness {
        let why = "what it awaits may be another thing each time";
        cannot(why, "remove `async`, or remove `cached`");
    } else if let Some(other) = model.arguments.iter().find_map(unsettled) {
        let help = "remove `cached`; with arguments `&S` alone, the answer depends on nothing else";
        cannot(&other, help);
    } else if model.takes_locks() {
        let why = "it takes its lock each time";
        cannot(why, "remove `only`, or remove `cached`");
    } else if model.states().next().is_none() {
        let why = "there is no commit that would tell when it is out of date";
        cannot(why, "remove `cached`, or borrow a state: `state: &S`");
    }
}

/// What is to be said of an argument that is no committed value.
fn unsettled(argument: &Argument) -> Option<String> {
    match argument {
        Argument::State { exclusive, state } => {
            exclusive.then(|| format!("it changes `{}`", quote_type(state)))
        }
        Argument::Capture { name, .. } => Some(format!("it depends on `{name}` of the path")),
        Argument::Counter { name, .. } => Some(format!(
            "it depends on counter `{name}`, which changes without a commit"
        )),
        Argument::Extractor { ty } => {
            let ty = quote_type(ty);
            Some(format!("it depends on the request, by `{ty}`"))
        }
    }
}

/// Constants that ask whether the states change by commits alone, which their types tell.
pub(crate) fn checks(model: &Model) -> Vec<TokenStream> {
    let states = model.states().filter(|_| model.route.cached.is_some());
    let settled = states.map(|(state, _)| {
        quote_spanned! {state.span()=>
            const _: () = ::kr_runtime::__private::settled::<#state>();
        }
    });
    settled.collect()
}
