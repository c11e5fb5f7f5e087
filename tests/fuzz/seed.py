"""Turns each case of the fixtures into a file of the corpus."""

import json
import pathlib

here = pathlib.Path(__file__).resolve().parent
fixtures = here.parent / "fixtures" / "clixml"
for target in ("read", "state"):
    corpus = here / "corpus" / target
    corpus.mkdir(parents=True, exist_ok=True)
    for file in sorted(fixtures.glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            case = json.loads(line)
            document = case["document"].encode("utf-8", "surrogatepass")
            (corpus / f"{file.stem}-{case['name']}").write_bytes(document)
    for file in sorted(fixtures.glob("*.clixml")):
        (corpus / file.name).write_bytes(file.read_bytes())
