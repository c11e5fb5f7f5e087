//! What generated code says of one handler.

use super::type_schema::TypeSchema;
use serde_json::Value;
use std::collections::BTreeSet;

/// What a handler says of its requests and responses.
#[derive(Debug, Default)]
pub struct Description {
    /// The lines of its doc comment.
    pub(crate) docs: &'static [&'static str],
    pub(crate) tags: &'static [&'static str],
    pub(crate) example: Option<Value>,
    /// What the function names behind `StatusCode::` and `Problem::`.
    pub(crate) statuses: &'static [&'static str],
    pub(crate) properties: &'static [Property],
    /// The locks of the states whose instances it lists.
    pub(crate) listed: &'static [&'static str],
    /// The captures of the path by their names.
    pub(crate) captures: Vec<(&'static str, TypeSchema)>,
    /// Types whose fields are captures.
    pub(crate) capture_structs: Vec<TypeSchema>,
    pub(crate) queries: Vec<TypeSchema>,
    /// Headers that extractors read, and what they are.
    pub(crate) headers: Vec<(&'static str, &'static str)>,
    pub(crate) body: Option<Body>,
    /// The statuses with which extractors reject a request.
    pub(crate) rejections: BTreeSet<u16>,
    /// Whether an extractor may reject with anything.
    pub(crate) rejects_otherwise: bool,
    pub(crate) responses: Vec<Response>,
    /// Extractors and responses of which nothing is known, by the names of their types.
    pub(crate) unknown: Vec<&'static str>,
    /// How often `Result` is around what is described now, so that the handler is told why something is rejected.
    unrejected: u32,
    is_optional: bool,
}

/// What the attributes of a handler add.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Property {
    Borrows,
    Cached,
    Idempotent,
    Live,
    Tagged,
}

/// The body of a request.
#[derive(Debug)]
pub(crate) struct Body {
    pub(crate) content: Content,
    pub(crate) is_required: bool,
}

/// What a body consists of.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Content {
    /// A value in this format.
    Value(&'static str, TypeSchema),
    Text(&'static str),
    /// Bytes in this format, or in any.
    Bytes(&'static str),
}

/// What a handler may respond with.
#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) place: Place,
    pub(crate) status: Status,
    /// `None` if there is no body.
    pub(crate) content: Option<Content>,
}

/// What is known of the status of a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    Exactly(u16),
    /// One of those that the function names.
    Named,
    Redirect,
    /// That of a `Problem`.
    Problem,
    Any,
}

/// Where in the output of a handler a type stands.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    /// In the `Err` of a `Result`.
    pub(crate) is_error: bool,
    /// Beside a status.
    pub(crate) has_status: bool,
    /// Beside headers, which may change the type of the content.
    pub(crate) has_headers: bool,
}

impl Place {
    /// For generated code.
    #[must_use]
    pub const fn new(is_error: bool, has_status: bool, has_headers: bool) -> Self {
        Self {
            is_error,
            has_status,
            has_headers,
        }
    }
}

/// A type, and how it is described, if that is known.
#[derive(Debug, Clone, Copy)]
pub struct KnownType<F> {
    pub(super) name: fn() -> &'static str,
    pub(super) describe: Option<F>,
}

// What generated code calls.
impl Description {
    /// The lines of the doc comment.
    pub fn docs(&mut self, docs: &'static [&'static str]) {
        self.docs = docs;
    }

    /// The tags of the route.
    pub fn tags(&mut self, tags: &'static [&'static str]) {
        self.tags = tags;
    }

    /// An example of the body.
    pub fn example(&mut self, example: Value) {
        self.example = Some(example);
    }

    /// What the function names behind `StatusCode::` and `Problem::`.
    pub fn statuses(&mut self, statuses: &'static [&'static str]) {
        self.statuses = statuses;
    }

    /// What the attributes add.
    pub fn properties(&mut self, properties: &'static [Property]) {
        self.properties = properties;
    }

    /// The locks of the states whose instances it lists.
    pub fn lists(&mut self, locks: &'static [&'static str]) {
        self.listed = locks;
    }

    /// A capture of the path.
    pub fn capture(&mut self, name: &'static str, schema: TypeSchema) {
        self.rejects([400]);
        self.captures.push((name, schema));
    }

    /// All captures in one type.
    pub fn captures(&mut self, names: &'static [&'static str], schema: TypeSchema) {
        match names {
            [name] => self.capture(name, schema),
            _ => {
                self.rejects([400]);
                self.capture_structs.push(schema);
            }
        }
    }

    /// A query.
    pub fn query(&mut self, schema: TypeSchema) {
        self.rejects([400]);
        self.queries.push(schema);
    }

    /// A body of JSON.
    pub fn json(&mut self, schema: TypeSchema) {
        self.rejects([400, 415]);
        self.body(Content::Value("application/json", schema));
    }

    /// A form.
    pub fn form(&mut self, schema: TypeSchema) {
        self.rejects([400, 415, 422]);
        self.body(Content::Value("application/x-www-form-urlencoded", schema));
    }

    /// An extractor of the user's, or a known one. `reads_body` says whether it may.
    pub fn extractor(&mut self, extractor: KnownType<fn(&mut Self)>, reads_body: bool) {
        match extractor.describe {
            Some(describe) => describe(self),
            None => {
                self.rejects_otherwise |= self.unrejected == 0;
                self.unknown.push((extractor.name)());
                if reads_body {
                    self.optional(|it| it.body(Content::Bytes("*/*")));
                }
            }
        }
    }

    /// What need not be there.
    pub fn optional(&mut self, describe: impl FnOnce(&mut Self)) {
        let before = std::mem::replace(&mut self.is_optional, true);
        describe(self);
        self.is_optional = before;
    }

    /// What does not reject the request.
    pub fn unrejected(&mut self, describe: impl FnOnce(&mut Self)) {
        self.unrejected += 1;
        self.optional(describe);
        self.unrejected -= 1;
    }

    /// No output.
    pub fn nothing(&mut self) {
        let place = Place::new(false, false, false);
        self.respond(place, Status::Exactly(200), None);
    }

    /// Output of which nothing is known.
    pub fn anything(&mut self, place: Place) {
        self.respond(place, Status::Any, Some(Content::Bytes("*/*")));
    }

    /// Output as JSON.
    pub fn responds_json(&mut self, place: Place, schema: TypeSchema) {
        let json = Content::Value("application/json", schema);
        self.respond(place, Status::Exactly(200), Some(json));
    }

    /// Output of the user's, or a known one.
    pub fn responds(&mut self, place: Place, output: KnownType<fn(Place, &mut Self)>) {
        match output.describe {
            Some(describe) => describe(place, self),
            None => {
                self.unknown.push((output.name)());
                self.anything(place);
            }
        }
    }
}

impl Description {
    /// A body; generated code says whether it may be left out.
    pub(super) fn body(&mut self, content: Content) {
        self.body = Some(Body {
            content,
            is_required: !self.is_optional,
        });
    }

    pub(super) fn rejects<const N: usize>(&mut self, statuses: [u16; N]) {
        if self.unrejected == 0 {
            self.rejections.extend(statuses);
        }
    }

    pub(super) fn respond(&mut self, place: Place, status: Status, content: Option<Content>) {
        let status = match status {
            Status::Exactly(_) if place.has_status => Status::Named,
            status => status,
        };
        self.responses.push(Response {
            place,
            status,
            content,
        });
    }

    pub(crate) fn has(&self, asked: Property) -> bool {
        self.properties.contains(&asked)
    }
}
