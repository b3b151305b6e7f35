from __future__ import annotations

from pathlib import Path

import pytest

from core.documents.rules.stale_outputs import stale_outputs
from core.sandbox.guest.events import Line
from tests.core.documents.rules.handmade import document, found, record

TEXT = """
```python
{code}
```

```
epoch 1: loss 0.53
{last}
```
"""
CODE = 'for epoch in range(2):\n    print(f"epoch {epoch}: loss {loss:.2f}")'


def said(text: str, line: int | None = 3) -> Line:
    return Line(0, line, "stdout", text, 1, after_cut=False)


def test_a_row_that_no_print_call_fits(tmp_path: Path) -> None:
    read = document(tmp_path, TEXT.format(code=CODE, last="accuracy after epoch 1 is 0.9"))
    ran = record(read, said("epoch 0: loss 0.61"))
    assert (("stale-output", 8),) == found(stale_outputs, read, ran)


@pytest.mark.parametrize(
    "last",
    [
        "epoch 2: loss 0.41",
        "....",
        "6/6 ━━━━━━━━━━━━━━━━━━━━ 0s 2ms/step - loss: 0.4",
        "Epoch 1/3",
        "2024-01-01 WARNING something",
        "Downloading data from the web",
    ],
)
def test_rows_of_this_code_and_of_the_frameworks(tmp_path: Path, last: str) -> None:
    read = document(tmp_path, TEXT.format(code=CODE, last=last))
    assert () == found(stale_outputs, read, record(read, said("epoch 0: loss 0.61")))


def test_a_row_that_the_run_printed_elsewhere(tmp_path: Path) -> None:
    code = "from helper import report\n" + CODE
    read = document(tmp_path, TEXT.format(code=code, last="total: 3 rounds"))
    ran = record(read, said("epoch 0: loss 0.61"), said("total:  5 rounds", None))
    assert () == found(stale_outputs, read, ran)


def test_a_cell_that_prints_values_may_print_anything(tmp_path: Path) -> None:
    read = document(tmp_path, TEXT.format(code=f"{CODE}\nprint(message)", last="all is well"))
    assert () == found(stale_outputs, read, record(read, said("fine")))


def test_a_cell_that_was_cut_says_nothing(tmp_path: Path) -> None:
    read = document(tmp_path, TEXT.format(code=CODE, last="all is well"))
    assert () == found(stale_outputs, read, record(read, cut=[0]))


R = """
```r
for (i in 1:2) cat("round", i, "\\n")
{more}
```

```
## round 1
## all rounds are over
```
"""


def test_r_that_was_only_read(tmp_path: Path) -> None:
    read = document(tmp_path, R.format(more="x <- 1"), "page.md")
    assert (("stale-output", 8),) == found(stale_outputs, read)


def test_r_that_shows_a_value_may_show_anything(tmp_path: Path) -> None:
    read = document(tmp_path, R.format(more="Sys.time() - start"), "page.md")
    assert () == found(stale_outputs, read)
