//! The page of codes, `kr-runtime/docs/errors.md`: put together from the cases and from what `why.md` says of each code.
//!
//! It is kept in the folder of the crate that shows it, since that is all that is published of it.

use crate::case::Case;
use std::fmt::Write;
use std::fs;

/// Where the page is.
pub(crate) const PAGE: &str = "../kr-runtime/docs/errors.md";

const INTRODUCTION: &str = "\
What the compiler says about a wrong program, by the code at the message's end.

A code stays what it is from release to release. Each section has a program with the mistake, the message, why it is one,
and the program after following the message's advice. All of them are test cases: the first does not compile and
gives this message, and the second compiles. The compiler's own words are those of rustc";

const LEGEND: &str = "
# All codes

A mistake is found in one of four **layers**: in the *syntax*, by the attribute itself; by a *trait* that a type lacks; by
a *constant* that the compiler evaluates; or by *rustc* alone. The **words** are kr's own, or rustc's where these are as
good. A **golden** is the recorded message, and its **twin** the program that follows it; both are in `tests/tests`.
";

/// What is said of a code by hand.
pub(crate) struct Why {
    pub(crate) code: String,
    pub(crate) title: String,
    pub(crate) text: String,
}

impl Why {
    pub(crate) fn all() -> Vec<Self> {
        let sections = include_str!("why.md").split("# KR").skip(1);
        let read = |section: &str| {
            let (title, text) = section.split_once('\n').unwrap();
            let (number, title) = title.split_once(' ').unwrap();
            Self {
                code: format!("KR{number}"),
                title: title.to_owned(),
                text: text.trim().to_owned(),
            }
        };
        sections.map(read).collect()
    }
}

/// The page as it should be.
pub(crate) fn render(made_with: &str) -> String {
    let (why, cases) = (Why::all(), Case::all());
    let of = |code: &str| {
        let code = code.to_owned();
        cases
            .iter()
            .filter(move |case| case.code.as_ref() == Some(&code))
    };
    let mut page = format!(
        "<!-- Written by a test, see tests/tests/error_codes; what it says of each code is in its why.md. -->\n\n\
         {INTRODUCTION} {made_with}.\n{LEGEND}\n\
         | Code | Mistake | Layer | Words | Golden | Twin |\n|---|---|---|---|---|---|\n"
    );
    for why in &why {
        let code = &why.code;
        let link = format!("[{code}](#{})", code.to_lowercase());
        if of(code).next().is_none() {
            let (state, _) = why.text.split_once([':', ' ']).unwrap();
            let title = lower(&why.title);
            writeln!(
                page,
                "| {link} | {title} | {} | | | |",
                state.to_lowercase()
            )
            .unwrap();
        }
        of(code).for_each(|case| page.push_str(&row(&link, case)));
    }
    let others: Vec<_> = cases.iter().filter(|case| case.code.is_none()).collect();
    others.iter().for_each(|case| page.push_str(&row("", case)));
    for why in &why {
        let Why { code, title, text } = why;
        write!(page, "\n# {code}\n\n**{title}.** {text}\n").unwrap();
        of(code).for_each(|case| page.push_str(&shown(case)));
    }
    page.push_str("\n# Without a code of their own\n\nWhat holds for all messages.\n");
    others.iter().for_each(|case| page.push_str(&shown(case)));
    page
}

fn row(link: &str, case: &Case) -> String {
    let Case { name, title, .. } = case;
    let words = if case.is_ours() { "kr's" } else { "rustc's" };
    let layer = case.layer().name();
    format!("| {link} | {title} | {layer} | {words} | `ui/{name}.stderr` | `pass/{name}.rs` |\n")
}

/// A case in full.
fn shown(case: &Case) -> String {
    let Case {
        wrong,
        message,
        right,
        ..
    } = case;
    format!(
        "\n```rust,compile_fail\n{}\n```\n\n```text\n{}\n```\n\n```rust\n{}\n```\n",
        wrong.trim_end(),
        message.trim_end(),
        right.trim_end()
    )
}

fn lower(title: &str) -> String {
    let mut rest = title.chars();
    rest.next()
        .into_iter()
        .flat_map(char::to_lowercase)
        .chain(rest)
        .collect()
}

/// Writes the page anew.
pub(crate) fn overwrite(made_with: &str) {
    fs::write(PAGE, render(made_with)).unwrap();
}
