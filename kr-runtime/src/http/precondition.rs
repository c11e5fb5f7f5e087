//! `If-Match` and `If-None-Match` of a request, as RFC 9110 has them in section 13.1.
//!
//! What protects a client from overwriting the changes of others must not be ignored because it is not understood. So a
//! malformed header is an error here, and `If-Unmodified-Since` as well: kr has no times to compare it with.

use super::problem::Problem;
use axum::http::header::{self, HeaderMap, HeaderName};
use axum::http::{HeaderValue, Method, StatusCode};

/// The conditions of a request.
#[derive(Default)]
pub(super) struct Preconditions {
    if_match: Option<Condition>,
    if_none_match: Option<Condition>,
}

enum Condition {
    /// `*`: whatever is there.
    Any,
    Tags(Vec<Tag>),
}

struct Tag {
    is_weak: bool,
    /// In quotes.
    opaque: Box<[u8]>,
}

impl Preconditions {
    /// Those of a request. The error is for malformed and unsupported ones.
    pub(super) fn of(method: &Method, headers: &HeaderMap) -> Result<Self, Problem> {
        let if_none_match = condition(headers, &header::IF_NONE_MATCH);
        let conditions = Self {
            if_match: condition(headers, &header::IF_MATCH)?,
            if_none_match: match method.is_safe() {
                // It only saves a client that reads what it has already.
                true => if_none_match.unwrap_or_default(),
                false => if_none_match?,
            },
        };
        let is_dated = headers.contains_key(header::IF_UNMODIFIED_SINCE);
        if is_dated && conditions.if_match.is_none() && !method.is_safe() {
            return Err(Problem::bad_request(
                "`If-Unmodified-Since` is not supported; send the `ETag` in `If-Match`",
            ));
        }
        Ok(conditions)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.if_match.is_none() && self.if_none_match.is_none()
    }

    /// Whether a change may be made to what has this tag; `None` if there is nothing.
    pub(super) fn admit_change(&self, current: Option<&HeaderValue>) -> Result<(), Problem> {
        self.admit(current)?;
        match &self.if_none_match {
            Some(Condition::Any) if current.is_some() => Err(failed(
                "it is there already, and `If-None-Match: *` asks for what is not",
            )),
            Some(condition) if condition.is_weakly(current) => Err(failed(
                "it is still in the state that `If-None-Match` names",
            )),
            _ => Ok(()),
        }
    }

    /// Whether `If-Match` holds for what has this tag; `None` if there is nothing.
    pub(super) fn admit(&self, current: Option<&HeaderValue>) -> Result<(), Problem> {
        match &self.if_match {
            None => Ok(()),
            Some(condition) => condition.admit(current),
        }
    }

    /// Whether the client that reads has what has this tag.
    pub(super) fn is_known(&self, current: &HeaderValue) -> bool {
        let condition = self.if_none_match.as_ref();
        condition.is_some_and(|condition| match condition {
            Condition::Any => true,
            Condition::Tags(_) => condition.is_weakly(Some(current)),
        })
    }
}

impl Condition {
    /// The comparison of `If-Match`, which is strong.
    fn admit(&self, current: Option<&HeaderValue>) -> Result<(), Problem> {
        let Some(current) = current else {
            return Err(failed("there is nothing that `If-Match` could match"));
        };
        let Self::Tags(tags) = self else {
            return Ok(());
        };
        let same = |tag: &&Tag| *tag.opaque == *current.as_bytes();
        if tags.iter().any(|tag| !tag.is_weak && same(&tag)) {
            return Ok(());
        }
        if tags.iter().any(|tag| same(&tag)) {
            return Err(failed(
                "the tag is the current one, but weak (`W/`), and `If-Match` needs a strong one; \
                 a proxy makes tags weak when it compresses a response: read it without compression",
            ));
        }
        if tags.iter().all(|tag| tag.is_weak) {
            return Err(failed(
                "a weak tag (`W/`) never matches in `If-Match`; a proxy makes tags weak when it compresses a response: \
                 read it without compression",
            ));
        }
        Err(failed(
            "it has changed since then; read it again, and decide whether to change it still",
        ))
    }

    fn is_weakly(&self, current: Option<&HeaderValue>) -> bool {
        match (self, current) {
            (Self::Tags(tags), Some(current)) => {
                let current = current.as_bytes();
                let current = current.strip_prefix(b"W/").unwrap_or(current);
                tags.iter().any(|tag| *tag.opaque == *current)
            }
            _ => false,
        }
    }
}

fn failed(detail: &'static str) -> Problem {
    Problem::new(StatusCode::PRECONDITION_FAILED, detail)
}

/// All fields of that name are one list.
fn condition(headers: &HeaderMap, name: &HeaderName) -> Result<Option<Condition>, Problem> {
    let mut fields = headers.get_all(name).iter().peekable();
    if fields.peek().is_none() {
        return Ok(None);
    }
    let malformed = || {
        let name = if *name == header::IF_MATCH {
            "If-Match"
        } else {
            "If-None-Match"
        };
        Problem::bad_request(format!(
            "`{name}` is `*`, or a list of entity tags such as `\"a1\", \"b2\"`, with the quotes"
        ))
    };
    let (mut tags, mut is_any) = (Vec::new(), false);
    for field in fields {
        match field.as_bytes().trim_ascii() {
            b"*" => is_any = true,
            list => read_tags(list, &mut tags).ok_or_else(malformed)?,
        }
    }
    match (is_any, tags.is_empty()) {
        (true, true) => Ok(Some(Condition::Any)),
        (false, false) => Ok(Some(Condition::Tags(tags))),
        _ => Err(malformed()),
    }
}

/// Adds the tags of a list, which may have empty elements. `None` if it is malformed.
fn read_tags(list: &[u8], tags: &mut Vec<Tag>) -> Option<()> {
    let mut rest = list;
    loop {
        rest = skip(rest, |byte| byte == b',' || is_blank(byte));
        if rest.is_empty() {
            return Some(());
        }
        let (is_weak, quoted) = match rest.strip_prefix(b"W/") {
            Some(quoted) => (true, quoted),
            None => (false, rest),
        };
        let inside = quoted.strip_prefix(b"\"")?;
        let end = inside.iter().position(|byte| *byte == b'"')?;
        if !inside[..end]
            .iter()
            .all(|byte| matches!(byte, 0x21..=0x7e | 0x80..))
        {
            return None;
        }
        tags.push(Tag {
            is_weak,
            opaque: quoted[..end + 2].into(),
        });
        rest = skip(&inside[end + 1..], is_blank);
        if !rest.is_empty() && !rest.starts_with(b",") {
            return None;
        }
    }
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

fn skip(text: &[u8], skipped: impl Fn(u8) -> bool) -> &[u8] {
    let start = text.iter().position(|byte| !skipped(*byte));
    &text[start.unwrap_or(text.len())..]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(fields: &[(HeaderName, &str)]) -> Result<Preconditions, Problem> {
        let mut headers = HeaderMap::new();
        for (name, value) in fields {
            headers.append(name, HeaderValue::from_str(value).unwrap());
        }
        Preconditions::of(&Method::PUT, &headers)
    }

    /// The status of a change; 200 stands for none.
    fn change(name: HeaderName, value: &str, current: Option<&str>) -> u16 {
        let current = current.map(|tag| HeaderValue::from_str(tag).unwrap());
        let admitted = of(&[(name, value)]).and_then(|it| it.admit_change(current.as_ref()));
        admitted.map_or_else(|problem| problem.status().as_u16(), |()| 200)
    }

    const NOW: Option<&str> = Some("\"e-7\"");

    #[test]
    fn if_match_compares_strongly() {
        for (value, status) in [
            ("\"e-7\"", 200),
            (" \"e-7\" ", 200),
            ("\"x\", \"e-7\"", 200),
            (",,\"x,y\",\t\"e-7\",", 200),
            ("W/\"x\", \"e-7\"", 200),
            ("*", 200),
            ("\"e-6\"", 412),
            ("\"f-7\"", 412),
            ("\"E-7\"", 412),
            ("\"\"", 412),
            ("W/\"e-7\"", 412),
            ("\"x\", W/\"e-7\"", 412),
            ("", 400),
            (",", 400),
            ("e-7", 400),
            ("\"e-7", 400),
            ("'e-7'", 400),
            ("w/\"e-7\"", 400),
            ("\"e-7\" \"x\"", 400),
            ("\"e-7\"x", 400),
            ("*, \"e-7\"", 400),
            ("\"e 7\"", 400),
            ("**", 400),
        ] {
            assert_eq!(change(header::IF_MATCH, value, NOW), status, "{value}");
        }
        for value in ["*", "\"e-7\"", "W/\"e-7\""] {
            assert_eq!(change(header::IF_MATCH, value, None), 412, "{value}");
        }
    }

    #[test]
    fn a_weak_tag_is_explained() {
        let weak = of(&[(header::IF_MATCH, "W/\"e-7\"")]).unwrap();
        let now = HeaderValue::from_static("\"e-7\"");
        let problem = weak.admit_change(Some(&now)).unwrap_err();
        assert!(problem.detail().contains("proxy"), "{problem}");
        let later = HeaderValue::from_static("\"e-8\"");
        let problem = weak.admit_change(Some(&later)).unwrap_err();
        assert!(problem.detail().contains("proxy"), "{problem}");
    }

    #[test]
    fn if_none_match_asks_for_what_is_not_there() {
        for (value, current, status) in [
            ("*", None, 200),
            ("*", NOW, 412),
            ("\"e-7\"", NOW, 412),
            ("W/\"e-7\"", NOW, 412),
            ("\"e-6\"", NOW, 200),
            ("\"e-7\"", None, 200),
            ("e-7", NOW, 400),
        ] {
            assert_eq!(
                change(header::IF_NONE_MATCH, value, current),
                status,
                "{value}"
            );
        }
    }

    #[test]
    fn several_fields_are_one_list() {
        let field = |value| (header::IF_MATCH, value);
        let now = HeaderValue::from_static("\"e-7\"");
        let conditions = of(&[field("\"x\""), field("\"e-7\"")]).unwrap();
        assert!(conditions.admit_change(Some(&now)).is_ok());
        assert!(of(&[field("\"x\""), field("*")]).is_err());
    }

    #[test]
    fn a_date_is_refused_unless_there_is_a_tag() {
        let date = (header::IF_UNMODIFIED_SINCE, "Sat, 29 Oct 1994 19:43:31 GMT");
        assert!(of(std::slice::from_ref(&date)).is_err());
        assert!(of(&[date, (header::IF_MATCH, "\"e-7\"")]).is_ok());
    }
}
