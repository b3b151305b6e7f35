"""Rows that are not executed."""

from __future__ import annotations

import pytest

from core.documents.reading.skipping import runnable, skipped_rows, whole_cell_reason


def kept(source: str) -> str:
    return runnable(source, skipped_rows(source, "python"), "python")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("!pip install keras\nx = 1", "pass\nx = 1"),
        ("%matplotlib inline\nx = 1", "pass\nx = 1"),
        ("!pip install a \\\n  b\nx = 1", "pass\n  pass\nx = 1"),
        ("if x:\n    !ls\n", "if x:\n    pass\n"),
        ("files = !ls\nx = 1", "pass\nx = 1"),
        ("print?\nx = 1", "pass\nx = 1"),
        ("x = 1", "x = 1"),
        ("from google.colab import drive\ndrive.mount('/d')", "pass\npass"),
        ("from google.colab import files as f\nx = 1\nf.download(x)", "pass\nx = 1\npass"),
        ("get_ipython().system('ls')", "pass"),
        ("!ls\nfrom google.colab import drive", "pass\npass"),
        ("drive.mount(\n  '/d'\n)", "pass\n  pass\npass"),
    ],
)
def test_rows_are_left_out_and_the_others_stay_where_they_are(source: str, expected: str) -> None:
    assert expected.count("\n") == source.count("\n")
    assert expected == kept(source)


def test_the_second_row_of_a_formula_or_text_is_no_magic() -> None:
    source = "!ls\nprint('a'\n  % b)\ns = '''\n%magic\n!shell\n'''"
    assert {0} == set(skipped_rows(source, "python"))


@pytest.mark.parametrize("source", ["%%time\nx = 1", "x = 1", "# %%bash"])
def test_cells_handed_to_no_other_program_run(source: str) -> None:
    assert whole_cell_reason(source, "python") is None


def test_r_installs_nothing() -> None:
    source = "install.packages(\n  'keras3'\n)\nkeras3::install_keras()\nx <- 1"
    rows = skipped_rows(source, "r")
    assert {0, 1, 2, 3} == set(rows)
    assert "\n\n\n\nx <- 1" == runnable(source, rows, "r")
