from collections.abc import Mapping, Sequence

from core.sandbox.guest.events import CellError, CellResult, CellStatus
from core.sandbox.guest.recorder.request import Cell
from core.sandbox.host.program import Program
from core.sandbox.host.record import ExecutionRecord
from core.upgrade.why.breaking import Break, taken_apart
from tests.core.upgrade.why.records import record, result

TEXT = """\
```python
metric.reset_states()
```
```python
optimizer.apply_gradients(zip(grads, weights))
```
```python
use(metric)
```
"""
CELLS = tuple(
    Cell(index=number, source=source, lines=(line,))
    for number, (source, line) in enumerate(
        (
            ("metric.reset_states()", 2),
            ("optimizer.apply_gradients(zip(grads, weights))", 5),
            ("use(metric)", 8),
        )
    )
)
"""A document whose first error hides a second one."""


def _executed(program: Program) -> ExecutionRecord:
    """Keras without `reset_states` and without `apply_gradients`."""
    sources = {cell.index: cell.source for cell in program.cells}
    results: list[CellResult] = []
    if "reset_states" in sources[0]:
        error = CellError("AttributeError", "no attribute 'reset_states'", 2, 2, "reset_states")
        results.append(result(0, 2, CellStatus.ERROR, error))
        after = CellError("NameError", "name 'metric' is not defined", 8, 8, "metric")
        results += [result(1, 5, CellStatus.SKIPPED), result(2, 8, CellStatus.CASCADE, after)]
    else:
        results.append(result(0, 2, CellStatus.OK))
        broken = "apply_gradients" in sources[1]
        error = CellError(
            "AttributeError", "no attribute 'apply_gradients'", 5, 5, "apply_gradients"
        )
        results.append(
            result(1, 5, CellStatus.ERROR, error) if broken else result(1, 5, CellStatus.OK)
        )
        results.append(result(2, 8, CellStatus.OK))
    return record(results)


def _taken_apart() -> Break:
    found = taken_apart(Program("doc.md", CELLS), TEXT, _executed)
    assert found is not None
    return found


def test_the_first_error_is_told_apart_from_its_cascade() -> None:
    found = _taken_apart()
    assert (0, 2, "AttributeError") == (found.first.cell, found.first.line, found.first.kind)
    assert [2] == [failure.cell for failure in found.cascade]
    assert () == found.others


def test_the_error_that_the_first_one_hid_comes_to_light() -> None:
    found = _taken_apart()
    assert ["no attribute 'apply_gradients'"] == [failure.message for failure in found.hidden]


def test_the_patch_holds_every_repair_and_nothing_is_left() -> None:
    found = _taken_apart()
    assert 2 == len(found.mended)
    assert "+metric.reset_state()" in found.patch
    assert "+optimizer.apply(grads, weights)" in found.patch
    assert () == found.left


def test_a_document_that_runs_does_not_break() -> None:
    def fine(program: Program) -> ExecutionRecord:
        return record([result(cell.index, cell.lines[0], CellStatus.OK) for cell in program.cells])

    assert taken_apart(Program("doc.md", CELLS), TEXT, fine) is None


def test_an_error_without_a_known_repair_is_left() -> None:
    def broken(program: Program) -> ExecutionRecord:
        error = CellError("ValueError", "something else", 2, 2)
        return record([result(0, 2, CellStatus.ERROR, error)], len(program.cells))

    found = taken_apart(Program("doc.md", CELLS), TEXT, broken)
    assert found is not None
    assert ("", ["something else"]) == (found.patch, [failure.message for failure in found.left])


def test_the_words_name_everything() -> None:
    words = _taken_apart().words
    parts: Sequence[str] = ("line 2", "1 cells fail in its wake", "it hides line 5", "a patch")
    missing: Mapping[str, bool] = {part: part not in words for part in parts}
    assert not any(missing.values()), words
