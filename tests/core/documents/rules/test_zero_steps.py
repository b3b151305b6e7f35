from __future__ import annotations

from pathlib import Path

import pytest

from core.documents.rules.iterators import zero_steps
from core.sandbox.guest.events import Epoch, Pass
from tests.core.documents.rules.handmade import document, found, record

USED_TWICE = """
```python
batches = {made}
for epoch in range(2):
    for x, y in batches:
        step(x, y)
```
"""


def one_pass(line: int, batches: int, *, after_end: int = 0, ended: str = "exhausted") -> Pass:
    return Pass(0, line, 1, "tf.data", batches, batches, ended, after_end, 0.1)


@pytest.mark.parametrize("made", ["iter(data)", "zip(xs, ys)", "data.as_numpy_iterator()"])
def test_an_iterator_made_outside_the_loop_over_epochs(tmp_path: Path, made: str) -> None:
    read = document(tmp_path, USED_TWICE.format(made=made))
    assert (("zero-steps", 4),) == found(zero_steps, read)


@pytest.mark.parametrize("made", ["list(zip(xs, ys))", "data", "itertools.cycle(pairs)", "[1, 2]"])
def test_what_can_be_gone_through_again(tmp_path: Path, made: str) -> None:
    read = document(tmp_path, USED_TWICE.format(made=made))
    assert () == found(zero_steps, read)


GENERATOR = """
```python
def batches():
    {head}
        yield 1

given = batches()
for epoch in range(2):
    for x in given:
        step(x)
{left}
```
"""


def test_a_generator_that_comes_to_its_end(tmp_path: Path) -> None:
    read = document(tmp_path, GENERATOR.format(head="for i in range(3):", left=""))
    assert (("zero-steps", 8),) == found(zero_steps, read)


def test_an_endless_generator_that_the_loop_leaves(tmp_path: Path) -> None:
    left = "        if x: break"
    read = document(tmp_path, GENERATOR.format(head="while True:", left=left))
    assert () == found(zero_steps, read)


def test_a_second_cell_goes_on_with_a_used_iterator(tmp_path: Path) -> None:
    read = document(
        tmp_path,
        """
        ```python
        pairs = zip(xs, ys)
        for x, y in pairs:
            step(x, y)
        ```

        ```python
        for x, y in pairs:
            step(x, y)
        pairs = zip(xs, ys)
        for x, y in pairs:
            step(x, y)
        ```
        """,
    )
    assert (("zero-steps", 8),) == found(zero_steps, read)


def test_a_function_has_iterators_of_its_own(tmp_path: Path) -> None:
    read = document(
        tmp_path,
        """
        ```python
        pairs = zip(xs, ys)
        for x, y in pairs:
            step(x, y)

        def again():
            pairs = make()
            for x, y in pairs:
                step(x, y)
        ```
        """,
    )
    assert () == found(zero_steps, read)


PLAIN = """
```python
for epoch in range(2):
    for x, y in data:
        step(x, y)
```
"""


def test_a_pass_without_batches_over_a_used_iterator(tmp_path: Path) -> None:
    read = document(tmp_path, PLAIN)
    ran = record(read, one_pass(3, 6), one_pass(3, 0, after_end=1))
    assert (("zero-steps", 3),) == found(zero_steps, read, ran)


def test_an_empty_data_set(tmp_path: Path) -> None:
    read = document(tmp_path, PLAIN)
    assert (("zero-steps", 3),) == found(zero_steps, read, record(read, one_pass(3, 0)))


def test_a_pass_that_the_budget_cut_is_no_finding(tmp_path: Path) -> None:
    read = document(tmp_path, PLAIN)
    ran = record(read, one_pass(3, 6), one_pass(3, 0, ended="cut"), cut=[0])
    assert () == found(zero_steps, read, ran)


def test_what_the_run_showed_and_what_the_code_shows_are_one_finding(tmp_path: Path) -> None:
    read = document(tmp_path, USED_TWICE.format(made="iter(data)"))
    ran = record(read, one_pass(2, 6), one_pass(2, 0, after_end=1))
    assert (("zero-steps", 4),) == found(zero_steps, read, ran)


def test_fit_without_a_step(tmp_path: Path) -> None:
    read = document(tmp_path, "```python\nmodel.fit(data, epochs=2)\n```\n")
    epochs = [Epoch(0, 2, "model-1", n, {}, steps, 0.1, cut=False) for n, steps in [(0, 5), (1, 0)]]
    assert (("zero-steps", 2),) == found(zero_steps, read, record(read, *epochs))
