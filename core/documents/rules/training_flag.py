"""`training-flag-missing`: a model with dropout or the like, trained as if it were being used.

Layers such as Dropout and BatchNormalization do something else in training. In a loop of one's own
nobody tells them but the `training` argument: without it Keras calls them as for inference, also
inside a custom `train_step` that `fit` drives (measured with Keras 3).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from core.documents.reading.syntax import python_code
from core.documents.rules.look import Look, listed, times
from core.sandbox.guest.events import Calls, Fit, ModelSeen, Updates
from core.trace.finding import Finding, FindingCode

SENSITIVE = frozenset(
    {
        "AlphaDropout",
        "BatchNormalization",
        "Dropout",
        "GaussianDropout",
        "GaussianNoise",
        "RandomBrightness",
        "RandomContrast",
        "RandomCrop",
        "RandomFlip",
        "RandomRotation",
        "RandomTranslation",
        "RandomZoom",
        "SpatialDropout1D",
        "SpatialDropout2D",
        "SpatialDropout3D",
    }
)


def training_flag_missing(look: Look) -> Iterator[Finding]:
    """Training steps that call a model without telling it so."""
    models = {one.model: one for one in look.saw(ModelSeen)}
    sensitive = _Sensitive(look, models)
    updated = {one.cell for one in look.saw(Updates)}
    for call in look.saw(Calls):
        if not call.gradient or call.training not in ("unset", "none"):
            continue
        layers = sensitive.layers(call.model)
        if layers and call.cell in updated:
            name = models[call.model].name
            how = "was being traced" if call.traced else "ran"
            yield look.finding(
                FindingCode.TRAINING_FLAG_MISSING,
                call.line,
                f"`{name}` is trained without `training=True`",
                f"{times(call.calls, 'call')} under gradients while the step {how}, with "
                f"`training` {'not given' if call.training == 'unset' else 'None'}; "
                f"its {listed(layers)} left in inference mode",
            )
    yield from _custom_steps(look, models, sensitive)
    yield from _stateless(look, sensitive)


class _Sensitive:
    """Which models hold layers that act differently in training."""

    def __init__(self, look: Look, models: dict[str, ModelSeen]) -> None:
        self._models = models
        self._by_name = {one.name: one.model for one in models.values()}
        self._classes: dict[str, str] = {}
        for cell in look.document.cells:
            tree = python_code.tree(cell.runnable or cell.source)
            for node in tree.body if cell.language == "python" and tree is not None else ():
                if isinstance(node, ast.ClassDef):
                    self._classes[node.name] = ast.unparse(node)

    def layers(self, model: str, depth: int = 0) -> list[str]:
        """The kinds of such layers, those of models inside included; empty for none."""
        seen = self._models.get(model)
        if seen is None or depth > 8:
            return []
        own = self._classes.get(seen.kind, "")
        if "training=True" in own.replace(" ", ""):
            return []  # it tells its layers itself
        found: dict[str, None] = {}
        for layer in seen.layers:
            if layer.kind in SENSITIVE:
                found[layer.kind] = None
            elif layer.name in self._by_name and self._by_name[layer.name] != model:
                found |= dict.fromkeys(self.layers(self._by_name[layer.name], depth + 1))
            elif layer.kind in self._classes:
                text = self._classes[layer.kind]
                found |= {kind: None for kind in sorted(SENSITIVE) if f"{kind}(" in text}
        return list(found)


def _custom_steps(
    look: Look, models: dict[str, ModelSeen], sensitive: _Sensitive
) -> Iterator[Finding]:
    """A `train_step` method that `fit` drove and that calls the model without the flag."""
    fitted = {models[fit.model].kind: fit.model for fit in look.saw(Fit) if fit.model in models}
    for cell in look.document.cells:
        tree = python_code.tree(cell.runnable or cell.source) if cell.language == "python" else None
        for node in tree.body if tree is not None else ():
            if not isinstance(node, ast.ClassDef) or node.name not in fitted:
                continue
            layers = sensitive.layers(fitted[node.name])
            for call in _unflagged(node, "train_step") if layers else ():
                yield look.finding(
                    FindingCode.TRAINING_FLAG_MISSING,
                    cell.line_of(call.lineno - 1),
                    f"`{node.name}.train_step` calls the model without `training=True`",
                    f"`fit` trained it, its {listed(layers)} left in inference mode",
                )


def _unflagged(kind: ast.ClassDef, method: str) -> Iterator[ast.Call]:
    """Calls `self(x)` of a method, without `training`."""
    for node in kind.body:
        if isinstance(node, ast.FunctionDef) and node.name == method:
            for inner in ast.walk(node):
                match inner:
                    case ast.Call(func=ast.Name(id="self"), args=[_], keywords=words):
                        if not any(word.arg in ("training", None) for word in words):
                            yield inner


def _stateless(look: Look, sensitive: _Sensitive) -> Iterator[Finding]:
    """JAX: `stateless_call` without the flag in a function that is differentiated."""
    layers = [kind for one in look.saw(ModelSeen) for kind in sensitive.layers(one.model)]
    if not layers:
        return
    for cell in look.document.cells:
        tree = python_code.tree(cell.runnable or cell.source) if cell.language == "python" else None
        if tree is None or not look.ran(cell.index):
            continue
        trained = _differentiated(look)
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and node.name in trained:
                for call in ast.walk(node):
                    match call:
                        case ast.Call(func=ast.Attribute(attr="stateless_call"), keywords=words):
                            if not any(word.arg in ("training", None) for word in words):
                                yield look.finding(
                                    FindingCode.TRAINING_FLAG_MISSING,
                                    cell.line_of(call.lineno - 1),
                                    f"`{node.name}` calls the model without `training=True`",
                                    "it is differentiated; the document's models hold "
                                    f"{listed(dict.fromkeys(layers))}, left in inference mode",
                                )


def _differentiated(look: Look) -> set[str]:
    """Names of functions that are given to `grad` or `value_and_grad`."""
    found = set()
    for cell in look.document.cells:
        tree = python_code.tree(cell.runnable or cell.source) if cell.language == "python" else None
        for node in ast.walk(tree) if tree is not None else ():
            match node:
                case ast.Call(
                    func=ast.Attribute(attr="grad" | "value_and_grad")
                    | ast.Name(id="grad" | "value_and_grad"),
                    args=[ast.Name(id=name), *_],
                ):
                    found.add(name)
    return found
