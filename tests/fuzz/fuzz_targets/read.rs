//! Reading never panics; what was read is written, and reads as the same value; what was written stays as it is.
#![no_main]

use kr_runtime::clixml::{self, Document, ReadOptions, Value};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let document = match Document::from_slice(bytes) {
        Ok(document) => document,
        Err(error) => {
            let message = error.to_string();
            assert!(!message.contains('\n'), "{message}");
            return;
        }
    };
    // References may be read again, and what they mean takes its time; the bound keeps each run short.
    let options = ReadOptions::new().max_expansion(1 << 16);
    let _ = options.from_slice::<serde_json::Value>(bytes);
    let _ = options.from_slice::<Vec<String>>(bytes);
    let _ = document.tree().to_string();
    match document.to_text() {
        Ok(text) => {
            let again: Document = text.parse().expect("what is written is read");
            let twice = again.to_text().expect("what was read from our own text is written");
            assert_eq!(text, twice);
            // Ids count elements, of which an accepted document may have some that are never written.
            let third: Document = twice.parse().expect("it is read");
            assert!(same(&again, &third), "{again:?}\n{third:?}");
            if let [_] = &document.objects[..] {
                let value: Value = clixml::from_str(&text).expect("it is one value");
                assert_eq!(clixml::to_string(&value).expect("it is written"), text);
            }
        }
        // Only names cannot be written that are empty once decoded.
        Err(error) => assert!(error.to_string().contains("needs a name"), "{error}"),
    }
});

/// Equal, but for NaN, which equals nothing.
fn same(one: &Document, other: &Document) -> bool {
    one == other || format!("{one:?}") == format!("{other:?}")
}
