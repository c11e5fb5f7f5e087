//! The statuses that a function names. A signature such as `(StatusCode, Json<T>)` does not tell which one it is; the function
//! does, where it writes `StatusCode::CREATED` or `Problem::not_found(…)`.

use proc_macro2::{TokenStream, TokenTree};

/// The words behind `StatusCode::` and `Problem::`, in order and without repetition.
pub(crate) fn named_statuses(body: &TokenStream) -> Vec<String> {
    let mut found = Vec::new();
    search(body.clone(), &mut found);
    found.sort();
    found.dedup();
    found
}

fn search(tokens: TokenStream, found: &mut Vec<String>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    for token in &tokens {
        if let TokenTree::Group(group) = token {
            search(group.stream(), found);
        }
    }
    for window in tokens.windows(4) {
        if let [
            TokenTree::Ident(ty),
            TokenTree::Punct(first),
            TokenTree::Punct(second),
            TokenTree::Ident(word),
        ] = window
            && (ty == "StatusCode" || ty == "Problem")
            && first.as_char() == ':'
            && second.as_char() == ':'
        {
            found.push(word.to_string());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::named_statuses;
    use quote::quote;

    #[test]
    fn statuses_are_found_anywhere_in_a_function() {
        let body = quote!({
            if full {
                return Err(Problem::conflict("full"));
            }
            match http::StatusCode::CREATED {
                created => (created, other::status(), StatusCode::CREATED),
            }
        });
        assert_eq!(named_statuses(&body), ["CREATED", "conflict"]);
    }
}
