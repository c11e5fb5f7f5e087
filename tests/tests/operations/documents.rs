//! Documents of a whole host: written and read value by value, by other programs and earlier versions too.

use crate::whole::{change, documents, filled, restore};
use kr_runtime::prelude::*;
use serde_json::Value;

/// As other programs write it, which sort members by name.
#[tokio::test]
async fn the_order_of_members_does_not_matter() {
    let site = filled().await;
    let [document, _] = documents(&site).await;
    let sorted: std::collections::BTreeMap<String, Value> =
        serde_json::from_str(&document).unwrap();
    let mut sorted = serde_json::to_value(sorted).unwrap();
    sorted.as_object_mut().unwrap().remove("sha256");
    let sorted = sorted.to_string();
    assert!(
        sorted.find("\"instances\"") < sorted.find("\"version\""),
        "{sorted}"
    );
    change(&site).await;
    let restored = restore(&site, &sorted).await.unwrap();
    assert_eq!((restored.states, restored.instances), (2, 2));
}

#[tokio::test]
async fn a_reader_and_a_writer_are_told_how_far_they_are() {
    let site = filled().await;
    let snapshot = site.snapshot().await.unwrap();
    let (mut document, mut written, mut read) = (Vec::new(), Vec::new(), Vec::new());
    snapshot
        .write_json(&mut document, |it| {
            written.push((it.values, it.of, it.bytes));
        })
        .unwrap();
    let values: Vec<_> = written.iter().map(|it| it.0).collect();
    assert_eq!(values, [1, 2, 3, 4, 4], "once more at the end");
    assert!(written.is_sorted_by_key(|it| it.2));
    assert_eq!(written[4], (4, Some(4), document.len() as u64));
    let again = site.read_snapshot_from(&document[..], |it| read.push((it.values, it.of)));
    assert_eq!(again.unwrap().values(), 4);
    assert_eq!(read.last(), Some(&(4, Some(4))));
}

/// A disk that is full after so many bytes.
struct Full(usize);

impl std::io::Write for Full {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        match self.0.checked_sub(bytes.len()) {
            Some(rest) => self.0 = rest,
            None => return Err(std::io::Error::other("the disk is full")),
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn a_writer_that_fails_is_an_error() {
    let snapshot = filled().await.snapshot().await.unwrap();
    for room in [0, 100, 300] {
        let error = snapshot.write_json(Full(room), |_| ()).unwrap_err();
        assert!(error.to_string().contains("the disk is full"), "{error}");
    }
}

#[tokio::test]
async fn what_json_has_no_form_for_is_an_error_with_its_place() {
    #[derive(Clone, Serialize, Deserialize, SharedState)]
    #[shared_state(lock = "rates")]
    struct Rates {
        rates: Vec<f64>,
    }
    #[derive(Host)]
    struct Bank {
        rates: Shared<Rates>,
    }
    let rates = Rates {
        rates: vec![1.0, f64::NAN],
    };
    let bank = Bank {
        rates: Shared::new(rates),
    };
    let error = bank.snapshot().await.unwrap().to_json().unwrap_err();
    let error = error.to_string();
    assert!(
        error.starts_with("state `Rates` cannot be written") && error.contains("rates[1]"),
        "{error}"
    );
}

#[tokio::test]
async fn a_document_of_an_earlier_version_is_upgraded() {
    mod first {
        use super::*;
        #[derive(Clone, Serialize, Deserialize, SharedState)]
        #[shared_state(lock = "user")]
        pub(super) struct User {
            pub(super) age: u32,
        }
        #[derive(Host)]
        pub(super) struct Site {
            pub(super) user: Shared<User>,
        }
    }
    fn from_first(version: u32, json: Value) -> std::result::Result<User, String> {
        let age = json["age"].as_u64().ok_or("no age")?;
        match (version, age) {
            (1, 0..=150) => Ok(User { born: 2026 - age }),
            _ => Err(format!("{age} is no age")),
        }
    }
    #[derive(Clone, Serialize, Deserialize, SharedState)]
    #[shared_state(lock = "user", version = 2, upgrade = from_first)]
    struct User {
        born: u64,
    }
    #[derive(Host)]
    struct Site {
        user: Shared<User>,
    }
    let site = Site {
        user: Shared::new(User { born: 0 }),
    };
    for (age, expected) in [
        (26, Ok(2000)),
        (999, Err("the upgrade from version 1 failed: 999 is no age")),
    ] {
        let first = first::Site {
            user: Shared::new(first::User { age }),
        };
        let snapshot = first.snapshot().await.unwrap();
        for document in [snapshot.to_json().unwrap(), snapshot.to_clixml().unwrap()] {
            match (site.read_snapshot(document.as_bytes()), expected) {
                (Ok(snapshot), Ok(born)) => {
                    let preview = site.preview_restore(snapshot).await.unwrap();
                    site.restore_all(preview).await.unwrap();
                    assert_eq!(site.read::<User>().await.unwrap().born, born);
                }
                (Err(error), Err(expected)) => {
                    assert!(error.to_string().contains(expected), "{error}");
                }
                (found, expected) => panic!("{found:?} instead of {expected:?}"),
            }
        }
    }
    let newer = site.snapshot().await.unwrap().to_json().unwrap();
    let first = first::Site {
        user: Shared::new(first::User { age: 1 }),
    };
    let error = first
        .read_snapshot(newer.as_bytes())
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("version 2 there and version 1 here"),
        "{error}"
    );
}
