//! PowerShell's rules for which element may be inside which.

use super::builder::{Builder, Expected, Frame};
use super::start_tag::Tag;
use super::tape::Span;
use crate::clixml::base::error::Error;
use crate::clixml::base::format::NAMESPACE;
use crate::clixml::base::truncate::truncate;
use crate::clixml::element::kind::Kind;

impl<'de> Builder<'de, '_> {
    pub(crate) fn open(
        &mut self,
        content: &'de str,
        offset: usize,
        end: usize,
        empty: bool,
    ) -> Result<(), Error> {
        // Each level of values takes up to three elements: object, container and entry.
        if self.frames.len() > 4 * self.options.max_depth + 8 {
            return Err(self.too_deep(offset));
        }
        let declarations = self.namespaces.len();
        let tag = Tag::parse(content, offset, &mut self.namespaces)?;
        let Some((expected, level)) = self.accept(&tag, offset, end)? else {
            return Err(Error::clixml(offset, self.describe_unexpected(&tag)));
        };
        if level {
            self.depth += 1;
            if self.depth > self.options.max_depth {
                return Err(self.too_deep(offset));
            }
        }
        let node = self.nodes.len() as u32 - 1;
        self.frames.push(Frame {
            expected,
            node,
            level,
            declarations,
        });
        if empty { self.close(end) } else { Ok(()) }
    }

    fn too_deep(&self, offset: usize) -> Error {
        Error::limit(
            offset,
            format!("values nest deeper than {} levels", self.options.max_depth),
        )
    }

    fn describe_unexpected(&self, tag: &Tag<'_>) -> String {
        let name = truncate(tag.local);
        match self.frames.last().map(|frame| frame.expected) {
            None if self.done => "a document has one root element, found a second one".into(),
            None if tag.local == "Objs" => format!(
                "the root element `<Objs>` is not in PowerShell's namespace; write `xmlns=\"{NAMESPACE}\"`"
            ),
            None => format!(
                "expected the root element `<Objs>` in PowerShell's namespace, found `<{name}>`"
            ),
            Some(Expected::Dictionary) => {
                format!("expected an entry `<En>` of a dictionary, found `<{name}>`")
            }
            Some(Expected::TypeNames) => format!("expected a type's name `<T>`, found `<{name}>`"),
            Some(Expected::Leaf(_)) => format!("expected text only, found the element `<{name}>`"),
            Some(Expected::Entry(2..)) => {
                format!("a dictionary's entry is a key and a value, found `<{name}>` as well")
            }
            Some(Expected::Progress(_)) => {
                format!("`<{name}>` is not the next part of a progress record")
            }
            Some(Expected::Object) => format!("`<{name}>` is no part of an object"),
            _ => format!("expected a value, found `<{name}>`"),
        }
    }

    /// Adds an element to the tape. Returns what may be inside it, and whether it counts as a level of depth.
    fn accept(
        &mut self,
        tag: &Tag<'de>,
        offset: usize,
        end: usize,
    ) -> Result<Option<(Expected, bool)>, Error> {
        let kind = tag
            .kind
            .filter(|kind| tag.powershell || !kind.needs_namespace());
        let Some(frame) = self.frames.last_mut() else {
            if self.done || kind != Some(Kind::Objs) {
                return Ok(None);
            }
            self.lenient = tag.check_version(offset)?;
            self.push(Kind::Objs, tag, offset)?;
            return Ok(Some((Expected::Document, false)));
        };
        match frame.expected {
            Expected::Ignored => {
                self.push(Kind::Nil, tag, offset)?.flags = 0;
                Ok(Some((Expected::Ignored, false)))
            }
            Expected::Document => {
                let accepted = self.accept_value(kind, tag, offset, end, true)?;
                if accepted.is_some()
                    && let Some((stream, start)) = tag.stream
                {
                    let node = self.nodes.len() as u32 - 1;
                    self.streams
                        .push((node, Span::new(start, start + stream.len())));
                }
                Ok(accepted)
            }
            Expected::Items => self.accept_value(kind, tag, offset, end, true),
            Expected::PropertySet => {
                let named_set = self.nodes[frame.node as usize].kind == Kind::Members
                    && kind == Some(Kind::Members);
                match tag.name {
                    Some(name) if !name.is_empty() => {}
                    _ if kind.is_some_and(Kind::is_value) || named_set => {
                        return Err(Error::clixml(
                            offset,
                            "a member needs a name; write `N=\"…\"`",
                        ));
                    }
                    _ => {}
                }
                if named_set {
                    self.push(Kind::Members, tag, offset)?;
                    return Ok(Some((Expected::PropertySet, true)));
                }
                self.accept_value(kind, tag, offset, end, true)
            }
            Expected::Dictionary if kind == Some(Kind::Entry) => {
                self.push(Kind::Entry, tag, offset)?;
                Ok(Some((Expected::Entry(0), false)))
            }
            Expected::Entry(step @ (0 | 1)) => {
                let role = if step == 0 { "Key" } else { "Value" };
                if !tag.name.is_some_and(|name| name.eq_ignore_ascii_case(role)) {
                    let message = format!(
                        "expected the {} of a dictionary's entry, with `N=\"{role}\"`",
                        role.to_lowercase()
                    );
                    return Err(Error::clixml(offset, message));
                }
                if step == 0 && kind == Some(Kind::Nil) {
                    return Err(Error::clixml(offset, "a dictionary's key cannot be null"));
                }
                frame.expected = Expected::Entry(step + 1);
                self.accept_value(kind, tag, offset, end, true)
            }
            Expected::Object => self.accept_part(kind, tag, offset, end),
            Expected::TypeNames if kind == Some(Kind::TypeName) => {
                self.accept_leaf(Kind::TypeName, tag, offset, end, false)
            }
            Expected::Progress(step) => {
                let kind = match (step, tag.local) {
                    (0, "AV") | (5, "T") | (7, "SD") | (2, "S") => Kind::String,
                    (1, "AI") | (3, "PI") | (4, "PC") | (6, "SR") => Kind::I32,
                    (2, "Nil") => Kind::Nil,
                    _ => return Ok(None),
                };
                frame.expected = Expected::Progress(step + 1);
                self.accept_value(Some(kind), tag, offset, end, false)
            }
            _ => Ok(None),
        }
    }

    fn accept_value(
        &mut self,
        kind: Option<Kind>,
        tag: &Tag<'de>,
        offset: usize,
        end: usize,
        level: bool,
    ) -> Result<Option<(Expected, bool)>, Error> {
        match kind {
            Some(Kind::Nil) => {
                self.push(Kind::Nil, tag, offset)?;
                Ok(Some((Expected::Ignored, level)))
            }
            Some(Kind::Ref) => {
                let id = tag.ref_id(offset)?;
                let target = self.objects.get(&id);
                let target = target.ok_or_else(|| {
                    let message = format!(
                        "no object with the id `{}` stands before this reference",
                        truncate(&id)
                    );
                    Error::clixml(offset, message)
                })?;
                self.push(Kind::Ref, tag, offset)?.text.start = target;
                Ok(Some((Expected::Ignored, level)))
            }
            Some(Kind::Obj) => {
                self.push(Kind::Obj, tag, offset)?;
                if let Some(id) = tag.id() {
                    self.objects.insert(id, self.nodes.len() as u32 - 1);
                }
                Ok(Some((Expected::Object, level)))
            }
            Some(Kind::Progress) => {
                self.push(Kind::Progress, tag, offset)?;
                Ok(Some((Expected::Progress(0), level)))
            }
            Some(kind) if kind.is_primitive() => self.accept_leaf(kind, tag, offset, end, level),
            _ => Ok(None),
        }
    }

    fn accept_leaf(
        &mut self,
        kind: Kind,
        tag: &Tag<'de>,
        offset: usize,
        end: usize,
        level: bool,
    ) -> Result<Option<(Expected, bool)>, Error> {
        self.push(kind, tag, offset)?;
        self.raw = false;
        Ok(Some((Expected::Leaf(end), level)))
    }

    /// A part of an object: its type, its text, its members, or what it wraps.
    fn accept_part(
        &mut self,
        kind: Option<Kind>,
        tag: &Tag<'de>,
        offset: usize,
        end: usize,
    ) -> Result<Option<(Expected, bool)>, Error> {
        let expected = match kind {
            Some(Kind::TypeNames) => Expected::TypeNames,
            Some(Kind::TypeNamesRef) => {
                let id = tag.ref_id(offset)?;
                let target = self.types.get(&id);
                let target = target.ok_or_else(|| {
                    let message = format!(
                        "no type names with the id `{}` stand before this reference",
                        truncate(&id)
                    );
                    Error::clixml(offset, message)
                })?;
                self.push(Kind::TypeNamesRef, tag, offset)?.text.start = target;
                return Ok(Some((Expected::Ignored, false)));
            }
            Some(Kind::ToString) => {
                return self.accept_leaf(Kind::ToString, tag, offset, end, false);
            }
            Some(Kind::Props | Kind::Members) => Expected::PropertySet,
            Some(Kind::Dictionary) => Expected::Dictionary,
            Some(kind) if kind.is_collection() => Expected::Items,
            Some(kind) if kind.is_primitive() => {
                return self.accept_value(Some(kind), tag, offset, end, false);
            }
            Some(Kind::Obj) => return self.accept_value(kind, tag, offset, end, true),
            _ if self.lenient => {
                self.push(Kind::Nil, tag, offset)?;
                return Ok(Some((Expected::Ignored, false)));
            }
            _ => return Ok(None),
        };
        let Some(kind) = kind else { return Ok(None) };
        self.push(kind, tag, offset)?;
        if let (Kind::TypeNames, Some(id)) = (kind, tag.id()) {
            self.types.insert(id, self.nodes.len() as u32 - 1);
        }
        Ok(Some((expected, false)))
    }
}
