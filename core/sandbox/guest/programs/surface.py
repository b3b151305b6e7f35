"""What can be seen of the guides' kinds of models: names, summaries, optimizer variables."""

from __future__ import annotations

import io
import re
import warnings
from contextlib import redirect_stdout
from typing import cast

from ..dynamic import Dynamic
from .loaded import Loaded, short
from .models import MODELS

Answer = dict[str, object]


def answer(at: Loaded) -> Answer:
    """Names by model, and what warnings importing and building raised."""
    found: Answer = {}
    with warnings.catch_warnings(record=True) as raised:
        warnings.simplefilter("always")
        for name, make in MODELS.items():
            try:
                found[name] = _seen(make(at))
            except Exception as error:  # noqa: BLE001 - told, not hidden
                found[name] = {"error": short(error)}
        for kind in ("Adam", "SGD"):
            found[kind] = {"variables": _slots(at, kind)}
    found["warnings"] = sorted({f"{w.category.__name__}: {_clean(w.message)}" for w in raised})
    return found


def _clean(message: object) -> str:
    return re.sub(r"0x[0-9a-f]+", "0x…", " ".join(str(message).split()))[:300]


def _seen(model: Dynamic) -> Answer:
    printed = io.StringIO()
    lines: list[str] = []
    with redirect_stdout(printed):
        try:
            model.summary(line_length=80, print_fn=lambda text, **_: lines.append(str(text)))
        except TypeError:
            model.summary(line_length=80)
    return {
        "layers": [f"{layer.name}: {type(layer).__name__}" for layer in model.layers],
        "weights": [_path(weight) for weight in model.weights],
        "summary": ("\n".join(lines) or printed.getvalue()).splitlines(),
    }


def _path(weight: object) -> str:
    return str(getattr(weight, "path", None) or cast(Dynamic, weight).name)


def _slots(at: Loaded, kind: str) -> list[str]:
    model = MODELS["classifier"](at)
    optimizer = cast(Dynamic, getattr(at.keras.optimizers, kind))()
    try:
        optimizer.build(model.trainable_variables)
    except Exception as error:  # noqa: BLE001 - told, not hidden
        return [short(error)]
    variables = optimizer.variables
    held = variables() if at.legacy and callable(cast(object, variables)) else variables
    return [_path(variable) for variable in held]
