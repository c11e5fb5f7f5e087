//! Finds out what is known of a type: an inherent constant wins over a trait's. So nothing is asked of the types of a user.

use super::operation::{Description, KnownType, Place};
use super::own::{DescribeRequest, DescribeResponse, RequestParts, Responses};
use super::type_schema::TypeSchema;
use schemars::JsonSchema;
use std::any::type_name;
use std::marker::PhantomData;

/// Finds out what is known of a type.
pub struct Described<T: ?Sized>(PhantomData<T>);

impl<T: JsonSchema + ?Sized> Described<T> {
    /// Its schema.
    pub const SCHEMA: TypeSchema = TypeSchema::of::<T>();
}

/// The answer for types without a schema.
pub trait NoSchema {
    /// Its name.
    const SCHEMA: TypeSchema;
}

impl<T: ?Sized> NoSchema for Described<T> {
    const SCHEMA: TypeSchema = TypeSchema::without::<T>();
}

impl<T: DescribeRequest> Described<T> {
    /// What it takes of a request.
    pub const REQUEST: KnownType<fn(&mut Description)> = KnownType {
        name: type_name::<T>,
        describe: Some(|to| T::describe(&mut RequestParts(to))),
    };
}

/// The answer for extractors that say nothing.
pub trait NoRequest {
    /// Its name.
    const REQUEST: KnownType<fn(&mut Description)>;
}

impl<T: ?Sized> NoRequest for Described<T> {
    const REQUEST: KnownType<fn(&mut Description)> = KnownType {
        name: type_name::<T>,
        describe: None,
    };
}

impl<T: DescribeResponse> Described<T> {
    /// What response it becomes.
    pub const RESPONSE: KnownType<fn(Place, &mut Description)> = KnownType {
        name: type_name::<T>,
        describe: Some(|place, to| T::describe(&mut Responses { place, to })),
    };
}

/// The answer for output that says nothing.
pub trait NoResponse {
    /// Its name.
    const RESPONSE: KnownType<fn(Place, &mut Description)>;
}

impl<T: ?Sized> NoResponse for Described<T> {
    const RESPONSE: KnownType<fn(Place, &mut Description)> = KnownType {
        name: type_name::<T>,
        describe: None,
    };
}
