//! "Did you mean …?"

/// The word that `typed` was probably meant to be, if one is close enough.
pub(crate) fn nearest<'w>(typed: &str, words: &[&'w str]) -> Option<&'w str> {
    let typed = typed.to_lowercase();
    words
        .iter()
        .map(|word| (distance(&typed, word), *word))
        .filter(|(distance, word)| *distance <= 1 + word.len() / 3)
        .min()
        .map(|(_, word)| word)
}

/// The number of edits between two words. Swapping two neighbouring letters, the most common slip, counts as one.
fn distance(one: &str, other: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let mut rows = vec![vec![0; b.len() + 1]; a.len() + 1];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            rows[i][j] = if i == 0 || j == 0 {
                i + j
            } else {
                let replaced = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
                let mut minimum = replaced.min(rows[i - 1][j] + 1).min(rows[i][j - 1] + 1);
                if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                    minimum = minimum.min(rows[i - 2][j - 2] + 1);
                }
                minimum
            };
        }
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_typo_finds_its_word_and_another_word_finds_none() {
        let words = ["get", "post", "put", "patch"];
        assert_eq!(nearest("pots", &words), Some("post"));
        assert_eq!(nearest("POST", &words), Some("post"));
        assert_eq!(nearest("subscribe", &words), None);
    }
}
