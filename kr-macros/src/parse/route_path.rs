//! The path of a route. Its errors are those of axum's router at start-up, and paths that axum accepts but never matches.

use crate::parse::path_segment::Segment;
use crate::parse::route::RoutePath;
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::errors::Errors;

/// A `{name}` or `{*name}` in a path.
pub(crate) struct Capture {
    pub(crate) name: String,
}

/// The captures of `path`, in order. A constant has none, which the compiler checks when it evaluates the constant.
pub(crate) fn captures(path: &RoutePath, errors: &mut Errors) -> Vec<Capture> {
    let RoutePath::Literal(path) = path else {
        return Vec::new();
    };
    let (captures, diagnostics) = parse(&path.value());
    for diagnostic in diagnostics {
        errors.push(path, diagnostic);
    }
    captures
}

fn parse(path: &str) -> (Vec<Capture>, Vec<Diagnostic>) {
    let mut captures: Vec<Capture> = Vec::new();
    let mut diagnostics = Vec::new();
    let Some(rest) = path.strip_prefix('/') else {
        let diagnostic = Diagnostic::new("KR0008", "a route path starts with `/`");
        return (
            captures,
            vec![diagnostic.help(format!("write `\"/{path}\"`"))],
        );
    };
    let count = rest.split('/').count();
    let mut start = 1;
    for (index, text) in rest.split('/').enumerate() {
        let segment = Segment {
            path,
            text,
            start,
            is_last: index + 1 == count,
        };
        start += text.len() + 1;
        match segment.capture() {
            Ok(None) => {}
            Ok(Some(name)) if captures.iter().any(|known| known.name == name) => {
                let other = text.replacen(&name, &format!("{name}_2"), 1);
                let diagnostic = segment.error("KR0014", format!("capture `{name}` appears twice"));
                diagnostics.push(diagnostic.help(format!(
                    "give each a name of its own: `{}`",
                    segment.replaced_by(&other)
                )));
            }
            Ok(Some(name)) => captures.push(Capture { name }),
            Err(diagnostic) => diagnostics.push(diagnostic),
        }
    }
    (captures, diagnostics)
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::syntax::diagnostic::Diagnostic;

    fn names(path: &str) -> Vec<String> {
        let (captures, diagnostics) = parse(path);
        assert!(diagnostics.is_empty(), "{path}: {}", diagnostics[0].text());
        captures.into_iter().map(|capture| capture.name).collect()
    }

    fn errors(path: &str) -> String {
        let (_, diagnostics) = parse(path);
        let texts: Vec<_> = diagnostics.iter().map(Diagnostic::text).collect();
        texts.join("\n---\n")
    }

    #[test]
    fn captures_are_found_in_order() {
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
    fn each_error_has_its_code_and_a_path_to_paste() {
        for (path, code, advice) in [
            ("", "KR0008", "\"/\""),
            ("visit", "KR0008", "\"/visit\""),
            ("/a/:id/b", "KR0009", "\"/a/{id}/b\""),
            ("/f/*rest", "KR0009", "\"/f/{*rest}\""),
            ("/a/{id/b", "KR0010", "\"/a/{id}/b\""),
            ("/id}", "KR0010", "\"/{id}\""),
            ("/a{b", "KR0010", "`{{`"),
            ("/}{", "KR0010", "unmatched"),
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
            let errors = errors(path);
            assert!(errors.contains(code), "{path}: {errors}");
            assert!(errors.contains(advice), "{path}: {errors}");
        }
    }

    #[test]
    fn the_segment_is_underlined() {
        assert!(
            errors("/ö/é/:id").contains('%'),
            "the first error of a segment is reported"
        );
        let text = errors("/users/:id/notes");
        assert!(
            text.contains("    \"/users/:id/notes\"\n            ^^^\n"),
            "{text}"
        );
    }

    #[test]
    fn no_path_makes_it_panic() {
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
                        let (_, diagnostics) = parse(&format!("/{a}{b}{c}{d}"));
                        diagnostics
                            .iter()
                            .for_each(|diagnostic| drop(diagnostic.text()));
                    }
                }
            }
        }
    }
}
