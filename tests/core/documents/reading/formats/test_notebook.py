"""Jupyter notebooks: cells, tags, magics, outputs, and lines in the JSON text."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from core.documents.reading import Format, OutputKind, claims_of, read_document
from tests.core.documents.reading.notebook_text import (
    code,
    kernel,
    printed,
    raised,
    result,
    shown,
    words,
    written,
)
from tests.core.documents.reading.reading_text import codes, sources


def line_holds(path: Path, line: int, text: str) -> bool:
    return json.dumps(text)[1:-1] in path.read_text(encoding="utf-8").split("\n")[line - 1]


def test_rows_of_code_and_output_stand_on_their_lines_of_the_file(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        words("# Title\n\nwords\n\n## Second"),
        code("x = 1\n\nprint(x)", printed("loss 1.5\nloss 0.5\n")),
    )
    read = read_document(path)
    (cell,) = read.cells
    for line, row in zip(cell.lines, cell.source.split("\n"), strict=True):
        assert line_holds(path, line, row)
    for line, row in cell.outputs[0].rows:
        assert line_holds(path, line, row)
    for section in read.sections:
        assert line_holds(path, section.line, section.title)
    assert 3 == len(set(cell.lines))


def test_a_minified_notebook_stands_on_one_line(tmp_path: Path) -> None:
    path = written(tmp_path, code("x = 1\ny = 2"))
    path.write_text(json.dumps(json.loads(path.read_text())), encoding="utf-8")
    assert (1, 1) == read_document(path).cells[0].lines


def test_tags_and_whole_cell_magics_decide_what_runs(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        code("1/0", tags=("raises-exception",)),
        code("x", tags=("skip-execution",)),
        code("%%bash\nls"),
        code("%%time\nz = 1"),
        code(""),
        {"cell_type": "raw", "metadata": {}, "source": ["raw"]},
    )
    cells = read_document(path).cells
    assert [None, "skip-execution", "%%bash, not Python", None] == [cell.skip for cell in cells]
    assert [True, False, False, False] == [cell.may_raise for cell in cells]
    assert "pass\nz = 1" == cells[3].runnable


def test_outputs_of_every_kind(tmp_path: Path) -> None:
    display = shown({"image/png": "AAAA", "text/plain": "<Figure>"})
    warning = printed("W 1.5\n", "stderr")
    path = written(
        tmp_path,
        code("f()", printed("a\n"), warning, display, result("0.5"), raised("ValueError", "no")),
    )
    outputs = read_document(path).outputs
    assert [
        (OutputKind.STREAM, "a"),
        (OutputKind.IMAGE, "image/png"),
        (OutputKind.RESULT, "0.5"),
        (OutputKind.ERROR, "ValueError: no"),
    ] == [(output.kind, output.text) for output in outputs]


def test_figures_of_fits_progress_bars(tmp_path: Path) -> None:
    bar = "\r\x1b[1m5/5\x1b[0m \x1b[32m━━\x1b[0m 1s 12ms/step - accuracy: 0.79 - loss: 0.71\n"
    path = written(
        tmp_path, code("model.fit(x, epochs=2)", printed(f"Epoch 1/2\n{bar}Epoch 2/2\n{bar}"))
    )
    found = [(c.name, c.epoch, c.value) for c in claims_of(read_document(path))]
    assert ("train_acc", 0, 0.79) in found
    assert ("loss", 1, 0.71) in found
    assert ("batches", 0, 5.0) in found
    assert 16 == len(found)


def test_the_kernel_says_the_language(tmp_path: Path) -> None:
    r = read_document(written(tmp_path, code("x <- 1"), metadata=kernel("R")))
    assert ["r"] == [cell.language for cell in r.cells]
    julia = read_document(written(tmp_path, code("x = 1"), metadata=kernel("julia")))
    assert (["other"], ["no-code"]) == ([cell.language for cell in julia.cells], codes(julia))


def test_code_in_markdown_cells_is_shown_only(tmp_path: Path) -> None:
    path = written(tmp_path, words("words\n\n```python\nshown = 1\n```"), code("x = 1"))
    read = read_document(path)
    assert (2, ["x = 1"]) == (len(read.cells), sources(read))


def test_the_original_is_named_in_the_metadata(tmp_path: Path) -> None:
    assert (
        "en.ipynb"
        == read_document(written(tmp_path, code("x = 1"), metadata={"tether": "en.ipynb"})).against
    )


def test_an_old_notebook_is_converted(tmp_path: Path) -> None:
    old = {
        "nbformat": 3,
        "nbformat_minor": 0,
        "metadata": {"name": "old"},
        "worksheets": [{"metadata": {}, "cells": [
            {"cell_type": "heading", "level": 2, "metadata": {}, "source": ["Part"]},
            {"cell_type": "code", "language": "python", "collapsed": False, "metadata": {},
             "prompt_number": 1, "input": ["y = 2\n", "print(1)"],
             "outputs": [{"output_type": "stream", "stream": "stdout", "text": ["loss: 0.5\n"]}]},
        ]}],
    }  # fmt: skip
    path = tmp_path / "old.ipynb"
    path.write_text(json.dumps(old, indent=1), encoding="utf-8")
    read = read_document(path)
    assert ["y = 2\nprint(1)"] == sources(read)
    assert all(
        line_holds(path, n, row)
        for n, row in zip(read.cells[0].lines, ["y = 2", "print(1)"], strict=True)
    )
    assert [0.5] == [claim.value for claim in claims_of(read)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("hello", "document-unreadable"),
        ("[]", "document-unreadable"),
        ('{"cells": ' + "[" * 9000 + "]" * 9000 + "}", "document-unreadable"),
        ('{"cells": 3, "nbformat": 4, "nbformat_minor": 4, "metadata": {}}', "document-unreadable"),
        ('{"cells": [1], "nbformat": 4, "metadata": []}', "document-unreadable"),
        ("", "no-code"),
    ],
)  # fmt: skip
def test_what_is_no_notebook_is_a_finding(tmp_path: Path, text: str, expected: str) -> None:
    path = tmp_path / "bad.ipynb"
    path.write_text(text, encoding="utf-8")
    read = read_document(path)
    assert expected in codes(read)
    assert (Format.NOTEBOOK, ()) == (read.format, read.cells)


def test_a_notebook_that_breaks_its_schema_is_read_with_a_note(tmp_path: Path) -> None:
    path = tmp_path / "odd.ipynb"
    cell = {"cell_type": "code", "source": "x = 1", "outputs": [], "metadata": {}, "own": 1}
    path.write_text(
        json.dumps({"cells": [cell], "nbformat": 4, "nbformat_minor": 4, "metadata": {}})
    )
    read = read_document(path)
    assert (["x = 1"], ["document-format"]) == (sources(read), codes(read))
    assert not read.findings[0].fails


def test_a_notebook_too_rich_in_structure_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "rich.ipynb"
    path.write_text('{"cells": [' + "1," * 5_000_001 + "1]}")
    assert ["document-too-large"] == codes(read_document(path))


def test_a_large_picture_does_no_harm(tmp_path: Path) -> None:
    image = shown({"image/png": "A" * 20_000_000})
    read = read_document(written(tmp_path, code("print(1)", image, printed("loss 0.5\n"))))
    assert [0.5] == [claim.value for claim in claims_of(read)]
