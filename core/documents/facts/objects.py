"""What a program makes: layers, optimizers, loss functions, metrics."""

from __future__ import annotations

import ast

from core.documents.facts.parts import Parts, called, calls
from core.documents.facts.said import Said

OPTIMIZERS = frozenset({"Adam", "AdamW", "Adamax", "Adagrad", "Nadam", "RMSprop", "SGD", "Lion"})
LAYERS = frozenset(
    {
        *("Input", "Dense", "Embedding", "LSTM", "GRU"),
        *("Conv1D", "Conv2D", "Conv2DTranspose", "SeparableConv2D", "ZeroPadding2D"),
        *("MaxPooling2D", "AveragePooling2D", "GlobalMaxPooling2D", "GlobalAveragePooling2D"),
        *("BatchNormalization", "LayerNormalization", "Dropout", "GaussianNoise"),
        *("LeakyReLU", "ReLU", "Softmax", "Activation", "ActivityRegularization"),
        *("Flatten", "Reshape", "Rescaling"),
    }
)
_POSITIONAL = {
    "Dense": ("units", "activation"),
    "Dropout": ("rate",),
    "LeakyReLU": ("negative_slope",),
    "Activation": ("activation",),
    "Conv2D": ("filters", "kernel_size", "strides"),
    "Conv2DTranspose": ("filters", "kernel_size", "strides"),
    "Reshape": ("target_shape",),
    "Input": ("shape",),
    "Adam": ("learning_rate",),
    "SGD": ("learning_rate",),
}
_OLD = {"lr": "learning_rate", "alpha": "negative_slope"}
_DEFAULTS = {
    ("Adam", "learning_rate"): "0.001",
    ("Adam", "beta_1"): "0.9",
    ("Adam", "beta_2"): "0.999",
    ("LeakyReLU", "negative_slope"): "0.3",
    ("Conv2DTranspose", "strides"): "(1, 1)",
    ("Conv2D", "strides"): "(1, 1)",
}


def objects(parts: Parts, names: frozenset[str]) -> list[Said]:
    """Calls of some classes with their arguments, by name and in order."""
    return [Said(_object(call, parts), call) for call in calls(parts.tree) if called(call) in names]


def layers(parts: Parts) -> list[Said]:
    """The layers in the order of the text, those of the program's own classes included."""
    own = {
        node.name
        for node in ast.walk(parts.tree)
        if isinstance(node, ast.ClassDef) and any("Layer" in ast.unparse(b) for b in node.bases)
    }
    found = []
    for said in objects(parts, LAYERS | own):
        assert isinstance(said.node, ast.Call)
        shapes = [k.value for k in said.node.keywords if k.arg == "input_shape"]
        found += [Said(f"Input(shape={_value(shape, parts)})", said.node) for shape in shapes]
        found.append(said)
    return found


def losses(parts: Parts) -> list[Said]:
    """The loss functions that are made."""
    return [
        Said(_object(call, parts), call)
        for call in calls(parts.tree)
        if called(call).endswith(("Crossentropy", "CrossEntropyLoss", "SquaredError", "Hinge"))
        and not isinstance(getattr(call.func, "value", None), ast.Call)
        and "metrics" not in ast.unparse(call.func)
    ]


def metrics(parts: Parts) -> list[Said]:
    """The metrics that are made."""
    return [
        Said(_object(call, parts), call)
        for call in calls(parts.tree)
        if called(call).endswith("Accuracy") or "metrics." in ast.unparse(call.func)
        if called(call)[:1].isupper()
    ]


def _object(call: ast.Call, parts: Parts) -> str:
    """A class with its arguments, but for names that only label and values that are the default."""
    name = called(call)
    given: dict[str, str] = {}
    for position, value in enumerate(call.args):
        known = _POSITIONAL.get(name, ())
        key = known[position] if position < len(known) else f"{position}"
        given[key] = _value(value, parts)
    for keyword in call.keywords:
        key = _OLD.get(keyword.arg or "", keyword.arg or "**")
        if key not in {"name", "input_shape"}:
            given[key] = _value(keyword.value, parts)
    kept = {key: value for key, value in given.items() if _DEFAULTS.get((name, key)) != value}
    said = ", ".join(f"{key}={kept[key]}" for key in sorted(kept))
    return f"{name}({said})" if said else name


def _value(node: ast.expr, parts: Parts) -> str:
    number = parts.number(node)
    if number is not None:
        return f"{number:g}"
    if isinstance(node, ast.Tuple | ast.List):
        items = [_value(item, parts) for item in node.elts]
        return f"({', '.join(items)}{',' if len(items) == 1 else ''})"
    if isinstance(node, ast.Constant):
        return str(node.value)
    return ast.unparse(node).rpartition(".")[2]
