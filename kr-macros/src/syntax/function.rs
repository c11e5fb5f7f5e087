//! A function, read as far as its signature: the body stays the tokens that it is, so that the compiler alone judges it.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::parse::{Parse, ParseStream, Parser};
use syn::{Attribute, Signature, Visibility};

/// A function item.
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
    /// Takes the attributes of that name away and returns them.
    pub(crate) fn take_attributes(&mut self, name: &str) -> Vec<Attribute> {
        let (taken, kept) = std::mem::take(&mut self.attributes)
            .into_iter()
            .partition(|attribute| is_named(attribute, name));
        self.attributes = kept;
        taken
    }

    /// Whether it has a body, which a declaration in a trait need not have.
    pub(crate) fn has_body(&self) -> bool {
        let mut body = self.body.clone().into_iter();
        matches!(body.next(), Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace)
    }

    /// The `#[cfg]`s, which what is generated beside the function has to share.
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

/// An item without kr's attributes, for when it is no function: reporting a mistake must not make the item disappear.
pub(crate) fn without_attributes(item: &TokenStream) -> TokenStream {
    let strip = |input: ParseStream<'_>| {
        let attributes = input.call(Attribute::parse_outer)?;
        let rest: TokenStream = input.parse()?;
        let kept = attributes
            .into_iter()
            .filter(|attribute| !is_named(attribute, "locked") && !is_named(attribute, "kr_route"));
        Ok(quote!(#(#kept)* #rest))
    };
    strip.parse2(item.clone()).unwrap_or_else(|_| item.clone())
}

/// Whether an item that could not be read is a function all the same.
pub(crate) fn is_function(item: &TokenStream) -> bool {
    item.clone()
        .into_iter()
        .any(|token| matches!(token, TokenTree::Ident(word) if word == "fn"))
}
