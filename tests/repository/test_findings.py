"""`docs/findings.md` is what `python -m tools.findings` writes of the registry."""

from core.trace.codes import FindingCode
from tools.findings import DOCUMENT, render


def test_the_page_is_what_the_registry_gives() -> None:
    assert render() == DOCUMENT.read_text(encoding="utf-8")


def test_every_code_has_a_row_of_four_columns() -> None:
    rows = [line for line in render().splitlines() if line.startswith("| `")]
    assert len(FindingCode) == len(rows)
    assert {5} == {row.count("|") for row in rows}
