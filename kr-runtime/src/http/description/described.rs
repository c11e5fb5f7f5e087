//! Finds out what is known of a type: an inherent constant wins over a trait's. So nothing is asked of the types of a user.

use super::operation::{Description, KnownType, Place};
use super::type_schema::TypeSchema;
use schemars::JsonSchema;
use std::any::type_name;
use std::marker::PhantomData;

/// Finds out what is known of a type.
pub struct Described<T: ?Sized>(PhantomData<T>);

/// An extractor that says what it takes of a request.
pub trait DescribeRequest {
    /// Adds it to the description of a handler.
    fn describe(to: &mut Description);
}

/// Output that says what response it becomes.
pub trait DescribeResponse {
    /// Adds it to the description of a handler.
    fn describe(place: Place, to: &mut Description);
}

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
        describe: Some(T::describe),
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
        describe: Some(T::describe),
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
