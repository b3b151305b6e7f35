"""Pages copied as text: code, outputs, headings and prose without any marks."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.documents.reading import Format
from core.documents.reading.blocks import Code
from core.documents.reading.formats.page import read_page
from tests.core.documents.reading.reading_text import document, sources

PYTHON = """
    A small loop

    Setup

    import numpy as np
    w = 8.0

    Now let us train it:

      • first this
      • then that
    for epoch in range(2):
        w = w / 2

        print(f"\\nStart of epoch {epoch}")
        print(f"w = {w}")
    Start of epoch 0
    w = 4.0

    Start of epoch 1
    w = 2.0

    Much better, is it not?

    Summary

    That was all there is to it.
"""


def test_python_among_words(tmp_path: Path) -> None:
    read = document(tmp_path, "page.txt", PYTHON)
    assert Format.PAGE is read.format
    first, second = read.cells
    assert "import numpy as np\nw = 8.0" == first.source
    assert second.source.startswith("for epoch")
    assert second.source.endswith('print(f"w = {w}")')
    assert ["Setup", "Summary"] == [section.title for section in read.sections][1:]


def test_output_after_code_is_no_code_even_where_it_parses(tmp_path: Path) -> None:
    read = document(tmp_path, "page.txt", PYTHON)
    assert ["Start of epoch 0\nw = 4.0\n\nStart of epoch 1\nw = 2.0"] == [
        output.text for output in read.outputs
    ]


def test_r_with_the_marks_of_knitr(tmp_path: Path) -> None:
    text = """
        Introduction

        Let’s go on:

        x <- c(1,
               2)

        # a comment before code
        f <- function(a) {

          a |>
            g()
        }
        cat("loss", 0.5, "\\n")
        ## loss 0.5
        Sys.time() - t
        ## Time difference of 0.5 secs

        Words.
    """
    read = document(tmp_path, "page.txt", text)
    assert ["r"] * 2 == [cell.language for cell in read.cells]
    assert ["loss 0.5", "Time difference of 0.5 secs"] == [output.text for output in read.outputs]
    assert "Sys.time() - t" == read.cells[1].source
    assert read.cells[0].source.startswith("x <- c(1,\n       2)\n\n# a comment")


@pytest.mark.parametrize(
    "words",
    ["Summary", "fit()", "Note: this", "GAN / VAE", "# a remark", "0.9", "引言", "conv2d (Conv2D)"],
)
def test_words_that_parse_are_no_code_on_their_own(tmp_path: Path, words: str) -> None:
    text = f"import os\n\nWords here and there.\n\n{words}\n\nMore words here.\n"
    assert ["import os"] == sources(document(tmp_path, "page.txt", text))


def test_a_displayed_name_is_code_where_the_page_binds_it(tmp_path: Path) -> None:
    text = "total = 1 + 1\n\nHere it is:\n\ntotal\n\nWords here.\n\ndef go():\n    pass\n\ngo()\n"
    assert ["total = 1 + 1", "total", "def go():\n    pass\n\ngo()"] == sources(
        document(tmp_path, "page.txt", text)
    )


def test_code_with_a_margin_is_taken_without_it(tmp_path: Path) -> None:
    text = "Words here:\n\n    for x in y:\n        f(x)\n    g()\n\nMore words.\n"
    path = tmp_path / "page.txt"
    path.write_text(text, encoding="utf-8")
    assert ["for x in y:\n    f(x)\ng()"] == [
        "\n".join(row.text for row in block.rows)
        for block in read_page(text)
        if isinstance(block, Code)
    ]


def test_else_and_decorators_belong_to_their_statement(tmp_path: Path) -> None:
    text = (
        "Words here.\n\n@tf.function\ndef f(x):\n    if x:\n        g()\n    else:\n        h()\n"
    )
    text += "\n\ntry:\n    f(1)\nexcept ValueError:\n    pass\n\nWords here.\n"
    (source,) = sources(document(tmp_path, "page.txt", text))
    assert source.startswith("@tf.function")
    assert source.endswith("except ValueError:\n    pass")


@given(
    st.lists(st.sampled_from(["x = 1", "f(x)", "Words here.", "Summary", "", "  y"]), max_size=9)
)
def test_code_rows_are_rows_of_the_page_in_order(rows: list[str]) -> None:
    lines = [row.line for b in read_page("\n".join(rows)) if isinstance(b, Code) for row in b.rows]
    assert sorted(set(lines)) == lines
    assert {n for n, row in enumerate(rows, start=1) if row == "x = 1"} <= set(lines)
    assert not {n for n, row in enumerate(rows, start=1) if row == "Words here."} & set(lines)
