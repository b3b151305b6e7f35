"""R Markdown, Quarto and MyST: which chunks run."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.documents.reading import Format
from tests.core.documents.reading.reading_text import document


def chunk(option: str, body: str = "x <- 1") -> str:
    return f"```{{{option}}}\n{body}\n```\n"


@pytest.mark.parametrize(
    ("written", "skip"),
    [
        (chunk("r"), None),
        (chunk("r, eval=FALSE"), "eval=FALSE"),
        (chunk("r my-label, echo = FALSE, eval = F"), "eval=FALSE"),
        (chunk("r, eval = TRUE"), None),
        (chunk("r, eval = has_gpu"), None),
        (chunk("r", "#| eval: false\nx <- 1"), "eval=FALSE"),
        (chunk("r", "#| eval=FALSE\nx <- 1"), "eval=FALSE"),
        (chunk("r", "#| label: a\n#| eval: true\nx <- 1"), None),
        (chunk("r", "x <- 1\n#| eval: false"), None),
        (chunk("python", "x = 1"), None),
        (chunk("bash", "ls"), "a bash chunk, neither Python nor R"),
    ],
)
def test_options_that_keep_a_chunk_from_running(tmp_path: Path, written: str, skip: str) -> None:
    (cell,) = document(tmp_path, "v.Rmd", written).cells
    assert skip == cell.skip


@pytest.mark.parametrize(
    "written",
    [chunk("r, error=TRUE", "stop('meant')"), chunk("r", "#| error: true\nstop('meant')")],
)
def test_an_error_may_be_meant(tmp_path: Path, written: str) -> None:
    (cell,) = document(tmp_path, "v.Rmd", written).cells
    assert cell.may_raise
    assert cell.skip is None


def test_options_set_for_all_chunks_hold_for_the_later_ones(tmp_path: Path) -> None:
    text = chunk("r setup", "knitr::opts_chunk$set(eval = FALSE)") + "\n"
    text += chunk("r") + "\n" + chunk("r, eval=TRUE")
    cells = document(tmp_path, "v.Rmd", text).cells
    assert [None, "eval=FALSE", None] == [cell.skip for cell in cells]


def test_a_quarto_header_sets_options_for_all_chunks(tmp_path: Path) -> None:
    text = "---\ntitle: Q\nexecute:\n  eval: false\n  error: true\n---\n\n"
    text += chunk("python", "x = 1") + "\n" + chunk("python", "#| eval: true\ny = 1")
    read = document(tmp_path, "q.qmd", text)
    assert Format.QUARTO is read.format
    assert ["eval=FALSE", None] == [cell.skip for cell in read.cells]
    assert [True, True] == [cell.may_raise for cell in read.cells]


def test_plain_fences_among_chunks_are_shown_only_and_alone_are_the_code(tmp_path: Path) -> None:
    plain = "```r\ny <- 2\n```\n"
    mixed = document(tmp_path, "mixed.Rmd", chunk("r") + "\n" + plain)
    rendered = document(tmp_path, "rendered.Rmd", plain + "\n```\n## [1] 2\n```\n")
    assert [True, False] == [cell.skip is None for cell in mixed.cells]
    assert [None] == [cell.skip for cell in rendered.cells]
    assert ["[1] 2"] == [output.text for output in rendered.outputs]


def test_myst_code_cells_and_their_tags(tmp_path: Path) -> None:
    text = "```{code-cell} ipython3\n:tags: [raises-exception]\n\n1/0\n```\n\n"
    text += "```{code-cell}\n:tags: [skip-execution]\nx = 1\n```\n"
    first, second = document(tmp_path, "m.md", text).cells
    assert ("1/0", True, None) == (first.source, first.may_raise, first.skip)
    assert ("x = 1", "skip-execution") == (second.source, second.skip)


def test_wrong_code_in_a_chunk_that_never_runs_is_no_finding(tmp_path: Path) -> None:
    read = document(
        tmp_path, "v.Rmd", chunk("r, eval=FALSE", "x <- (") + "\n" + chunk("r", "y <- (")
    )
    assert [("cell-error", 6)] == [(f.code, int(f.where.rpartition(":")[2])) for f in read.findings]


def test_code_that_a_rendering_does_not_show_is_marked(tmp_path: Path) -> None:
    text = chunk("r, include=FALSE") + "\n" + chunk("r", "#| echo: false\nx") + "\n" + chunk("r")
    cells = document(tmp_path, "v.Rmd", text).cells
    assert [True, True, False] == [cell.hidden for cell in cells]
    assert [None] * 3 == [cell.skip for cell in cells]


def test_a_sketch_among_chunks_is_no_output(tmp_path: Path) -> None:
    sketch = '<div class="k-default-codeblock">\n```\n(input: 784 numbers)\n```\n</div>\n'
    text = f"{chunk('r')}\n{sketch}\n```\nloss 0.5\n```\n"
    assert () == document(tmp_path, "v.Rmd", text).outputs
