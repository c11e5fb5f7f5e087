//! The median and the range of several figures.

use std::fmt;

/// The median, minimum and maximum of several figures.
#[derive(Clone, Copy)]
pub struct Percentiles {
    /// The median.
    pub median: f64,
    /// The minimum.
    pub min: f64,
    /// The maximum.
    pub max: f64,
}

impl Percentiles {
    /// The percentiles of one or more figures.
    ///
    /// # Panics
    /// If there is none.
    #[must_use]
    pub fn of(figures: impl IntoIterator<Item = f64>) -> Self {
        let mut figures: Vec<_> = figures.into_iter().collect();
        figures.sort_by(f64::total_cmp);
        Self {
            median: figures[figures.len() / 2],
            min: figures[0],
            max: figures[figures.len() - 1],
        }
    }
}

/// `1.02 [0.98, 1.05]`
impl fmt::Display for Percentiles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = match self.median {
            large if large >= 100.0 => 0,
            medium if medium >= 10.0 => 1,
            _ => 2,
        };
        let Self { median, min, max } = self;
        write!(f, "{median:.digits$} [{min:.digits$}, {max:.digits$}]")
    }
}
