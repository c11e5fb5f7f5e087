//! Doc comments as summaries and descriptions.

/// The lines of a doc comment as one text, without the blank that most begin with.
pub(super) fn text(lines: &[&str]) -> String {
    let lines: Vec<&str> = lines.iter().flat_map(|line| line.split('\n')).collect();
    let lines = lines.iter().map(|line| {
        let line = line.strip_prefix(' ').unwrap_or(line);
        line.trim_end()
    });
    let lines: Vec<&str> = lines.collect();
    lines.join("\n").trim().to_owned()
}

/// The first sentence, without a full stop and without the signs of Markdown, which a summary does not have.
pub(super) fn summary(text: &str) -> String {
    let paragraph = text.split("\n\n").next().unwrap_or_default();
    let paragraph = paragraph.split_whitespace().collect::<Vec<_>>().join(" ");
    let ends = paragraph.match_indices(". ").find(|(index, _)| {
        let next = paragraph[index + 2..].chars().next();
        next.is_some_and(|next| next.is_uppercase() || next == '`')
    });
    let sentence = match ends {
        Some((index, _)) => &paragraph[..index],
        None => paragraph.strip_suffix('.').unwrap_or(&paragraph),
    };
    sentence.replace('`', "")
}

#[cfg(test)]
mod tests {
    use super::{summary, text};

    #[test]
    fn the_summary_is_the_first_sentence() {
        let text = text(&[
            " Puts it in, e.g. a bell.",
            " `GET` shows it.",
            "",
            " More.",
        ]);
        assert_eq!(text, "Puts it in, e.g. a bell.\n`GET` shows it.\n\nMore.");
        assert_eq!(summary(&text), "Puts it in, e.g. a bell");
        assert_eq!(summary("One `two`."), "One two");
        assert_eq!(summary("Over\ntwo lines"), "Over two lines");
        assert_eq!(summary(""), "");
    }
}
