//! The streams of PowerShell's own output are kept.

use kr_runtime::clixml::{self, Document, Object, ReadOptions, Streamed, Value};

use crate::support::document;

const OUTPUT: &str = r#"<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">
  <Obj S="progress" RefId="0">
    <MS>
      <I64 N="SourceId">1</I64>
    </MS>
  </Obj>
  <S S="Error">no such file_x000A_</S>
  <I32 S="a &amp; &quot;b&quot;&#xA;">1</I32>
  <Nil S="output" />
  <Ref S="Warning" RefId="0" />
  <S>plain</S>
</Objs>"#;

#[test]
fn a_document_keeps_the_streams_of_its_objects() {
    let read = Document::from_slice(format!("#< CLIXML\n{OUTPUT}").as_bytes()).expect("it is read");
    let streams: Vec<_> = read.objects.iter().map(Value::stream).collect();
    assert_eq!(
        streams,
        [
            Some("progress"),
            Some("Error"),
            Some("a & \"b\"\n"),
            Some("output"),
            Some("Warning"),
            None
        ]
    );
    assert_eq!(read.to_text().expect("it is written"), OUTPUT);
    assert_eq!(read.objects[0].get("sourceid"), Some(&Value::I64(1)));
    assert_eq!(read.objects[1].as_str(), Some("no such file\n"));
    assert_eq!(read.objects[2].as_i64(), Some(1));
    assert!(read.objects[3].is_nil());
    assert_eq!(read.to_json().unwrap()[1], "no such file\n");
    assert!(
        read.tree()
            .to_string()
            .contains("[Error] \"no such file\\n\"")
    );
}

#[test]
fn a_value_keeps_its_stream() {
    let text = clixml::to_string(&Value::from(Streamed {
        stream: "Error".into(),
        value: "oops".into(),
    }))
    .expect("it is written");
    assert!(text.contains(r#"<S S="Error">oops</S>"#), "{text}");
    let value: Value = clixml::from_str(&text).expect("it is read");
    assert_eq!(value.stream(), Some("Error"));
    assert_eq!(clixml::to_string(&value).expect("it is written"), text);

    let objects: Vec<Value> = ReadOptions::new()
        .objects(OUTPUT)
        .unwrap()
        .collect::<Result<_, _>>()
        .expect("they are read");
    assert_eq!(objects[1].stream(), Some("Error"));
    let list: Vec<Value> = clixml::from_str(OUTPUT).expect("it is read");
    assert_eq!(list[1].stream(), Some("Error"));
}

#[test]
fn rust_types_read_objects_of_any_stream() {
    let text: String = clixml::from_str(&document(r#"<S S="Error">oops</S>"#)).expect("it is read");
    assert_eq!(text, "oops");
}

#[test]
fn only_an_object_of_the_document_has_a_stream() {
    let streamed = Value::from(Streamed {
        stream: "Error".into(),
        value: 1.into(),
    });
    for nested in [
        Object::list([streamed.clone()]).into(),
        Object::custom([("a", streamed.clone())]).into(),
        Value::from(Streamed {
            stream: "Output".into(),
            value: streamed.clone(),
        }),
    ] {
        assert!(clixml::to_string(&nested).is_err());
    }
    assert!(clixml::to_string(&vec![streamed]).is_err());
    // PowerShell ignores the attribute there, and so does kr.
    let nested: Value = clixml::from_str(&document(
        r#"<Obj RefId="0"><LST><S S="Error">a</S></LST></Obj>"#,
    ))
    .unwrap();
    assert_eq!(nested.items().unwrap()[0].stream(), None);
}
