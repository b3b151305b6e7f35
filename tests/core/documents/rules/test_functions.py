from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from attrs import evolve

from core.documents.reading import Document
from core.documents.rules import to_exercise
from core.documents.rules.functions import never_called, optimizer_rebound
from core.documents.rules.look import Look
from core.sandbox.guest.events import CellError, Exercised, FunctionSeen
from core.trace.finding import Severity
from tests.core.documents.rules.handmade import document, found, record

TEXT = """
```python
@{decorator}
def train_step(x, y):
    optimizer.apply(x, y)
```
"""
ERROR = CellError("ValueError", "Unknown variable: <Variable path=dense/kernel>", 4, 4)


def seen(
    called: bool | None = False, *, referenced: bool = False, top: bool = True
) -> FunctionSeen:
    return FunctionSeen(0, "train_step", 3, 4, ("x", "y"), top, called, referenced)


def read(folder: Path, decorator: str = "tf.function") -> Document:
    return document(folder, TEXT.format(decorator=decorator))


def test_a_function_that_nothing_calls_or_names(tmp_path: Path) -> None:
    one = read(tmp_path)
    assert (("never-called", 3),) == found(never_called, one, record(one, seen()))


def test_a_function_that_is_called_or_named_or_not_known_to_be_unused(tmp_path: Path) -> None:
    one = read(tmp_path)
    for function in (seen(True), seen(None), seen(referenced=True), seen(top=False)):
        assert () == found(never_called, one, record(one, function))


def test_a_decorator_may_register_a_function_somewhere(tmp_path: Path) -> None:
    one = read(tmp_path, "app.command()")
    assert () == found(never_called, one, record(one, seen()))


def test_compilers_register_nothing(tmp_path: Path) -> None:
    for decorator in ("jax.jit", "partial(jax.jit, static_argnums=0)", "torch.no_grad()"):
        one = read(tmp_path, decorator)
        assert (("never-called", 3),) == found(never_called, one, record(one, seen()))


def test_unused_functions_are_exercised(tmp_path: Path) -> None:
    one = read(tmp_path)
    assert ((0, "train_step"),) == to_exercise(one, record(one, seen()))
    assert () == to_exercise(one, record(one, seen(True)))


def test_what_calling_it_raises_makes_it_an_error(tmp_path: Path) -> None:
    one = read(tmp_path)
    ran = record(one, seen(), Exercised(0, "train_step", True, ERROR))
    (finding,) = never_called(Look(one, ran))
    assert Severity.ERROR is finding.severity
    assert "Unknown variable" in finding.evidence
    assert (("optimizer-rebound", 4),) == found(optimizer_rebound, one, ran)


def test_a_call_that_works_stays_a_warning(tmp_path: Path) -> None:
    one = read(tmp_path)
    ran = record(one, seen(), Exercised(0, "train_step", True, None))
    (finding,) = never_called(Look(one, ran))
    assert Severity.WARNING is finding.severity
    assert () == found(optimizer_rebound, one, ran)


def test_an_optimizer_of_another_model_in_a_cell_that_failed(tmp_path: Path) -> None:
    one = read(tmp_path)
    ran = record(one, failed=[0])
    error = CellError("KeyError", "Unknown variable: <Variable>", 4, 4)
    broken = replace(ran.cells[0], error=error)
    assert (("optimizer-rebound", 4),) == found(
        optimizer_rebound, one, evolve(ran, cells=(broken,))
    )


R = """
```{r}
train_step <- tf_function(function(x, y) {
  loss_fn(y, model(x))
})
build <- function() keras_model_sequential()
model <- build()
```

```{r}
train_step <- tf_function(function(x) x + 1)
for (i in 1:3) train_step(i)
unused = \\(x) unused(x - 1)
```
"""


def test_r_functions_whose_names_nothing_reads(tmp_path: Path) -> None:
    one = document(tmp_path, R, "page.Rmd")
    assert (("never-called", 2), ("never-called", 12)) == found(never_called, one)
