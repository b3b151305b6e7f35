"""Where the code of two documents differs."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from core.documents.reading import Document, compare_code, drift_findings
from core.documents.reading.assembling import assemble
from core.documents.reading.blocks import Code, numbered
from core.documents.reading.document import Format
from core.trace.finding import FindingCode, Severity
from tests.core.documents.reading.reading_text import document


def of_code(name: str, *cells: str) -> Document:
    """A document of Python cells, one after the other."""
    blocks = []
    line = 1
    for cell in cells:
        blocks.append(Code(numbered(cell, line), "python"))
        line += cell.count("\n") + 3
    return assemble(Path(name), Format.PAGE, {}, blocks)


LOOP = "for x in data:\n    step(x)\n    log(x)"


def test_layout_comments_and_cells_do_not_matter() -> None:
    a = of_code("a.md", "import os\nx = 'a'", LOOP)
    b = of_code("b.md", 'import os  # words\n\n\nx = "a"\n' + LOOP)
    compared = compare_code(a, b)
    assert compared.identical
    assert ((5, 5), 5) == (compared.statements, compared.same)


def test_a_changed_row_inside_a_loop_is_that_row() -> None:
    a = of_code("a.md", "x = 1", LOOP)
    b = of_code("b.md", "x = 1\n" + LOOP.replace("log(x)", "log(x + 1)"))
    (difference,) = compare_code(a, b).differences
    assert ("changed", (6, 6), (4, 4)) == (
        difference.kind, difference.a_lines, difference.b_lines,
    )  # fmt: skip
    assert ("    log(x)", "    log(x + 1)") == (difference.a_code, difference.b_code)


def test_missing_and_added_code_name_where_they_would_stand() -> None:
    a = of_code("a.md", "x = 1\ny = 2\nz = 3")
    b = of_code("b.md", "x = 1\nz = 3\nw = 4")
    missing, added = compare_code(a, b).differences
    assert ("missing", (2, 2), (1, 1)) == (missing.kind, missing.a_lines, missing.b_lines)
    assert ("added", (3, 3), (3, 3)) == (added.kind, added.a_lines, added.b_lines)


def test_a_row_moved_out_of_its_loop_is_a_difference() -> None:
    moved = of_code("b.md", LOOP.replace("    log", "log"))
    assert not compare_code(of_code("a.md", LOOP), moved).identical


def test_documents_in_two_languages_are_not_compared(tmp_path: Path) -> None:
    r = document(tmp_path, "r.md", "```r\nx <- 1\n```\n")
    assert not compare_code(of_code("a.md", "x = 1"), r).comparable
    assert not compare_code(of_code("a.md", "x = 1"), r).identical


def test_documents_too_long_to_align_are_not_compared() -> None:
    long = of_code("a.md", "x = 1\n" * 5001)
    assert not compare_code(long, long).comparable


def test_findings_stand_on_the_lines_of_the_second_document() -> None:
    a, b = of_code("a.md", "x = 1"), of_code("b.md", "y = 0\n\nx = 2")
    findings = drift_findings(FindingCode.TRANSLATION_DRIFT, a, b, compare_code(a, b))
    assert [("translation-drift", Severity.WARNING, "b.md:1")] == [
        (f.code, f.severity, f.where) for f in findings
    ]
    assert "this code differs from a.md:1" == findings[0].message


@given(st.lists(st.sampled_from(["x = 1", "f()", LOOP, "y = 'a'"]), max_size=6))
def test_a_document_is_identical_with_itself_and_differs_from_any_other(cells: list[str]) -> None:
    a = of_code("a.md", *cells)
    assert compare_code(a, a).identical
    assert not compare_code(a, of_code("b.md", *cells, "new = 1")).identical
