from __future__ import annotations

from pathlib import Path

import pytest

from core.documents.rules.stale_variables import stale_variables
from core.sandbox.guest.events import Shown
from tests.core.documents.rules.handmade import document, found, record

TWO_LOOPS = """
```python
for epoch in range(2):
    loss = train(epoch)
```

```python
for epoch in range(2):
    value = train(epoch)
    print("loss", loss)
```
"""


def shown(
    name: str = "loss", kind: str = "EagerTensor", *, distinct: int = 1, line: int = 9
) -> Shown:
    return Shown(1, line, name, kind, 2, distinct, distinct, ("0.5",), (3, 6))


def test_a_value_of_an_earlier_loop(tmp_path: Path) -> None:
    read = document(tmp_path, TWO_LOOPS)
    assert (("stale-variable", 9),) == found(stale_variables, read, record(read, shown()))


def test_a_value_that_changes_is_not_stale(tmp_path: Path) -> None:
    read = document(tmp_path, TWO_LOOPS)
    assert () == found(stale_variables, read, record(read, shown(distinct=2)))


def test_a_text_or_a_whole_number_is_no_measurement(tmp_path: Path) -> None:
    read = document(tmp_path, TWO_LOOPS)
    for kind in ("str", "int"):
        assert () == found(stale_variables, read, record(read, shown(kind=kind)))


ONCE = """
```python
{name} = float(evaluate())
rate = 0.5
for epoch in range(2):
    value = train(epoch)
    print(value, {name}, rate)
```
"""


@pytest.mark.parametrize(
    ("name", "stale"),
    [
        ("loss", True),
        ("val_acc", True),
        ("start_loss", False),
        ("best_acc", False),
        ("rate", False),
    ],
)
def test_a_value_from_before_the_loop_by_its_name(tmp_path: Path, name: str, stale: bool) -> None:
    read = document(tmp_path, ONCE.format(name=name))
    seen = Shown(0, 6, name, "float", 2, 1, 1, ("0.5",), (3, 6))
    expected = (("stale-variable", 6),) if stale else ()
    assert expected == found(stale_variables, read, record(read, seen))


def test_a_name_that_a_function_changes_is_not_stale(tmp_path: Path) -> None:
    read = document(
        tmp_path,
        """
        ```python
        loss = 0.0
        def train():
            global loss
            loss = step()
        for epoch in range(2):
            train()
            print("loss", loss)
        ```
        """,
    )
    seen = Shown(0, 8, "loss", "float", 2, 1, 1, ("0.5",), (3, 6))
    assert () == found(stale_variables, read, record(read, seen))


def test_r_is_judged_by_its_code(tmp_path: Path) -> None:
    read = document(
        tmp_path,
        """
        ```{r}
        batch_size <- 32
        for (i in 1:2) {
          loss <- train(i)
          cat("loss", loss, batch_size, "\\n")
        }
        for (i in 1:2) {
          train(i)
          cat("loss", loss, batch_size, "\\n")
        }
        ```
        """,
        "page.Rmd",
    )
    assert (("stale-variable", 9),) == found(stale_variables, read)
