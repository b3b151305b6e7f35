from __future__ import annotations

import json

import pytest

from core.documents.repair import Edit, edited, patch_of
from core.sandbox.guest.recorder.request import Cell

CELL = Cell(4, "a = 1\nb = f(a,\n      2)", (11, 12, 13))


def test_an_edit_within_a_row() -> None:
    (after,) = edited((CELL,), [Edit(4, (1, 4), (1, 5), "100")])
    assert "a = 100\nb = f(a,\n      2)" == after.source


def test_columns_count_bytes_as_the_syntax_tree_does() -> None:
    cell = Cell(0, "ä = 1", (1,))
    (after,) = edited((cell,), [Edit(0, (1, 5), (1, 6), "2")])
    assert "ä = 2" == after.source


def test_an_edit_over_rows_leaves_the_number_of_rows() -> None:
    (after,) = edited((CELL,), [Edit(4, (2, 7), (3, 7), "")])
    assert "a = 1\nb = f(a\n)" == after.source


def test_several_edits_do_not_disturb_each_other() -> None:
    edits = [Edit(4, (1, 0), (1, 1), "long_name"), Edit(4, (1, 4), (1, 5), "3")]
    (after,) = edited((CELL,), edits)
    assert after.source.startswith("long_name = 3\n")


def test_edits_that_overlap_are_refused() -> None:
    edits = [Edit(4, (1, 0), (1, 4), "x"), Edit(4, (1, 2), (1, 5), "y")]
    with pytest.raises(ValueError, match="overlap"):
        edited((CELL,), edits)


def test_other_cells_stay_as_they_are() -> None:
    other = Cell(5, "x", (20,))
    assert other is edited((CELL, other), [Edit(4, (1, 0), (1, 1), "z")])[1]


def test_the_patch_is_one_of_the_document() -> None:
    text = "Title\n\n    x = 1\n\nEnd"
    before = (Cell(0, "x = 1", (3,)),)
    after = edited(before, [Edit(0, (1, 4), (1, 5), "2")])
    patch = patch_of("guide.md", text, before, after).splitlines()
    assert ["--- a/guide.md", "+++ b/guide.md"] == patch[:2]
    assert ["-    x = 1", "+    x = 2"] == [row for row in patch[3:] if row[0] in "+-"]


def test_the_patch_of_a_notebook_is_in_its_json() -> None:
    source = 'print("a")'
    text = json.dumps({"source": [source]}, indent=1)
    before = (Cell(0, source, (3,)),)
    after = edited(before, [Edit(0, (1, 7), (1, 8), "b")])
    patch = patch_of("n.ipynb", text, before, after)
    assert '+  "print(\\"b\\")"' in patch.splitlines()


def test_a_row_that_became_empty_is_dropped() -> None:
    text = "f(1,\n  2)\nx"
    before = (Cell(0, "f(1,\n  2)", (1, 2)),)
    after = edited(before, [Edit(0, (1, 3), (2, 4), ")")])
    removed = [row for row in patch_of("d", text, before, after).splitlines()[2:] if row[0] == "-"]
    assert ["-f(1,", "-  2)"] == removed or ["-f(1,"] == removed
