//! A function item, parsed up to its signature. The body stays tokens, so that the compiler alone judges it.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Signature, Visibility};

pub(crate) struct Function {
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) visibility: Visibility,
    pub(crate) signature: Signature,
    pub(crate) body: TokenStream,
}

impl Parse for Function {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        Ok(Self {
            attributes: input.call(Attribute::parse_outer)?,
            visibility: input.parse()?,
            signature: input.parse()?,
            body: input.parse()?,
        })
    }
}

impl ToTokens for Function {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let Self {
            attributes,
            visibility,
            signature,
            body,
        } = self;
        tokens.extend(quote!(#(#attributes)* #visibility #signature #body));
    }
}

impl Function {
    /// Removes the attributes of that name and returns them.
    pub(crate) fn take_attributes(&mut self, name: &str) -> Vec<Attribute> {
        let (taken, kept) = std::mem::take(&mut self.attributes)
            .into_iter()
            .partition(|attribute| is_named(attribute, name));
        self.attributes = kept;
        taken
    }

    /// Whether the function has a body. A declaration in a trait may have none.
    pub(crate) fn has_body(&self) -> bool {
        let mut body = self.body.clone().into_iter();
        matches!(body.next(), Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace)
    }

    /// The function's `#[cfg]`s. The generated items repeat them.
    pub(crate) fn cfgs(&self) -> TokenStream {
        self.attributes
            .iter()
            .filter(|attribute| attribute.path().is_ident("cfg"))
            .map(ToTokens::to_token_stream)
            .collect()
    }
}

/// Whether an attribute is written `#[name…]` or `#[some::path::name…]`.
pub(crate) fn is_named(attribute: &Attribute, name: &str) -> bool {
    attribute
        .path()
        .segments
        .last()
        .is_some_and(|segment| segment.ident == name)
}
