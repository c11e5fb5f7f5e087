//! The modules for `#[serde(with = ...)]`.

use std::time::Duration;

use kr_runtime::clixml::{self, DateTime, Decimal, Guid, SecureString, Version};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::support::{object, round_trip};

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct All {
    #[serde(with = "clixml::datetime")]
    kept: DateTime,
    #[serde(with = "clixml::datetime")]
    civil: jiff::civil::DateTime,
    #[serde(with = "clixml::duration")]
    timeout: Duration,
    #[serde(with = "clixml::duration")]
    span: Option<jiff::SignedDuration>,
    #[serde(with = "clixml::guid")]
    guid: uuid::Uuid,
    #[serde(with = "clixml::guid")]
    text_guid: Option<String>,
    #[serde(with = "clixml::decimal")]
    price: rust_decimal::Decimal,
    #[serde(with = "clixml::decimal")]
    exact: Decimal,
    #[serde(with = "clixml::version")]
    version: String,
    #[serde(with = "clixml::uri")]
    url: url::Url,
    #[serde(with = "clixml::uri")]
    uri: Option<String>,
    #[serde(with = "clixml::utf16_unit")]
    unit: u16,
    #[serde(with = "clixml::script_block")]
    script: String,
    #[serde(with = "clixml::xml_document")]
    xml: String,
    #[serde(with = "clixml::bytes")]
    bytes: Vec<u8>,
    #[serde(with = "clixml::bytes")]
    array: [u8; 3],
    #[serde(with = "clixml::bytes")]
    none: Option<Box<[u8]>>,
    bare_guid: Guid,
    bare_version: Version,
    bare_decimal: Decimal,
    bare_date: DateTime,
    secret: SecureString,
    single: f32,
}

fn all() -> All {
    All {
        kept: "2024-05-01T12:00:00+05:30".parse().expect("a date"),
        civil: jiff::civil::date(9999, 12, 31).at(23, 59, 59, 999_999_900),
        timeout: Duration::new(86_400 + 5, 500),
        span: Some(jiff::SignedDuration::from_millis(-1_500)),
        guid: uuid::Uuid::from_u128(0x6b29_fc40_ca47_1067_b31d_00dd_0106_62da),
        text_guid: None,
        price: "1.10".parse().expect("a price"),
        exact: "79228162514264337593543950335".parse().expect("a number"),
        version: "1.2.3.4".into(),
        url: "https://example.com/?a=b&c".parse().expect("a URL"),
        uri: Some("a/b".into()),
        unit: 0xD83D,
        script: "Get-Date; \"x<y\"\n".into(),
        xml: "<a b=\"c\">d</a>".into(),
        bytes: vec![0, 255],
        array: [1, 2, 3],
        none: None,
        bare_guid: Guid::from_u128(7),
        bare_version: "7.6".parse().expect("a version"),
        bare_decimal: "-0.50".parse().expect("a number"),
        bare_date: "2024-05-01T12:00:00".parse().expect("a date"),
        secret: "7000610073007300".parse().expect("digits"),
        single: 0.1,
    }
}

#[test]
fn every_type_has_its_element_and_round_trips() {
    let value = all();
    assert_eq!(round_trip(&value), value);
    let document = clixml::to_string(&value).expect("it is written");
    for element in [
        r#"<DT N="kept">2024-05-01T12:00:00+05:30</DT>"#,
        r#"<DT N="civil">9999-12-31T23:59:59.9999999</DT>"#,
        r#"<TS N="timeout">P1DT5.0000005S</TS>"#,
        r#"<TS N="span">-PT1.5S</TS>"#,
        r#"<G N="guid">6b29fc40-ca47-1067-b31d-00dd010662da</G>"#,
        r#"<Nil N="text_guid" />"#,
        r#"<D N="price">1.10</D>"#,
        r#"<D N="exact">79228162514264337593543950335</D>"#,
        r#"<Version N="version">1.2.3.4</Version>"#,
        r#"<URI N="url">https://example.com/?a=b&amp;c</URI>"#,
        r#"<URI N="uri">a/b</URI>"#,
        r#"<C N="unit">55357</C>"#,
        r#"<SBK N="script">Get-Date; "x&lt;y"_x000A_</SBK>"#,
        r#"<XD N="xml">&lt;a b="c"&gt;d&lt;/a&gt;</XD>"#,
        r#"<BA N="bytes">AP8=</BA>"#,
        r#"<BA N="array">AQID</BA>"#,
        r#"<Nil N="none" />"#,
        r#"<D N="bare_decimal">-0.50</D>"#,
        r#"<SS N="secret">7000610073007300</SS>"#,
        r#"<Sg N="single">0.1</Sg>"#,
    ] {
        assert!(document.contains(element), "{element}\n{document}");
    }
}

#[test]
fn other_formats_see_text() {
    let value = all();
    let json = serde_json::to_string(&value).expect("JSON");
    assert!(
        json.contains(r#""price":"1.10""#) && json.contains(r#""timeout":"P1DT5.0000005S""#),
        "{json}"
    );
    assert_eq!(serde_json::from_str::<All>(&json).expect("back"), value);
}

fn field<T: DeserializeOwned>(element: &str) -> Result<T, String> {
    clixml::from_str(&object(element)).map_err(|error| error.to_string())
}

#[test]
fn valid_text_is_read_in_place_of_an_element() {
    #[derive(Debug, Deserialize)]
    struct Id {
        #[serde(with = "clixml::guid")]
        a: Guid,
    }
    let id: Id = field(r#"<S N="a">{6B29FC40-CA47-1067-B31D-00DD010662DA}</S>"#).expect("a GUID");
    assert_eq!(id.a.to_string(), "6b29fc40-ca47-1067-b31d-00dd010662da");
    let message = field::<Id>(r#"<S N="a">five</S>"#).expect_err("no GUID");
    assert!(
        message.starts_with("a (line 1, column 100): expected a GUID such as"),
        "{message}"
    );
    let message = field::<Id>(r#"<I32 N="a">5</I32>"#).expect_err("no GUID");
    assert!(message.contains("found number 5"), "{message}");
}

#[test]
fn values_without_a_dotnet_counterpart_are_refused() {
    #[derive(Serialize, Deserialize, Debug)]
    struct Times {
        #[serde(with = "clixml::duration")]
        span: Duration,
    }
    let error = clixml::to_string(&Times {
        span: Duration::MAX,
    })
    .expect_err("too long");
    assert_eq!(error.path(), "span");
    let message = field::<Times>(r#"<TS N="span">-PT1S</TS>"#).expect_err("negative");
    assert!(message.contains("cannot be negative"), "{message}");

    #[derive(Debug, Deserialize)]
    struct Secret {
        #[serde(rename = "a")]
        _a: String,
    }
    let message = field::<Secret>(r#"<SS N="a">7000</SS>"#).expect_err("a secret");
    assert!(
        message.contains("expected a string, found a secure string"),
        "{message}"
    );

    #[derive(Debug, Deserialize)]
    struct Three {
        #[serde(with = "clixml::bytes", rename = "a")]
        _a: [u8; 3],
    }
    let message = field::<Three>(r#"<BA N="a">AAA=</BA>"#).expect_err("two bytes");
    assert!(message.contains("found 2"), "{message}");
}
