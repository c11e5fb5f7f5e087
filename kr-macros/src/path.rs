//! The path of a route, checked as axum's router would at start-up, and for what it accepts but never matches.

use crate::sink::{Mistake, Sink};
use syn::LitStr;

/// A `{name}` or `{*name}` in a path.
pub(crate) struct Capture {
    pub(crate) name: String,
}

/// The captures of `path`, in order. Mistakes go to the sink.
pub(crate) fn captures(path: &LitStr, sink: &mut Sink) -> Vec<Capture> {
    let text = path.value();
    let mut captures: Vec<Capture> = Vec::new();
    let Some(rest) = text.strip_prefix('/') else {
        let help = format!("write `\"/{text}\"`");
        sink.push(
            path,
            Mistake::new("KR0008", "a route path starts with `/`").help(help),
        );
        return captures;
    };
    let segments: Vec<&str> = rest.split('/').collect();
    for (index, segment) in segments.iter().enumerate() {
        let last = index + 1 == segments.len();
        match capture(segment, last) {
            Ok(None) => {}
            Ok(Some(name)) if captures.iter().any(|known| known.name == name) => {
                let help = "give each capture a name of its own";
                sink.push(
                    path,
                    Mistake::new("KR0014", format!("capture `{name}` appears twice")).help(help),
                );
            }
            Ok(Some(name)) => captures.push(Capture { name }),
            Err(mistake) => sink.push(path, mistake),
        }
    }
    captures
}

/// The capture that a segment is, if it is one.
fn capture(segment: &str, last: bool) -> Result<Option<String>, Mistake> {
    if let Some(old) = segment.strip_prefix([':', '*']) {
        let star = if segment.starts_with('*') { "*" } else { "" };
        let what = format!("captures are written `{{{star}{old}}}`, not `{segment}`");
        return Err(
            Mistake::new("KR0009", what).help("paths look like `/users/{id}` and `/files/{*path}`")
        );
    }
    if segment.is_empty() && !last {
        return Err(
            Mistake::new("KR0018", "the route path has an empty segment")
                .help("write one `/`, not two"),
        );
    }
    if let Some(bad) = segment.chars().find(|&c| c == '?' || c == '#') {
        let what = format!("a route path ends before `{bad}`: no request would ever match");
        return Err(Mistake::new("KR0016", what)
            .help("read the query with an argument `Query(query): Query<T>`"));
    }
    if let Some(bad) = segment.chars().find(|c| c.is_whitespace() || !c.is_ascii()) {
        let encoded: String = bad
            .to_string()
            .bytes()
            .map(|byte| format!("%{byte:02X}"))
            .collect();
        let what =
            format!("`{bad}` is percent-encoded in a request, so no request would ever match");
        return Err(Mistake::new("KR0017", what).help(format!("write `{encoded}`")));
    }
    // Doubled braces are literal ones.
    let plain = segment.replace("{{", "").replace("}}", "");
    match (plain.find('{'), plain.find('}')) {
        (None, None) => return Ok(None),
        (Some(open), Some(close)) if open < close => {}
        _ => {
            return Err(
                Mistake::new("KR0010", format!("a brace in `{segment}` has no partner"))
                    .help("a capture is `{name}`; a literal brace is `{{` or `}}`"),
            );
        }
    }
    let Some(name) = segment
        .strip_prefix('{')
        .and_then(|segment| segment.strip_suffix('}'))
        .filter(|name| !name.contains(['{', '}']))
    else {
        return Err(
            Mistake::new("KR0012", format!("`{segment}` mixes a capture with text"))
                .help("a capture fills its whole segment: `/{name}/…`"),
        );
    };
    let (name, wild) = match name.strip_prefix('*') {
        Some(name) => (name, true),
        None => (name, false),
    };
    if name.is_empty() {
        return Err(
            Mistake::new("KR0011", "a capture needs a name").help("write `{id}` or `{*path}`")
        );
    }
    if wild && !last {
        return Err(
            Mistake::new("KR0013", format!("`{segment}` must be the last segment"))
                .help("a `{*capture}` takes all that follows"),
        );
    }
    if syn::parse_str::<syn::Ident>(name).is_err() {
        let proper: String = name
            .chars()
            .map(|c| if c.is_alphanumeric() { c } else { '_' })
            .collect();
        let what = format!("capture `{name}` is no identifier, so no argument can have its name");
        return Err(Mistake::new("KR0015", what).help(format!("write `{{{proper}}}`")));
    }
    Ok(Some(name.to_owned()))
}
