//! URIs, scripts and XML documents.

use super::field_module::{checked, field_module};
#[cfg(feature = "url")]
use super::field_module::{displayed, parsed};

field_module! {
    /// A URI as `<URI>`: `String`, and with the feature `url`, `url::Url`.
    ///
    /// ```
    /// use kr_runtime::clixml;
    /// use serde::{Deserialize, Serialize};
    ///
    /// #[derive(Serialize, Deserialize)]
    /// struct Link {
    ///     #[serde(with = "clixml::uri")]
    ///     to: String,
    /// }
    ///
    /// let link = Link { to: "https://example.com/a?b=c&d".into() };
    /// assert!(clixml::to_string(&link)?.contains("<URI N=\"to\">https://example.com/a?b=c&amp;d</URI>"));
    /// # Ok::<(), clixml::Error>(())
    /// ```
    uri Uri {
        String => |value| checked(Kind::Uri, value), |text| Ok(text.to_owned());
        #[cfg(feature = "url")]
        url::Url => displayed, parsed;
    }
}

field_module! {
    /// The source of a script block as `<SBK>`: `String`.
    ///
    /// ```
    /// use kr_runtime::clixml;
    /// use serde::{Deserialize, Serialize};
    ///
    /// #[derive(Serialize, Deserialize)]
    /// struct Job {
    ///     #[serde(with = "clixml::script_block")]
    ///     script: String,
    /// }
    ///
    /// assert!(clixml::to_string(&Job { script: "Get-Date".into() })?.contains("<SBK N=\"script\">Get-Date</SBK>"));
    /// # Ok::<(), clixml::Error>(())
    /// ```
    script_block ScriptBlock {
        String => |value| Ok(value.clone()), |text| Ok(text.to_owned());
    }
}

field_module! {
    /// The text of an XML document as `<XD>`: `String`.
    ///
    /// ```
    /// use kr_runtime::clixml;
    /// use serde::{Deserialize, Serialize};
    ///
    /// #[derive(Serialize, Deserialize)]
    /// struct Config {
    ///     #[serde(with = "clixml::xml_document")]
    ///     xml: String,
    /// }
    ///
    /// assert!(clixml::to_string(&Config { xml: "<a />".into() })?.contains("<XD N=\"xml\">&lt;a /&gt;</XD>"));
    /// assert!(clixml::to_string(&Config { xml: "<a>".into() }).is_err());
    /// # Ok::<(), clixml::Error>(())
    /// ```
    xml_document XmlDocument {
        String => |value| checked(Kind::XmlDocument, value), |text| Ok(text.to_owned());
    }
}
