from __future__ import annotations

from core.sandbox.guest.recorder.places import Places
from core.sandbox.guest.recorder.request import Cell

CELLS = (Cell(0, "a\nb", (10, 11)), Cell(3, "c\nd\ne", (20, 25, 26)))
PLACES = Places("guide.md", CELLS, "/x/cells", "/x/document")


def test_rows_are_lines_of_the_document() -> None:
    assert [20, 25, 26] == [PLACES.line(3, row) for row in (1, 2, 3)]


def test_a_row_beyond_the_end_is_the_last_line() -> None:
    assert 26 == PLACES.line(3, 9)


def test_a_message_names_the_document_and_its_line() -> None:
    text = 'File "/x/cells/cell-3.py", line 2, in f'
    assert 'File "guide.md", line 25, in f' == PLACES.readable(text)
    assert 25 == PLACES.mentioned(text)


def test_a_message_names_files_beside_the_document_by_their_own_names() -> None:
    assert "no file data.csv in ." == PLACES.readable("no file /x/document/data.csv in /x/document")


def test_a_message_about_other_files_stays_as_it_is() -> None:
    assert "/usr/lib/a.py:3" == PLACES.readable("/usr/lib/a.py:3")
    assert PLACES.mentioned("/usr/lib/a.py:3") is None


def test_code_of_cells_and_of_modules_beside_is_the_documents() -> None:
    own = compile("x", "/x/cells/cell-0.py", "exec")
    module = compile("x", "/x/document/helper.py", "exec")
    library = compile("x", "/usr/lib/a.py", "exec")
    found = [PLACES.is_document(code) for code in (own, module, library)]
    assert [True, True, False] == found
