//! `Timestamp`: the range and precision of .NET.

use kr_runtime::{Timestamp, clixml};
use serde::{Deserialize, Serialize};

use crate::support::{document, round_trip};

#[test]
fn text_is_rfc_3339_in_utc() {
    for (text, shown) in [
        (
            "2024-05-01T12:34:56.7891234Z",
            "2024-05-01T12:34:56.7891234Z",
        ),
        ("2024-05-01T12:34:56.500Z", "2024-05-01T12:34:56.5Z"),
        ("2024-05-01T12:34:56Z", "2024-05-01T12:34:56Z"),
        ("2024-05-01T14:34:56+02:00", "2024-05-01T12:34:56Z"),
        ("2024-02-29T23:59:59-05:30", "2024-03-01T05:29:59Z"),
        (
            "9999-12-31T23:59:59.9999999Z",
            "9999-12-31T23:59:59.9999999Z",
        ),
        ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
        ("2024-05-01t12:34:56z", "2024-05-01T12:34:56Z"),
    ] {
        assert_eq!(
            text.parse::<Timestamp>().expect("an instant").to_string(),
            shown,
            "{text}"
        );
    }
    for text in [
        "",
        "now",
        "2024-05-01",
        "2024-05-01T12:34:56",
        "2023-02-29T00:00:00Z",
        "12:34:56",
    ] {
        text.parse::<Timestamp>().expect_err(text);
    }
}

#[test]
fn dates_are_correct_over_the_whole_range_of_dotnet() {
    const STEP: i64 = 29;
    let mut day = jiff::civil::date(1, 1, 2);
    let mut ticks = 864_000_000_000;
    loop {
        let at = Timestamp::from_ticks(ticks).expect("in range");
        assert_eq!(at.to_string(), format!("{day}T00:00:00Z"));
        assert_eq!(
            at.to_string().parse::<Timestamp>().expect("its own text"),
            at
        );
        // This step reaches every day of every month, and the last day of the range.
        if day == jiff::civil::date(9999, 12, 31) {
            break;
        }
        day = day
            .checked_add(jiff::Span::new().days(STEP))
            .expect("in range");
        ticks += STEP * 864_000_000_000;
    }
    assert_eq!(ticks + 863_999_999_999, Timestamp::MAX.ticks());
}

#[test]
fn jiff_timestamps_convert_within_the_common_range() {
    let jiff: jiff::Timestamp = "2024-05-01T12:34:56.789123456Z"
        .parse()
        .expect("an instant");
    let ours = Timestamp::try_from(jiff).expect("in range");
    assert_eq!(ours.to_string(), "2024-05-01T12:34:56.7891234Z");
    assert_eq!(
        jiff::Timestamp::try_from(ours)
            .expect("in range")
            .to_string(),
        "2024-05-01T12:34:56.7891234Z"
    );
    let before: jiff::Timestamp = "1969-12-31T23:59:59.99999999Z".parse().expect("an instant");
    assert_eq!(
        Timestamp::try_from(before).expect("in range").to_string(),
        "1969-12-31T23:59:59.9999999Z"
    );
    Timestamp::try_from(jiff::Timestamp::MIN).expect_err("before year 1");
    jiff::Timestamp::try_from(Timestamp::MAX).expect_err("past jiff's range");
    let now = Timestamp::now();
    assert_eq!(
        Timestamp::try_from(jiff::Timestamp::try_from(now).expect("in range")).expect("in range"),
        now
    );
}

#[test]
fn json_has_text_and_clixml_a_date() {
    let at: Timestamp = "2024-05-01T12:34:56.5Z".parse().expect("an instant");
    assert_eq!(
        serde_json::to_string(&at).expect("text"),
        "\"2024-05-01T12:34:56.5Z\""
    );
    assert_eq!(
        serde_json::from_str::<Timestamp>("\"2024-05-01T12:34:56.5Z\"").expect("an instant"),
        at
    );
    assert!(
        clixml::to_string(&at)
            .expect("a date")
            .contains("<DT>2024-05-01T12:34:56.5Z</DT>")
    );
    assert_eq!(round_trip(&at), at);
}

#[test]
fn the_datetime_module_accepts_every_instant() {
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Visits {
        #[serde(with = "clixml::datetime")]
        ours: Timestamp,
        #[serde(with = "clixml::datetime")]
        jiffs: jiff::Timestamp,
        #[serde(with = "clixml::datetime")]
        perhaps: Option<jiff::Timestamp>,
        #[serde(with = "clixml::datetime")]
        never: Option<Timestamp>,
    }
    let jiffs: jiff::Timestamp = "2024-05-01T12:34:56.5Z".parse().expect("an instant");
    let visits = Visits {
        ours: Timestamp::MAX,
        jiffs,
        perhaps: Some(jiffs),
        never: None,
    };
    assert_eq!(round_trip(&visits), visits);
    let written = clixml::to_string(&visits).expect("it is written");
    assert_eq!(written.matches("<DT ").count(), 3);
    assert!(written.contains("<Nil N=\"never\" />"));
    let json = serde_json::to_string(&visits).expect("JSON");
    assert_eq!(serde_json::from_str::<Visits>(&json).expect("back"), visits);
}

#[test]
fn a_date_without_a_zone_is_utc() {
    for (text, instant) in [
        ("2024-05-01T12:00:00", "2024-05-01T12:00:00Z"),
        ("2024-05-01T12:00:00+02:00", "2024-05-01T10:00:00Z"),
        ("2024-05-01", "2024-05-01T00:00:00Z"),
        ("0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00Z"),
        ("9999-12-31T23:59:59-05:00", "9999-12-31T23:59:59.9999999Z"),
    ] {
        let read: Timestamp =
            clixml::from_str(&document(&format!("<DT>{text}</DT>"))).expect("a date");
        assert_eq!(read.to_string(), instant);
    }
}

#[test]
fn a_month_or_a_day_alone_is_of_this_year_as_in_dotnet() {
    let read = |text: &str| -> String {
        let date: clixml::DateTime =
            clixml::from_str(&document(&format!("<DT>{text}</DT>"))).expect("it is read");
        date.to_string()
    };
    let year = &Timestamp::now().to_string()[..4];
    assert_eq!(read("--05"), format!("{year}-05-01T00:00:00"));
    assert_eq!(read("--05--"), format!("{year}-05-01T00:00:00"));
    assert_eq!(read("---05"), format!("{year}-01-05T00:00:00"));
    assert_eq!(read("--02-29"), "1904-02-29T00:00:00");
}
