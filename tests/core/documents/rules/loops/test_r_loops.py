from __future__ import annotations

from pathlib import Path

import pytest
from tree_sitter import Node

from core.documents.reading.syntax.grammar import parse
from core.documents.rules.loops import Code, code_of, silence_of
from core.documents.rules.loops.r_loops import condition_of
from tests.core.documents.rules.handmade import document

LOOP = """
```{r}
epochs <- 2L
for (epoch in seq_len(epochs)) {
  step <- 0
  it <- as_iterator(data)
  while (!is.null(batch <- iter_next(it))) {
    c(x, y) %<-% batch
    step <- step + 1
    with(tf$GradientTape() %as% tape, { loss <- loss_fn(y, model(x)) })
    if (step %% 200 == 0) {
      cat(sprintf("step %d: %.4f\\n", step, loss))
    }
    if (step > 10L)
      break
  }
  message("epoch ", epoch)
}
```
"""


@pytest.fixture
def code(tmp_path: Path) -> Code:
    return code_of(document(tmp_path, LOOP, "loop.Rmd"))


def test_loops_assign_what_their_bodies_bind(code: Code) -> None:
    outer, inner = code.loops
    assert {"batch", "x", "y", "step", "tape", "loss"} == inner.assigned
    assert inner.assigned | {"epoch", "it"} == outer.assigned
    assert 0 == inner.outer


def test_prints_belong_to_their_innermost_loop(code: Code) -> None:
    outer, inner = code.loops
    assert [(16, frozenset({"epoch"}))] == [(p.line, p.names) for p in outer.prints]
    assert [(11, frozenset({"step", "loss"}))] == [(p.line, p.names) for p in inner.prints]
    assert ("step % 200 == 0",) == inner.prints[0].guards


def test_counters_and_passes_are_known(code: Code) -> None:
    outer, inner = code.loops
    assert 2 == outer.passes
    assert 0 == inner.before["step"]
    silence = silence_of(inner)
    assert silence is not None
    assert {"step": (1, 11)} == dict(silence.counters)


def test_iterators_are_followed(code: Code) -> None:
    drains = [(d.kind, d.name, d.line) for d in code.drains if d.name == "it"]
    assert [("made", "it", 5), ("started", "it", 6)] == drains


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("step %% 200 == 0", "step % 200 == 0"),
        ("step %/% 2 == 0L && TRUE", "step // 2 == 0  and  True"),
        ("!(done) || step >= 10L", "not (done)  or  step >= 10"),
        ("a != b", "a != b"),
    ],
)
def test_conditions_become_python(written: str, expected: str) -> None:
    node: Node = parse(f"if ({written}) x", "r").root_node.named_children[0]
    condition = node.child_by_field_name("condition")
    assert condition is not None
    assert expected == condition_of(condition)
