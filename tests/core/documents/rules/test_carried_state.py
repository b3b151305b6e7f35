from __future__ import annotations

from pathlib import Path

from core.documents.rules.carried_state import state_not_carried
from core.sandbox.guest.events import Carried, CompiledCalls
from tests.core.documents.rules.handmade import document, found, record

TEXT = """
```python
for {counter} in range(2):
    for batch in data:
        loss, new = step(state, batch)
```
"""


def carried(
    *, always: int = 0, stale: int = 0, restarts: tuple[tuple[int, int | None], ...] = ()
) -> Carried:
    return Carried(0, "step", 9, 4, always, 4 - always, (), stale, restarts)


def compiled(*, trains: bool = True) -> CompiledCalls:
    return CompiledCalls(0, 2, "step", "jax.jit", 10, 1, trains)


def test_a_state_that_never_comes_back(tmp_path: Path) -> None:
    read = document(tmp_path, TEXT.format(counter="epoch"))
    ran = record(read, compiled(), carried(stale=4))
    assert (("state-not-carried", 2),) == found(state_not_carried, read, ran)


def test_an_optimizer_state_that_never_comes_back(tmp_path: Path) -> None:
    read = document(tmp_path, TEXT.format(counter="epoch"))
    ran = record(read, compiled(), carried(always=2, stale=2))
    assert (("state-not-carried", 2),) == found(state_not_carried, read, ran)


def test_a_prediction_beside_a_carried_state(tmp_path: Path) -> None:
    read = document(tmp_path, TEXT.format(counter="epoch"))
    assert () == found(
        state_not_carried, read, record(read, compiled(), carried(always=3, stale=1))
    )


def test_predictions_alone(tmp_path: Path) -> None:
    read = document(tmp_path, TEXT.format(counter="epoch"))
    ran = record(read, compiled(trains=False), carried(stale=4))
    assert () == found(state_not_carried, read, ran)


def test_a_state_that_starts_again_each_epoch_but_not_each_trial(tmp_path: Path) -> None:
    ran = (compiled(), carried(restarts=((11, 2),)))
    read = document(tmp_path, TEXT.format(counter="epoch"))
    assert (("state-not-carried", 2),) == found(state_not_carried, read, record(read, *ran))
    read = document(tmp_path, TEXT.format(counter="trial"))
    assert () == found(state_not_carried, read, record(read, *ran))
