"""Whatever a file holds, reading it ends with a document and findings, soon."""

from __future__ import annotations

import os
import pickle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.documents.reading import Document, Format, claims_of, compare_code, read_document
from core.errors import UsageError
from tests.core.documents.reading.reading_text import codes, document, sources

KILO = 1024
CODE = "```python\nx = 1\n```\n"


def stored(folder: Path, name: str, raw: bytes) -> Document:
    path = folder / name
    path.write_bytes(raw)
    return read_document(path)


def test_a_path_that_is_no_file_is_wrong_usage(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    for path in (tmp_path / "none.md", tmp_path, tmp_path / "pipe.md", Path("a\x00b")):
        with pytest.raises(UsageError, match="the document"):
            read_document(path)


def test_bytes_that_are_not_utf8_are_a_finding_on_their_line(tmp_path: Path) -> None:
    read = stored(tmp_path, "guide.md", CODE.encode() + b"\nCaf\xe9\n")
    assert (["document-encoding"], ["x = 1"]) == (codes(read), sources(read))
    assert read.findings[0].where.endswith("guide.md:5")
    assert "0xe9" in read.findings[0].evidence


@pytest.mark.parametrize("raw", [b"a\x00b", b"%PDF-1.4\n\x00\xff", b"\xff\xfea"])
def test_what_is_no_text_is_unreadable(tmp_path: Path, raw: bytes) -> None:
    assert ["document-unreadable"] == codes(stored(tmp_path, "guide.md", raw))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_marks_of_other_unicode_encodings_are_understood(tmp_path: Path, encoding: str) -> None:
    read = stored(tmp_path, "guide.md", CODE.encode(encoding))
    assert ([], ["x = 1"]) == (codes(read), sources(read))


def test_line_ends_of_windows_change_nothing(tmp_path: Path) -> None:
    read = stored(tmp_path, "guide.md", b"# T\r\n\r\n```python\r\nx = 1\r\ny = 2\r\n```\r\n")
    assert ["x = 1\ny = 2"] == sources(read)
    assert (4, 5) == read.cells[0].lines


@pytest.mark.parametrize("name", ["guide.md", "guide.ipynb", "guide.py", "guide.Rmd", "page.txt"])
def test_an_empty_file_has_no_code(tmp_path: Path, name: str) -> None:
    read = stored(tmp_path, name, b"")
    assert (["no-code"], ()) == (codes(read), read.cells)
    assert "empty" in read.findings[0].evidence
    assert 1 == len(read.sections)


def test_prose_alone_has_no_code(tmp_path: Path) -> None:
    read = document(tmp_path, "prose.md", "# Hello\n\nwords\n\n```bash\nls\n```\n")
    assert ["no-code"] == codes(read)


def test_a_syntax_error_is_a_finding_on_its_line_and_the_rest_is_read(tmp_path: Path) -> None:
    text = "```python\nx = 1\ny = (\n```\n\n```python\nz = 1\n```\n\n```r\nx <- (\n```\n"
    read = document(tmp_path, "guide.md", text)
    assert ["guide.md:3", "guide.md:11"] == [Path(f.where).name for f in read.findings]
    assert {"cell-error"} == set(codes(read))
    assert "cell 1 is not valid Python: '(' was never closed" == read.findings[0].message
    assert 3 == len(read.cells)


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("page.txt", Format.MARKDOWN),
        ("page", Format.MARKDOWN),
        ("guide.Rmd", Format.R_MARKDOWN),
        ("guide.MD", Format.MARKDOWN),
    ],
)
def test_content_decides_where_the_name_says_nothing(
    tmp_path: Path, name: str, found: Format
) -> None:
    read = document(tmp_path, name, CODE)
    assert (found, ["x = 1"], []) == (read.format, sources(read), codes(read))


def test_a_wrong_ending_is_noted_and_the_content_read(tmp_path: Path) -> None:
    notebook = '{"cells": [{"cell_type": "code", "execution_count": null, "metadata": {},'
    notebook += ' "outputs": [], "source": ["x = 1"]}], "metadata": {}, "nbformat": 4,'
    notebook += ' "nbformat_minor": 4}'
    for name, text, found in (
        ("a.md", notebook, Format.NOTEBOOK),
        ("a.py", f"# Title\n\nSome words here.\n\n{CODE}", Format.MARKDOWN),
    ):
        read = document(tmp_path, name, text)
        assert (found, ["x = 1"], ["document-format"]) == (read.format, sources(read), codes(read))
        assert not read.findings[0].fails


@pytest.mark.parametrize("name", ["big.md", "big.py", "big.txt", "big.ipynb", "big.Rmd"])
def test_fifty_megabytes_are_refused_or_read_but_never_a_hang(tmp_path: Path, name: str) -> None:
    read = stored(tmp_path, name, b"x = 1\n" * (50 * KILO * KILO // 6))
    wanted = "document-unreadable" if name.endswith("ipynb") else "document-too-large"
    assert ([wanted], ()) == (codes(read), read.cells)


def test_more_than_a_notebook_may_hold_is_not_even_loaded(tmp_path: Path) -> None:
    path = tmp_path / "huge.ipynb"
    with path.open("wb") as file:
        file.truncate(10_000 * KILO * KILO)
    assert ["document-too-large"] == codes(read_document(path))


HOSTILE = {
    "brackets.md": b"[" * 900 * KILO,
    "quotes.md": b">" * 900 * KILO,
    "fences.md": b"```\n" * 9 * KILO,
    "divs.md": b'<div class="k-default-codeblock">\n```a\n' * 9 * KILO,
    "pre.md": b"<pre>" * 99 * KILO,
    "lists.md": b"\n".join(b" " * (n % 300) + b"- a" for n in range(4000)),
    "references.md": b"[a]: b\n" * 9 * KILO,
    "heading.md": b"# " + b"*a_" * 9 * KILO,
    "pictures.md": b"```python\nx = 1\n```\n" + b"![a](b.png)\n\n" * 4 * KILO,
    "cells.md": b"```python\nx = 1\n```\n\n" * 9 * KILO,
    "untagged.md": b"".join(b"```\nx y %d\n\n```\n\n" % n for n in range(6000)),
    "header.md": b"---\na: " + b"[" * 9 * KILO + b"\n---\n\nwords\n",
    "aliases.md": b"---\na: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n---\n\n" + CODE.encode(),
    "parentheses.py": b"x = " + b"(" * 20 * KILO + b")" * 20 * KILO,
    "minus.py": b"x = " + b"-" * 20 * KILO + b"1\n",
    "sum.py": b"x = " + b"1+" * 20 * KILO + b"1\n",
    "indented.py": b"".join(b" " * n + b"if x:\n" for n in range(300)),
    "parentheses.Rmd": b"```{r}\nx <- " + b"(" * 99 * KILO + b"\n```\n",
    "open.txt": b"(\n" * 99 * KILO,
    "names.txt": b"a\n" * 99 * KILO,
    "quoted.txt": b"'''\nabc def\n" * 9 * KILO,
    "long.txt": b"a" * 200 * KILO,
    "loops.txt": b"for i in x:\n  f(i)\n\n" * 9 * KILO,
    "output.md": CODE.encode() + b"```\n" + b"1.5 " * 99 * KILO + b"\n```\n",
    "surrogate.md": b'```python\nx = "\\ud800"\n```\n',
}


@pytest.mark.timeout(60)
@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_hostile_files_end_as_documents(tmp_path: Path, name: str) -> None:
    read = stored(tmp_path, name, HOSTILE[name])
    assert 1 <= len(read.sections)
    claims_of(read)
    compare_code(read, read)


def test_limits_are_said_in_the_finding(tmp_path: Path) -> None:
    (finding,) = stored(tmp_path, "cells.md", HOSTILE["cells.md"]).findings
    assert "9,216 cells; the limit is 5,000" == finding.evidence


@given(st.text(max_size=300), st.sampled_from(["a.md", "a.Rmd", "a.py", "a.ipynb", "a.txt", "a.R"]))
def test_any_text_is_read(tmp_path_factory: pytest.TempPathFactory, text: str, name: str) -> None:
    raw = text.encode("utf-8", "replace")
    read = stored(tmp_path_factory.mktemp("any"), name, raw)
    for cell in read.cells:
        assert len(cell.lines) == len(cell.source.split("\n"))
        assert list(cell.lines) == sorted(cell.lines)


def test_a_document_survives_pickling(tmp_path: Path) -> None:
    read = document(tmp_path, "guide.md", CODE)
    assert read.cells == pickle.loads(pickle.dumps(read.cells))
