"""Tutobooks, `# %%` scripts and plain programs."""

from __future__ import annotations

from pathlib import Path

from core.documents.reading import Format
from tests.core.documents.reading.reading_text import codes, document, sources

TUTOBOOK = '''
    """
    Title: A small loop
    Author: Someone
    tether: ../original.md
    """

    """
    ## Setup

    ```python
    shown_only()
    ```
    """

    """shell
    pip install keras
    """
    import numpy as np

    x = """
    ## no heading
    """
    """
    ### After
    """
    print(x)
'''


def test_a_tutobook_alternates_words_and_code(tmp_path: Path) -> None:
    read = document(tmp_path, "guide.py", TUTOBOOK)
    assert Format.TUTOBOOK is read.format
    assert ["A small loop", "Setup", "After"] == [section.title for section in read.sections]
    assert ['import numpy as np\n\nx = """\n## no heading\n"""', "print(x)"] == sources(read)
    assert [1, 8, 24] == [section.line for section in read.sections]
    assert ("../original.md", "Someone") == (read.against, read.header["author"])
    assert ["python", "other"] == [cell.language for cell in read.cells if cell.skip]


def test_a_tutobook_with_a_syntax_error_is_one_cell_with_a_finding(tmp_path: Path) -> None:
    read = document(tmp_path, "guide.py", '"""\nTitle: T\n"""\nx = (\n')
    assert (["cell-error"], 1) == (codes(read), len(read.cells))


def test_a_script_is_one_cell(tmp_path: Path) -> None:
    read = document(tmp_path, "loop.py", '"""Trains."""\n\nimport os\n\nx = 1\n')
    assert Format.PYTHON_SCRIPT is read.format
    assert [(1, 5)] == [(cell.line, cell.lines[-1]) for cell in read.cells]
    assert "loop" == read.title


def test_percent_cells_with_words_and_titles(tmp_path: Path) -> None:
    text = '''
        # %% [markdown]
        # # A script
        # words
        # %% Load
        s = """
        # %% no mark
        """
        # %%
        print(s)
    '''
    read = document(tmp_path, "cells.py", text)
    assert ['s = """\n# %% no mark\n"""', "print(s)"] == sources(read)
    assert ["A script", "Load"] == [section.title for section in read.sections]
    assert [5, 9] == [cell.line for cell in read.cells]


def test_an_r_script_is_one_cell(tmp_path: Path) -> None:
    read = document(tmp_path, "loop.R", "library(keras3)\nx <- 1\n")
    assert ("r", Format.R_SCRIPT) == (read.cells[0].language, read.format)


def test_a_docstring_with_fences_does_not_make_a_script_markdown(tmp_path: Path) -> None:
    text = 'def f():\n    """Words.\n\n    ```\n    f()\n    ```\n    """\n'
    read = document(tmp_path, "module.py", text)
    assert (Format.PYTHON_SCRIPT, 1, []) == (read.format, len(read.cells), codes(read))
