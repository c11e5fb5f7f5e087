//! Tables in Markdown, which are also written into `BENCHMARKS.md`.

use std::fmt::{self, Write as _};
use std::fs;
use std::path::PathBuf;

/// A named table. In `BENCHMARKS.md` it is between two comments with its name.
pub struct Table {
    name: &'static str,
    head: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table without rows.
    #[must_use]
    pub fn new<T: Into<String>>(name: &'static str, head: impl IntoIterator<Item = T>) -> Self {
        Self {
            name,
            head: head.into_iter().map(Into::into).collect(),
            rows: Vec::new(),
        }
    }

    /// Adds a row.
    pub fn row<T: Into<String>>(&mut self, cells: impl IntoIterator<Item = T>) {
        self.rows.push(cells.into_iter().map(Into::into).collect());
    }

    /// Writes the table into `BENCHMARKS.md`, below a line that says how it was measured.
    ///
    /// # Panics
    /// If it has no such table.
    pub fn write(&self, made_with: &str) {
        let text = fs::read_to_string(file()).expect("BENCHMARKS.md");
        let (before, _, after) = parts(&text, self.name).expect("the comments around the table");
        let text = format!("{before}\n{made_with}\n\n{self}{after}");
        fs::write(file(), text).expect("BENCHMARKS.md");
    }

    /// The line above a table in `BENCHMARKS.md`, and its rows. Empty if there is no such table.
    #[must_use]
    pub fn read(name: &str) -> (String, Vec<Vec<String>>) {
        let text = fs::read_to_string(file()).unwrap_or_default();
        let Some((_, table, _)) = parts(&text, name) else {
            return Default::default();
        };
        let mut lines = table.lines().filter(|line| !line.is_empty());
        let made_with = lines.next().unwrap_or_default().to_owned();
        let rows = lines
            .filter_map(|line| line.strip_prefix('|')?.strip_suffix('|'))
            .skip(2)
            .map(|line| line.split('|').map(|cell| cell.trim().into()).collect())
            .collect();
        (made_with, rows)
    }
}

fn file() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../BENCHMARKS.md"))
}

/// The text before, between and after the comments of a table.
fn parts<'t>(text: &'t str, name: &str) -> Option<(&'t str, &'t str, &'t str)> {
    let (begin, end) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->\n"));
    let from = text.find(&begin)? + begin.len();
    let to = from + text[from..].find(&end)?;
    Some((&text[..from], &text[from..to], &text[to..]))
}

/// Markdown, with aligned columns.
impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows = || std::iter::once(&self.head).chain(&self.rows);
        let width = |column: usize| {
            let cells = rows().filter_map(|row| row.get(column));
            cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
        };
        let widths: Vec<_> = (0..self.head.len()).map(width).collect();
        for (index, row) in rows().enumerate() {
            let mut line = String::from("|");
            for (column, width) in widths.iter().enumerate() {
                let cell = row.get(column).map_or("", String::as_str);
                match column {
                    0 => write!(line, " {cell:<width$} |")?,
                    _ => write!(line, " {cell:>width$} |")?,
                }
            }
            writeln!(f, "{line}")?;
            if index == 0 {
                let mut line = String::from("|");
                for (column, width) in widths.iter().enumerate() {
                    let end = if column == 0 { '-' } else { ':' };
                    write!(line, "-{}{end}|", "-".repeat(*width))?;
                }
                writeln!(f, "{line}")?;
            }
        }
        Ok(())
    }
}

/// A whole number with commas: `18,380`.
#[must_use]
pub fn grouped(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}
