//! Prometheus's text format: <https://prometheus.io/docs/instrumenting/exposition_formats/>.

use crate::sync::HistogramSnapshot;
use std::fmt::{Display, Write};

/// What Prometheus wants to be told; it refuses an answer that does not say so.
pub(crate) const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Metrics as text.
#[derive(Default)]
pub(super) struct MetricsText(String);

/// What a metric is.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    Counter,
    Gauge,
    Histogram,
}

/// Names and values.
pub(super) type Labels<'l> = &'l [(&'l str, &'l str)];

impl MetricsText {
    /// Begins a metric. Its samples follow.
    pub(super) fn metric(&mut self, name: &str, kind: Kind, help: &str) {
        let kind = match kind {
            Kind::Counter => "counter",
            Kind::Gauge => "gauge",
            Kind::Histogram => "histogram",
        };
        // Writing to a string does not fail.
        let _ = writeln!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}");
    }

    pub(super) fn sample(&mut self, name: &str, labels: Labels<'_>, value: impl Display) {
        self.0.push_str(name);
        self.labels(labels, None);
        let _ = writeln!(self.0, " {value}");
    }

    /// `unit` is by how much values are divided: a thousand million if they are nanoseconds.
    pub(super) fn histogram(
        &mut self,
        name: &str,
        labels: Labels<'_>,
        histogram: &HistogramSnapshot,
        unit: f64,
    ) {
        let mut count = 0;
        let limits = histogram.limits.iter().map(|limit| Some(*limit));
        for (limit, number) in limits.chain([None]).zip(&histogram.counts) {
            count += number;
            let limit = match limit {
                Some(limit) => (limit as f64 / unit).to_string(),
                None => "+Inf".to_owned(),
            };
            let _ = write!(self.0, "{name}_bucket");
            self.labels(labels, Some(&limit));
            let _ = writeln!(self.0, " {count}");
        }
        let _ = write!(self.0, "{name}_sum");
        self.labels(labels, None);
        let _ = writeln!(self.0, " {}", histogram.sum as f64 / unit);
        let _ = write!(self.0, "{name}_count");
        self.labels(labels, None);
        let _ = writeln!(self.0, " {count}");
    }

    fn labels(&mut self, labels: Labels<'_>, limit: Option<&str>) {
        let limit = limit.map(|limit| ("le", limit));
        let mut separator = '{';
        for (name, value) in labels.iter().copied().chain(limit) {
            let _ = write!(self.0, "{separator}{name}=\"");
            for character in value.chars() {
                match character {
                    '\\' => self.0.push_str("\\\\"),
                    '"' => self.0.push_str("\\\""),
                    '\n' => self.0.push_str("\\n"),
                    other => self.0.push(other),
                }
            }
            self.0.push('"');
            separator = ',';
        }
        if separator == ',' {
            self.0.push('}');
        }
    }

    pub(super) fn into_string(self) -> String {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sync::Histogram;

    #[test]
    fn label_values_are_escaped() {
        let mut text = MetricsText::default();
        text.sample("m", &[("a", "x\"y\\z\n"), ("b", "")], 1);
        text.sample("n", &[], 0.5);
        assert_eq!(
            text.into_string(),
            "m{a=\"x\\\"y\\\\z\\n\",b=\"\"} 1\nn 0.5\n"
        );
    }

    #[test]
    fn the_buckets_of_a_histogram_add_up() {
        let histogram = Histogram::new(&[10_000, 1_000_000_000]);
        for nanoseconds in [1, 5_000_000, 6_000_000_000] {
            histogram.record(nanoseconds);
        }
        let mut text = MetricsText::default();
        text.metric("t_seconds", Kind::Histogram, "Time.");
        text.histogram("t_seconds", &[("lock", "a")], &histogram.snapshot(), 1e9);
        assert_eq!(
            text.into_string(),
            "# HELP t_seconds Time.\n\
             # TYPE t_seconds histogram\n\
             t_seconds_bucket{lock=\"a\",le=\"0.00001\"} 1\n\
             t_seconds_bucket{lock=\"a\",le=\"1\"} 2\n\
             t_seconds_bucket{lock=\"a\",le=\"+Inf\"} 3\n\
             t_seconds_sum{lock=\"a\"} 6.005000001\n\
             t_seconds_count{lock=\"a\"} 3\n"
        );
    }
}
