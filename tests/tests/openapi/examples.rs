//! The servers among the examples: their documents are valid, and a client that draws requests from them finds nothing that
//! the document does not say.

use crate::tools::{printed, tool};
use kr_tests::{Client, Program, example};
use serde_json::Value;
use std::path::Path;

const SERVERS: [&str; 5] = ["bank", "carts", "large", "live", "snapshots"];

/// How many requests are drawn for each operation, unless `KR_OPENAPI_REQUESTS` says.
const REQUESTS: &str = "25";

async fn document(program: &Program) -> String {
    let mut client = Client::connect(program.address).await;
    let response = client.get("/openapi.json").await;
    assert_eq!(response.status, 200);
    response.text()
}

#[tokio::test]
async fn each_serves_its_document_and_the_page() {
    for server in SERVERS {
        let program = Program::start(&example(server));
        let document: Value = serde_json::from_str(&document(&program).await).unwrap();
        assert_eq!(document["openapi"], "3.1.0", "{server}");
        let mut client = Client::connect(program.address).await;
        assert_eq!(client.get("/docs").await.status, 200, "{server}");
    }
}

#[tokio::test]
async fn each_document_passes_a_validator() {
    let folder = tempfile::tempdir().unwrap();
    for server in SERVERS {
        let Some(mut validator) = tool("openapi-spec-validator") else {
            return;
        };
        let program = Program::start(&example(server));
        let file = folder.path().join(format!("{server}.json"));
        std::fs::write(&file, document(&program).await).unwrap();
        let output = validator
            .args(["--schema", "3.1"])
            .arg(&file)
            .output()
            .unwrap();
        assert!(output.status.success(), "{server}: {}", printed(&output));
    }
}

#[test]
fn a_client_that_draws_requests_from_a_document_finds_nothing() {
    let settings = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/openapi/schemathesis.toml");
    let requests = std::env::var("KR_OPENAPI_REQUESTS").unwrap_or(REQUESTS.to_owned());
    let folder = tempfile::tempdir().unwrap();
    for server in SERVERS {
        let Some(mut client) = tool("schemathesis") else {
            return;
        };
        let program = Program::start(&example(server));
        let output = client
            .current_dir(&folder)
            .env("PYTHONPATH", settings.parent().unwrap())
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .arg("--config-file")
            .arg(&settings)
            .arg("run")
            .arg(format!("http://{}/openapi.json", program.address))
            .args([
                "--max-examples",
                &requests,
                "--no-color",
                "--request-timeout",
                "10",
            ])
            .output()
            .unwrap();
        assert!(output.status.success(), "{server}: {}", printed(&output));
    }
}
