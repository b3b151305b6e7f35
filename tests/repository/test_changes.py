"""`docs/changes.md` is what `python -m tools.changes` writes of `docs/changes.json`."""

import json
from pathlib import Path

from tools.changes.changelog import render
from tools.changes.entries import KINDS

DOCS = Path(__file__).resolve().parents[2] / "docs"
DOCUMENT = json.loads((DOCS / "changes.json").read_text(encoding="utf-8"))


def test_the_page_is_what_the_recorded_document_gives() -> None:
    assert render(DOCUMENT) == (DOCS / "changes.md").read_text(encoding="utf-8")


def test_keras_2_and_every_minor_of_keras_3_are_there() -> None:
    releases = [
        section["spec"].split()[0].removeprefix("keras==") for section in DOCUMENT["sections"]
    ]
    minors = [release.rpartition(".")[0] for release in releases]
    assert ["2.15", *(f"3.{minor}" for minor in range(15))] == minors


def test_every_entry_has_evidence_and_every_one_but_the_quiet_a_guide() -> None:
    found = [entry for section in DOCUMENT["sections"] for entry in section["entries"]]
    assert found
    assert [] == [e for e in found if not e["evidence"] or e["kind"] not in KINDS]
    assert [] == [e for e in found if not e["guides"] and e["kind"] != "quiet"]
