"""`weights-unchanged`: training that leaves the weights as they were."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator

from core.documents.reading.syntax import python_code
from core.documents.rules.look import Look, listed, times
from core.sandbox.guest.events import (
    Calls,
    Fit,
    Gradients,
    ModelSeen,
    OptimizerSeen,
    Trained,
    Updates,
    Weights,
)
from core.trace.finding import Finding, FindingCode, Severity

_APPLIED = frozenset(
    {"apply", "apply_gradients", "stateless_apply", "minimize", "step", "assign_sub", "assign"}
)


def weights_unchanged(look: Look) -> Iterator[Finding]:
    """Optimizers, `fit` calls and loops that change nothing."""
    yield from _by_optimizers(look)
    yield from _by_fit(look)
    yield from _never_applied(look)


def _by_optimizers(look: Look) -> Iterator[Finding]:
    rates = {one.optimizer: one.learning_rate for one in look.saw(OptimizerSeen)}
    updates: dict[tuple[int, str], list[Updates]] = defaultdict(list)
    for one in look.saw(Updates):
        updates[one.cell, one.optimizer].append(one)
    for trained in look.saw(Trained):
        mine = updates.get((trained.cell, trained.optimizer), [])
        count = sum(len(one.steps) for one in mine)
        if not count or not trained.unchanged or not look.ran(trained.cell):
            continue
        line = next((one.line for one in mine if one.line), None)
        rate = rates.get(trained.optimizer)
        because = " its learning rate is 0" if rate == 0 else ""
        if len(trained.unchanged) == trained.variables:
            yield look.finding(
                FindingCode.WEIGHTS_UNCHANGED,
                line,
                "training leaves every weight as it was",
                f"{times(count, 'update')} of {times(trained.variables, 'variable')} changed no "
                f"value;{because or ' their gradients are zero, or are of other variables'}",
            )
        else:
            yield from _still_layers(look, trained, count, line)


def _still_layers(look: Look, trained: Trained, count: int, line: int | None) -> Iterator[Finding]:
    """Layers none of whose variables change while others of the same optimizer do."""
    names = _layer_variables(look)
    still = set(trained.unchanged)
    layers = {path.rpartition("/")[0] for path in still if "/" in path}
    # Whole layers: a single still variable, such as a bias before BatchNorm, has no gradient by
    # design.
    dead = [name for name in sorted(layers) if names.get(name) and names[name] <= still]
    if dead:
        yield look.finding(
            FindingCode.WEIGHTS_UNCHANGED,
            line,
            f"training leaves the weights of {listed(dead)} as they were",
            f"{times(count, 'update')} changed the optimizer's other variables and not these",
            "see that their output reaches the loss, or take them out of the trainable weights",
            Severity.WARNING,
        )


def _layer_variables(look: Look) -> dict[str, set[str]]:
    """The trainable variables of each layer, by path, as far as they were seen."""
    found: dict[str, set[str]] = defaultdict(set)
    for weights in look.saw(Weights):
        for path in (*weights.changed, *weights.unchanged):
            found[path.rpartition("/")[0]].add(path)
    return found


def _by_fit(look: Look) -> Iterator[Finding]:
    changed = {(one.cell, one.model) for one in look.saw(Weights) if one.changed}
    models = {one.model: one for one in look.saw(ModelSeen)}
    for fit in look.saw(Fit):
        if not fit.steps or (fit.cell, fit.model) in changed or not look.ran(fit.cell):
            continue
        model = models.get(fit.model)
        frozen = model is not None and model.built and model.trainable_params == 0
        why = "the model has no trainable weight" if frozen else "the learning rate may be 0"
        yield look.finding(
            FindingCode.WEIGHTS_UNCHANGED,
            fit.line,
            "`fit` leaves every weight as it was",
            f"{times(fit.steps, 'step')} changed no value; {why}",
            "make layers trainable before `compile`, and check the optimizer's learning rate",
        )


def _never_applied(look: Look) -> Iterator[Finding]:
    """Gradients that are computed, an optimizer that is made, and nothing that applies them."""
    if not _makes_optimizer(look):
        return
    changed = {one.cell for one in look.saw(Weights) if one.changed}
    called = {one.cell for one in look.saw(Calls) if one.gradient}
    lines: dict[int, list[Gradients]] = defaultdict(list)
    for one in look.saw(Gradients):
        lines[one.cell].append(one)
    for cell, mine in lines.items():
        if cell in changed or not look.ran(cell) or cell not in called:
            continue
        count = sum(len(one.steps) for one in mine)
        yield look.finding(
            FindingCode.WEIGHTS_UNCHANGED,
            mine[0].line or None,
            "gradients are computed and never applied",
            f"{times(count, 'gradient')}, no optimizer update, and no weight has changed",
            "apply the gradients with the optimizer",
        )


def _makes_optimizer(look: Look) -> bool:
    """Whether the code makes an optimizer and nowhere applies one."""
    made = False
    for cell in look.document.cells:
        tree = python_code.tree(cell.runnable or cell.source) if cell.language == "python" else None
        for node in ast.walk(tree) if tree is not None else ():
            if isinstance(node, ast.Call):
                text = ast.unparse(node.func)
                made |= "optimizers." in text or ".optim." in text or text.startswith("optim.")
                if isinstance(node.func, ast.Attribute) and node.func.attr in _APPLIED:
                    return False
    return made
