from __future__ import annotations

from pathlib import Path

import pytest

from core.documents.rules.loops import code_of, silence_of
from tests.core.documents.rules.handmade import document


def silent(folder: Path, code: str) -> int | None:
    """How many passes the last loop of some Python makes before it ends in silence."""
    text = "```python\n" + code.strip("\n") + "\n```\n"
    loops = code_of(document(folder, text)).loops
    silence = silence_of(loops[-1])
    return None if silence is None else silence.passes


def test_a_range_that_ends_before_the_first_print(tmp_path: Path) -> None:
    code = "for epoch in range(5):\n    if epoch % 10 == 9:\n        print('epoch', epoch)"
    assert 5 == silent(tmp_path, code)


@pytest.mark.parametrize(
    "condition", ["epoch % 10 == 0", "epoch % 5 == 4", "not epoch % 2", "epoch % rare == 0"]
)
def test_a_print_that_is_reached_or_may_be(tmp_path: Path, condition: str) -> None:
    code = f"for epoch in range(5):\n    if {condition}:\n        print('epoch', epoch)"
    assert None is silent(tmp_path, code)


def test_a_break_before_the_first_print(tmp_path: Path) -> None:
    code = """
step = 0
for batch in data:
    step += 1
    if step % 200 == 0:
        print("step", step)
    if step > 10:
        break
"""
    assert 11 == silent(tmp_path, code)


def test_a_break_that_depends_on_anything_else_need_not_come(tmp_path: Path) -> None:
    code = """
for step, batch in enumerate(data):
    if step % 200 == 100:
        print("step", step)
    if loss < 0.1:
        break
"""
    assert None is silent(tmp_path, code)


def test_one_print_without_a_condition_breaks_the_silence(tmp_path: Path) -> None:
    code = """
for step in range(3):
    if step % 200 == 100:
        print("step", step)
    print(".", end="")
"""
    assert None is silent(tmp_path, code)


def test_continue_guards_what_comes_after_it(tmp_path: Path) -> None:
    code = """
for step in range(50):
    if step % 100 != 99:
        continue
    print("step", step)
"""
    assert 50 == silent(tmp_path, code)


def test_a_counter_that_goes_on_over_the_outer_loop_is_not_known(tmp_path: Path) -> None:
    code = """
step = 0
for epoch in range(100):
    for part in range(5):
        step += 1
        if step % 100 == 0:
            print("step", step)
"""
    assert None is silent(tmp_path, code)


def test_a_counter_that_starts_anew_in_the_outer_loop_is_known(tmp_path: Path) -> None:
    code = """
for epoch in range(100):
    step = 0
    for part in range(5):
        step += 1
        if step % 100 == 0:
            print("step", step)
"""
    assert 5 == silent(tmp_path, code)


def test_a_while_loop_ends_with_its_condition(tmp_path: Path) -> None:
    code = """
step = 0
while step < 30:
    step += 1
    if step % 50 == 0:
        print("step", step)
"""
    assert 30 == silent(tmp_path, code)


def test_an_epoch_count_by_name(tmp_path: Path) -> None:
    code = """
epochs = 3
for epoch in range(1, epochs + 1):
    pass
for epoch in range(epochs):
    if (epoch + 1) % 5 == 0:
        print("epoch", epoch)
"""
    assert 3 == silent(tmp_path, code)
