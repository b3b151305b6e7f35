from __future__ import annotations

from pathlib import Path

from core.documents.rules.silent_loops import silent_loops
from core.sandbox.guest.events import Coverage, Line
from tests.core.documents.rules.handmade import document, found, record

TEXT = """
```python
for step, batch in enumerate(data):
    train(batch)
    if step % 100 == 99:
        print("step", step)
```
"""
RAN = Coverage(0, True, (2, 3, 4))


def test_a_loop_that_ran_and_printed_nothing(tmp_path: Path) -> None:
    read = document(tmp_path, TEXT)
    assert (("silent-loop", 5),) == found(silent_loops, read, record(read, RAN))


def test_a_loop_that_printed(tmp_path: Path) -> None:
    read = document(tmp_path, TEXT)
    line = Line(0, 5, "stdout", "step 99", 100, after_cut=False)
    assert () == found(silent_loops, read, record(read, RAN, line))


def test_a_loop_that_was_cut_or_not_entered_says_nothing(tmp_path: Path) -> None:
    read = document(tmp_path, TEXT)
    assert () == found(silent_loops, read, record(read, RAN, cut=[0]))
    assert () == found(silent_loops, read, record(read, Coverage(0, True, (2,))))
    assert () == found(silent_loops, read)


def test_a_warning_that_never_came_is_no_silence(tmp_path: Path) -> None:
    read = document(tmp_path, TEXT.replace("step % 100 == 99", "isnan(batch)"))
    assert () == found(silent_loops, read, record(read, RAN))


def test_what_no_run_can_reach_is_read_from_the_code(tmp_path: Path) -> None:
    code = TEXT.replace("enumerate(data)", "zip(range(3), data)").replace(
        "for step, batch in zip(range(3), data)", "for step in range(3)"
    )
    read = document(tmp_path, code)
    assert (("silent-loop", 5),) == found(silent_loops, read)
