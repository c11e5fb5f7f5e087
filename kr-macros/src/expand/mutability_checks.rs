//! Constants that check, by the types of a state's fields, whether something in the state is changed through `&`. The draft of
//! a state and its committed value would share that, so a roll-back would not undo the change.

use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::spans::{spanned_function, start_and_end};
use crate::syntax::types::{bare, inner_types, last_segment, quote_type};
use proc_macro2::TokenStream;
use quote::quote_spanned;
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Data, DeriveInput, Field, Type};

/// Types that hold others and change nothing themselves, and types that hold nothing. Not checking them saves the compiler
/// work; what they hold is checked.
const HARMLESS: [&str; 34] = [
    "Arc",
    "BTreeMap",
    "BTreeSet",
    "Box",
    "Cow",
    "Counter",
    "HashMap",
    "HashSet",
    "Option",
    "String",
    "Timestamp",
    "Uuid",
    "Vec",
    "VecDeque",
    "Weak",
    "bool",
    "char",
    "f32",
    "f64",
    "i8",
    "i16",
    "i32",
    "i64",
    "i128",
    "isize",
    "str",
    "u8",
    "u16",
    "u32",
    "u64",
    "u128",
    "usize",
    "Duration",
    "PhantomData",
];

/// Locks of any crate: those that kr does not know are judged by what auto traits tell.
const LOCKS: [&str; 4] = ["FairMutex", "Mutex", "ReentrantMutex", "RwLock"];

pub(crate) fn checks(input: &DeriveInput) -> Vec<TokenStream> {
    let fields: Vec<&Field> = match &input.data {
        Data::Struct(data) => data.fields.iter().collect(),
        Data::Enum(data) => data
            .variants
            .iter()
            .flat_map(|variant| &variant.fields)
            .collect(),
        Data::Union(_) => Vec::new(),
    };
    let state = input.ident.unraw().to_string();
    let mut checks = Vec::new();
    for field in fields {
        let mut suspects = Vec::new();
        collect(&field.ty, &mut suspects);
        checks.extend(
            suspects
                .into_iter()
                .map(|suspect| check(&state, field, suspect)),
        );
    }
    checks
}

/// The types in a field's type that may be changed through `&`.
fn collect<'t>(ty: &'t Type, suspects: &mut Vec<&'t Type>) {
    match bare(ty) {
        Type::Array(array) => collect(&array.elem, suspects),
        Type::Slice(slice) => collect(&slice.elem, suspects),
        Type::Reference(reference) => collect(&reference.elem, suspects),
        Type::Tuple(tuple) => tuple.elems.iter().for_each(|ty| collect(ty, suspects)),
        ty @ Type::Path(_) => {
            if last_segment(ty).is_some_and(|last| HARMLESS.iter().all(|name| last != name)) {
                suspects.push(ty);
            }
            // What a lock holds is no mistake of its own.
            if !is_lock(ty) {
                inner_types(ty)
                    .into_iter()
                    .for_each(|ty| collect(ty, suspects));
            }
        }
        _ => {}
    }
}

fn is_lock(ty: &Type) -> bool {
    last_segment(ty).is_some_and(|last| LOCKS.iter().any(|name| last == name))
}

fn check(state: &str, field: &Field, suspect: &Type) -> TokenStream {
    let of_field = match &field.ident {
        Some(name) => format!("field `{}`", name.unraw()),
        None => "a field".to_owned(),
    };
    let message = format!(
        "{of_field} of `{state}` is changed through `&`, so a request that fails keeps what it has changed there"
    );
    let message = Diagnostic::new("KR0508", message)
        .help(help(state, field))
        .text();
    // The name alone does not condemn a type of the user's own.
    let by_name = is_lock(suspect).then(|| {
        quote_spanned!(suspect.span()=> && ::kr_runtime::__private::MutabilityProbe::<#suspect>::IS_FROZEN)
    });
    let assert_holds = spanned_function(suspect, "assert_holds");
    let (_, end) = start_and_end(suspect);
    quote_spanned! {end=>
        #assert_holds(
                !::kr_runtime::__private::MutabilityProbe::<#suspect>::IS_KNOWN #by_name,
                #message,
        )
    }
}

fn help(state: &str, field: &Field) -> String {
    let plain = plain(&field.ty);
    let what = match (&field.ident, plain) {
        (Some(name), Some(plain)) => format!("write `{name}: {plain}`"),
        (None, Some(plain)) => format!("write `{plain}`"),
        (_, None) => "write the value itself, without the lock or the atomic type".to_owned(),
    };
    let mut help = format!("{what}, which handlers with `&mut {state}` change");
    if quote_type(&field.ty).contains("Atomic") {
        help.push_str("; or `Counter`, to count without a lock");
    }
    help
}

/// The type without its locks and atomics, as far as the names tell.
fn plain(ty: &Type) -> Option<String> {
    let ty = bare(ty);
    let last = last_segment(ty)?.to_string();
    if let Some(number) = last.strip_prefix("Atomic") {
        return Some(number.to_lowercase());
    }
    let inner = inner_types(ty);
    if is_lock(ty) {
        return inner.first().map(|inner| quote_type(inner));
    }
    match inner.as_slice() {
        [inner] if last == "Arc" || last == "Box" => plain(inner),
        [inner] => plain(inner).map(|inner| format!("{last}<{inner}>")),
        [key, value] => plain(value).map(|value| format!("{last}<{}, {value}>", quote_type(key))),
        _ => None,
    }
}
