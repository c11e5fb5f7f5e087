//! The path of a route, checked as axum's router would at start-up, and for what it accepts but never matches.

use crate::syntax::diagnostic::{Mistake, Sink};
use syn::LitStr;
use syn::ext::IdentExt;
use syn::parse::Parser;

/// A `{name}` or `{*name}` in a path.
pub(crate) struct Capture {
    pub(crate) name: String,
}

/// The captures of `path`, in order. Mistakes go to the sink.
pub(crate) fn captures(path: &LitStr, sink: &mut Sink) -> Vec<Capture> {
    let (captures, mistakes) = read(&path.value());
    for mistake in mistakes {
        sink.push(path, mistake);
    }
    captures
}

fn read(text: &str) -> (Vec<Capture>, Vec<Mistake>) {
    let mut captures: Vec<Capture> = Vec::new();
    let mut mistakes = Vec::new();
    let Some(rest) = text.strip_prefix('/') else {
        let mistake = Mistake::new("KR0008", "a route path starts with `/`");
        return (captures, vec![mistake.help(format!("write `\"/{text}\"`"))]);
    };
    let count = rest.split('/').count();
    let mut start = 1;
    for (index, text_of) in rest.split('/').enumerate() {
        let segment = Segment {
            path: text,
            text: text_of,
            start,
            last: index + 1 == count,
        };
        start += text_of.len() + 1;
        match segment.capture() {
            Ok(None) => {}
            Ok(Some(name)) if captures.iter().any(|known| known.name == name) => {
                let other = text_of.replacen(&name, &format!("{name}_2"), 1);
                let mistake = segment.mistake("KR0014", format!("capture `{name}` appears twice"));
                mistakes.push(mistake.help(format!(
                    "give each a name of its own: `{}`",
                    segment.replaced_by(&other)
                )));
            }
            Ok(Some(name)) => captures.push(Capture { name }),
            Err(mistake) => mistakes.push(mistake),
        }
    }
    (captures, mistakes)
}

/// What stands between two slashes.
struct Segment<'a> {
    path: &'a str,
    text: &'a str,
    /// Where it starts in the path, in bytes.
    start: usize,
    last: bool,
}

impl Segment<'_> {
    /// The capture that the segment is, if it is one.
    fn capture(&self) -> Result<Option<String>, Mistake> {
        self.is_reachable()?;
        let text = self.text;
        // Doubled braces are literal ones.
        let plain = text.replace("{{", "").replace("}}", "");
        match (plain.find('{'), plain.find('}')) {
            (None, None) => return Ok(None),
            (Some(open), Some(close)) if open < close => {}
            _ if text.starts_with(['{', '}']) || text.ends_with(['{', '}']) => {
                let name = text.trim_matches(['{', '}']);
                return Err(self
                    .mistake("KR0010", "a brace has no partner")
                    .help(format!(
                        "write `{}`, or `{{{{` and `}}}}` for braces that are text",
                        self.replaced_by(&format!("{{{name}}}"))
                    )));
            }
            _ => {
                return Err(self
                    .mistake("KR0010", "a brace has no partner")
                    .help("a capture is `{name}`; a brace that is text is `{{` or `}}`"));
            }
        }
        let Some(name) = text
            .strip_prefix('{')
            .and_then(|text| text.strip_suffix('}'))
            .filter(|name| !name.contains(['{', '}']))
        else {
            return Err(self
                .mistake("KR0012", "a capture shares its segment with other text")
                .help("give it the whole segment, `/{name}/…`, and take the text apart in the handler"));
        };
        let (name, wild) = match name.strip_prefix('*') {
            Some(name) => (name, true),
            None => (name, false),
        };
        if name.is_empty() {
            let named = if wild { "{*path}" } else { "{id}" };
            return Err(self
                .mistake("KR0011", "a capture needs a name")
                .help(format!("write `{}`", self.replaced_by(named))));
        }
        if wild && !self.last {
            return Err(self
                .mistake(
                    "KR0013",
                    format!("`{text}` takes all that follows, so it must be the last segment"),
                )
                .help(format!(
                    "end the path with it: `\"{}{text}\"`",
                    &self.path[..self.start]
                )));
        }
        if !can_name_an_argument(name) {
            let proper: String = name
                .chars()
                .map(|c| if c.is_alphanumeric() { c } else { '_' })
                .collect();
            let first = if proper.starts_with(|c: char| c.is_ascii_digit()) || proper == "_" {
                "id_"
            } else {
                ""
            };
            let last = if can_name_an_argument(&format!("{first}{proper}")) {
                ""
            } else {
                "_"
            };
            let star = if wild { "*" } else { "" };
            let proper = format!("{{{star}{first}{proper}{last}}}");
            return Err(self
                .mistake("KR0015", format!("no argument can have the name `{name}`"))
                .help(format!("write `{}`", self.replaced_by(&proper))));
        }
        Ok(Some(name.to_owned()))
    }

    /// Whether a request could match.
    fn is_reachable(&self) -> Result<(), Mistake> {
        let text = self.text;
        if let Some(name) = text.strip_prefix([':', '*']) {
            let star = if text.starts_with('*') { "*" } else { "" };
            let proper = format!("{{{star}{name}}}");
            return Err(self
                .mistake(
                    "KR0009",
                    format!("captures are written `{proper}`, not `{text}`"),
                )
                .help(format!("write `{}`", self.replaced_by(&proper))));
        }
        if text.is_empty() && !self.last {
            let shorter = format!(
                "{}{}",
                &self.path[..self.start],
                &self.path[self.start + 1..]
            );
            return Err(
                Mistake::new("KR0018", "the route path has an empty segment")
                    .marking(self.path, self.column(0) - 1, 2)
                    .help(format!("write `\"{shorter}\"`")),
            );
        }
        if let Some((at, bad)) = text.char_indices().find(|(_, c)| matches!(c, '?' | '#')) {
            let what = format!("a route path ends before `{bad}`, so no request would ever match");
            let whole = format!("{}{}", &self.path[..self.start], &text[..at]);
            return Err(self.mistake_at("KR0016", what, at, 1).help(format!(
                "write `\"{whole}\"`, and read the query with an argument `Query(query): Query<T>`"
            )));
        }
        if let Some((at, bad)) = text
            .char_indices()
            .find(|(_, c)| c.is_whitespace() || !c.is_ascii())
        {
            let what =
                format!("`{bad}` is percent-encoded in a request, so no request would ever match");
            return Err(self
                .mistake_at("KR0017", what, at, 1)
                .help(format!("write `{}`", encoded(self.path))));
        }
        Ok(())
    }

    fn mistake(&self, code: &'static str, what: impl std::fmt::Display) -> Mistake {
        self.mistake_at(code, what, 0, self.text.chars().count())
    }

    fn mistake_at(
        &self,
        code: &'static str,
        what: impl std::fmt::Display,
        at: usize,
        length: usize,
    ) -> Mistake {
        Mistake::new(code, what).marking(self.path, self.column(at), length)
    }

    /// How many characters of the path stand before that byte of the segment.
    fn column(&self, at: usize) -> usize {
        self.path[..self.start + at].chars().count()
    }

    /// The path as a literal, with something else in the place of the segment.
    fn replaced_by(&self, other: &str) -> String {
        let (before, after) = (
            &self.path[..self.start],
            &self.path[self.start + self.text.len()..],
        );
        format!("\"{before}{other}{after}\"")
    }
}

/// Whether an argument can have that name, if need be as `r#name`.
fn can_name_an_argument(name: &str) -> bool {
    !matches!(name, "_" | "crate" | "self" | "super" | "Self")
        && syn::Ident::parse_any.parse_str(name).is_ok()
}

fn encoded(path: &str) -> String {
    let mut encoded = String::with_capacity(path.len());
    for c in path.chars() {
        if c.is_whitespace() || !c.is_ascii() {
            for byte in c.to_string().bytes() {
                encoded.push_str(&format!("%{byte:02X}"));
            }
        } else {
            encoded.push(c);
        }
    }
    format!("\"{encoded}\"")
}

#[cfg(test)]
mod tests {
    use super::{Mistake, read};

    fn names(path: &str) -> Vec<String> {
        let (captures, mistakes) = read(path);
        assert!(mistakes.is_empty(), "{path}: {}", mistakes[0].text());
        captures.into_iter().map(|capture| capture.name).collect()
    }

    fn complaint(path: &str) -> String {
        let (_, mistakes) = read(path);
        let texts: Vec<_> = mistakes.iter().map(Mistake::text).collect();
        texts.join("\n---\n")
    }

    #[test]
    fn captures_are_found_in_their_order() {
        assert_eq!(names("/"), [""; 0]);
        assert_eq!(names("/visit/"), [""; 0]);
        assert_eq!(names("/carts/{cart}/items/{item}"), ["cart", "item"]);
        assert_eq!(names("/files/{*path}"), ["path"]);
        assert_eq!(names("/by/{type}"), ["type"]);
    }

    #[test]
    fn doubled_braces_are_text() {
        assert_eq!(names("/{{literal}}"), [""; 0]);
        assert_eq!(names("/a{{b/{id}"), ["id"]);
    }

    #[test]
    fn each_mistake_has_its_code_and_a_path_to_paste() {
        for (path, code, advice) in [
            ("", "KR0008", "\"/\""),
            ("visit", "KR0008", "\"/visit\""),
            ("/a/:id/b", "KR0009", "\"/a/{id}/b\""),
            ("/f/*rest", "KR0009", "\"/f/{*rest}\""),
            ("/a/{id/b", "KR0010", "\"/a/{id}/b\""),
            ("/id}", "KR0010", "\"/{id}\""),
            ("/a{b", "KR0010", "`{{`"),
            ("/}{", "KR0010", "no partner"),
            ("/{}", "KR0011", "\"/{id}\""),
            ("/{*}", "KR0011", "\"/{*path}\""),
            ("/{a}{b}", "KR0012", "/{name}/"),
            ("/x{a}", "KR0012", "/{name}/"),
            ("/a/{*p}/b", "KR0013", "\"/a/{*p}\""),
            ("/{a}/{a}", "KR0014", "\"/{a}/{a_2}\""),
            ("/{cart-id}", "KR0015", "\"/{cart_id}\""),
            ("/{1}", "KR0015", "\"/{id_1}\""),
            ("/{_}", "KR0015", "\"/{id__}\""),
            ("/{self}", "KR0015", "\"/{self_}\""),
            ("/a?b=c", "KR0016", "\"/a\""),
            ("/a#b", "KR0016", "\"/a\""),
            ("/a b/é", "KR0017", "\"/a%20b/%C3%A9\""),
            ("//", "KR0018", "\"/\""),
            ("/a//b", "KR0018", "\"/a/b\""),
        ] {
            let complaint = complaint(path);
            assert!(complaint.contains(code), "{path}: {complaint}");
            assert!(complaint.contains(advice), "{path}: {complaint}");
        }
    }

    #[test]
    fn the_mark_stands_under_the_segment() {
        assert!(
            complaint("/ö/é/:id").contains('%'),
            "the first mistake of a segment counts"
        );
        let text = complaint("/users/:id/notes");
        assert!(
            text.contains("    \"/users/:id/notes\"\n            ^^^\n"),
            "{text}"
        );
    }

    #[test]
    fn nothing_makes_it_panic() {
        let odd = [
            "{",
            "}",
            "{{",
            "}}",
            "{}",
            "{*",
            "*",
            ":",
            "/",
            "?",
            "#",
            " ",
            "é",
            "\u{0}",
            "\"",
            "a",
            "_",
            "\u{1F600}",
        ];
        for a in odd {
            for b in odd {
                for c in odd {
                    for d in odd {
                        let (_, mistakes) = read(&format!("/{a}{b}{c}{d}"));
                        mistakes.iter().for_each(|mistake| drop(mistake.text()));
                    }
                }
            }
        }
    }
}
