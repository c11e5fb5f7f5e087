//! The modules for `#[serde(with = …)]`.

/// An instant as `<DT>…Z</DT>`, for [`Timestamp`](crate::Timestamp) and [`jiff::Timestamp`], and options of them.
///
/// Other formats get the text of RFC 3339.
///
/// Reading takes any date that PowerShell reads. One with an offset becomes the instant that it means; one without a
/// zone, .NET's `Unspecified` kind, is taken as UTC. CLIXML counts in ticks of 100 ns: what is finer is cut off.
///
/// ```
/// use kr_runtime::{Timestamp, clixml};
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Serialize, Deserialize)]
/// struct Visit {
///     #[serde(with = "clixml::datetime")]
///     at: Timestamp,
/// }
///
/// let visit = Visit { at: "2024-05-01T14:34:56+02:00".parse()? };
/// assert!(clixml::to_string(&visit)?.contains("<DT N=\"at\">2024-05-01T12:34:56Z</DT>"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub mod datetime {
    use serde::{Deserialize as _, Deserializer, Serialize, Serializer};

    use crate::Timestamp;

    /// Writes the instant.
    ///
    /// ```
    /// use kr_runtime::{Timestamp, clixml};
    ///
    /// #[derive(serde::Serialize)]
    /// struct Visit(#[serde(with = "clixml::datetime")] Timestamp);
    ///
    /// assert!(clixml::to_string(&Visit(Timestamp::default()))?.contains("<DT>1970-01-01T00:00:00Z</DT>"));
    /// # Ok::<(), clixml::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If the instant lies outside the years 1 to 9999, or if the format fails.
    pub fn serialize<T: Instant, S: Serializer>(
        value: &T,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        value
            .to_timestamp()
            .map_err(serde::ser::Error::custom)?
            .serialize(serializer)
    }

    /// Reads the instant.
    ///
    /// ```
    /// use kr_runtime::{Timestamp, clixml};
    ///
    /// #[derive(serde::Deserialize)]
    /// struct Visit {
    ///     #[serde(with = "clixml::datetime")]
    ///     at: Option<Timestamp>,
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// If there is no date, or none that the type holds.
    pub fn deserialize<'de, T: Instant, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<T, D::Error> {
        T::from_timestamp(<T::Form as private::Form>::read(deserializer)?)
            .map_err(serde::de::Error::custom)
    }

    /// The types that this module reads and writes; implemented for instants and options of them.
    ///
    /// ```
    /// fn takes(_: impl kr_runtime::clixml::datetime::Instant) {}
    /// takes(kr_runtime::Timestamp::default());
    /// ```
    pub trait Instant: Sized + private::Sealed {
        #[doc(hidden)]
        type Form: private::Form;
        #[doc(hidden)]
        fn to_timestamp(&self) -> Result<Self::Form, jiff::Error>;
        #[doc(hidden)]
        fn from_timestamp(form: Self::Form) -> Result<Self, jiff::Error>;
    }

    impl Instant for Timestamp {
        type Form = Timestamp;
        fn to_timestamp(&self) -> Result<Timestamp, jiff::Error> {
            Ok(*self)
        }
        fn from_timestamp(form: Timestamp) -> Result<Self, jiff::Error> {
            Ok(form)
        }
    }

    impl Instant for jiff::Timestamp {
        type Form = Timestamp;
        fn to_timestamp(&self) -> Result<Timestamp, jiff::Error> {
            Timestamp::try_from(*self)
        }
        fn from_timestamp(form: Timestamp) -> Result<Self, jiff::Error> {
            jiff::Timestamp::try_from(form)
        }
    }

    impl<T: Instant<Form = Timestamp>> Instant for Option<T> {
        type Form = Option<Timestamp>;
        fn to_timestamp(&self) -> Result<Self::Form, jiff::Error> {
            self.as_ref().map(T::to_timestamp).transpose()
        }
        fn from_timestamp(form: Self::Form) -> Result<Self, jiff::Error> {
            form.map(T::from_timestamp).transpose()
        }
    }

    mod private {
        use super::*;

        pub trait Sealed {}
        impl Sealed for Timestamp {}
        impl Sealed for jiff::Timestamp {}
        impl<T: Sealed> Sealed for Option<T> {}

        pub trait Form: Serialize {
            fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error>
            where
                Self: Sized;
        }

        impl Form for Timestamp {
            fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Timestamp::deserialize(deserializer)
            }
        }

        impl Form for Option<Timestamp> {
            fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Option::deserialize(deserializer)
            }
        }
    }
}
