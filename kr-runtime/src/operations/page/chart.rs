//! Small charts.

use maud::{Markup, html};

/// Their width and height in the units of the drawing.
const WIDTH: usize = 300;
const HEIGHT: usize = 60;

/// The last seconds of something, the newest at the right. The script adds to it.
pub(super) fn chart(name: &str, title: &str, unit: &str, values: &[f64]) -> Markup {
    let newest = values.last().copied().unwrap_or_default();
    let label = format!("{title}: {newest:.0} {unit} in the last second");
    html! {
        figure.chart data-chart=(name) {
            figcaption { (title) " " strong data-live=(name) { (format!("{newest:.0}")) } " " span.unit { (unit) } }
            svg viewBox=(format!("0 0 {WIDTH} {HEIGHT}")) preserveAspectRatio="none" role="img" aria-label=(label) {
                polyline points=(points(values)) fill="none" stroke="currentColor" stroke-width="2" vector-effect="non-scaling-stroke" {}
            }
            p.note { "highest " span data-highest { (format!("{:.0}", highest(values))) } " in the last five minutes" }
        }
    }
}

fn highest(values: &[f64]) -> f64 {
    values.iter().copied().fold(0.0, f64::max)
}

/// One point for each second, the last at the right border.
fn points(values: &[f64]) -> String {
    let scale = (HEIGHT - 4) as f64 / highest(values).max(1.0);
    let start = WIDTH.saturating_sub(values.len());
    let points = values.iter().enumerate().map(|(second, value)| {
        let height = HEIGHT as f64 - 2.0 - value * scale;
        format!("{},{height:.1}", start + second)
    });
    points.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::points;

    #[test]
    fn the_newest_value_is_at_the_right_and_the_highest_at_the_top() {
        assert_eq!(points(&[0.0, 10.0, 5.0]), "297,58.0 298,2.0 299,30.0");
        assert_eq!(points(&[]), "");
    }
}
