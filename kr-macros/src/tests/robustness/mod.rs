//! No input makes a macro panic or lose a function: editors expand items that are half typed.

mod corpus;
mod mutate;

use crate::macros::{host, kr_route::kr_route, lock_key, locked::locked, shared_state};
use crate::syntax::function::Function;
use corpus::Sample;
use mutate::{Rng, mutate};
use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use std::str::FromStr;

/// How many mutated samples each of the tests below expands.
const CASES: usize = 25_000;

fn expand_all(Sample { arguments, item }: &Sample) -> [TokenStream; 2] {
    drop(shared_state::derive(item.clone()));
    drop(host::derive(item.clone()));
    drop(lock_key::derive(item.clone()));
    [
        kr_route(arguments.clone(), item.clone()),
        locked(arguments.clone(), item.clone()),
    ]
}

fn expand_and_compare(sample: &Sample) {
    let item = &sample.item;
    for expanded in expand_all(sample) {
        assert!(
            contains_function(&expanded, item),
            "{item}\n\nbecame\n\n{expanded}"
        );
    }
}

/// Whether the expansion contains the function, token by token, without its attributes.
fn contains_function(expanded: &TokenStream, item: &TokenStream) -> bool {
    let Ok(Function {
        visibility,
        signature,
        body,
        ..
    }) = syn::parse2(item.clone())
    else {
        return true;
    };
    let function = quote!(#visibility #signature #body).to_string();
    expanded.to_string().contains(&function)
}

fn expand_mutated(seed: u64) {
    let samples = corpus::samples();
    let mut rng = Rng::seeded(seed);
    for case in 0..CASES {
        let arguments = &samples[rng.below(samples.len())].arguments;
        let sample = &samples[rng.below(samples.len())];
        // Mostly the arguments that belong to the item.
        let arguments = if rng.below(4) == 0 {
            arguments
        } else {
            &sample.arguments
        };
        let sample = Sample {
            arguments: mutate(arguments.clone(), &mut rng),
            item: mutate(sample.item.clone(), &mut rng),
        };
        // The comparison takes longer than the expansion.
        if case % 8 == 0 {
            expand_and_compare(&sample);
        } else {
            drop(expand_all(&sample));
        }
    }
}

#[test]
fn no_sample_makes_a_macro_panic() {
    let samples = corpus::samples();
    assert!(samples.len() > 400, "found only {}", samples.len());
    samples.iter().for_each(expand_and_compare);
}

// A hundred thousand cases in all, in four tests, so that they run in parallel.

#[test]
fn mutated_samples_make_no_macro_panic_1() {
    expand_mutated(0x2545_F491_4F6C_DD1D);
}

#[test]
fn mutated_samples_make_no_macro_panic_2() {
    expand_mutated(0x9E37_79B9_7F4A_7C15);
}

#[test]
fn mutated_samples_make_no_macro_panic_3() {
    expand_mutated(0xD1B5_4A32_D192_ED03);
}

#[test]
fn mutated_samples_make_no_macro_panic_4() {
    expand_mutated(0x8538_ECB5_BD45_6EA3);
}

#[test]
fn half_typed_items_stay_as_they_are_and_are_left_to_the_compiler() {
    for item in [
        "fn",
        "fn visit",
        "fn visit(state: &mut )",
        "fn visit(state: &mut) {}",
        "fn visit(state: ) {}",
        "fn visit(state) {}",
        "fn visit(state: &mut AppState, ) ->",
        "fn visit(state: &mut AppState, ) -> {}",
        "fn visit(state: &mut AppState,, id: u64) {}",
        "pub(crate fn visit() {}",
    ] {
        // Without a closing bracket it is no token stream, and never reaches a macro.
        let Ok(item) = TokenStream::from_str(item) else {
            continue;
        };
        for (expanded, name) in [
            (kr_route(quote!(get, "/"), item.clone()), "kr_route"),
            (
                locked(quote!("a"), quote!(#[kr_route(get, "/")] #item)),
                "locked",
            ),
            (
                kr_route(quote!(get, "/"), quote!(#[locked("a")] #item)),
                "both",
            ),
        ] {
            let text = expanded.to_string();
            assert!(!text.contains("compile_error"), "{name}: {item}: {text}");
            assert!(
                text.starts_with(&item.to_string()),
                "{name}: {item}: {text}"
            );
        }
    }
    for item in [
        "struct",
        "struct Site {",
        "struct Site { a }",
        "struct Site { a: , }",
        "struct Site { a: Shared< }",
    ] {
        let Ok(item) = TokenStream::from_str(item) else {
            continue;
        };
        let expanded = [
            shared_state::derive(item.to_token_stream()),
            host::derive(item),
        ];
        for text in expanded.map(|expanded| expanded.to_string()) {
            assert!(!text.contains("compile_error"), "{text}");
            assert!(text.contains("kr cannot parse this"), "{text}");
        }
    }
}
