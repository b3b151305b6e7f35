"""What a training step does: its calls, its loss, its update."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from core.documents.facts.parts import Parts, called, calls, within
from core.documents.facts.said import Said

BY_MODE = frozenset({"Dropout", "BatchNormalization", "GaussianNoise", "SpatialDropout2D"})
"""Layers that do one thing in training and another in inference."""
NO_FLAG = "no training argument"
_AVERAGES = frozenset({"reduce_mean", "mean", "compute_average_loss", "average"})


def compiled(parts: Parts) -> Said | None:
    """Whether the step is compiled."""
    if parts.function is not None:
        words = {
            n.attr if isinstance(n, ast.Attribute) else getattr(n, "id", "")
            for decorator in parts.function.decorator_list
            for n in ast.walk(decorator)
        }
        wrapped = any(
            called(call) in {"function", "jit", "compile"}
            and any(isinstance(a, ast.Name) and a.id == parts.function.name for a in call.args)
            for call in calls(parts.tree)
        )
        if wrapped or words & {"function", "jit"}:
            return Said("compiled into a graph", parts.function)
    return Said("op by op", parts.batches) if parts.step else None


def models(parts: Parts) -> frozenset[str]:
    """Variables that hold models."""
    builders = {
        node.name
        for node in ast.walk(parts.tree)
        if isinstance(node, ast.FunctionDef)
        and any(called(call) in {"Model", "Sequential"} for call in calls(node))
    }
    classes = {
        node.name
        for node in ast.walk(parts.tree)
        if isinstance(node, ast.ClassDef)
        and any(ast.unparse(b).endswith(("Model", "Module")) for b in node.bases)
    }
    makers = builders | classes | {"Model", "Sequential"}
    return frozenset(
        target.id
        for node in ast.walk(parts.tree)
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Call)
        and called(node.value) in makers
        for target in node.targets
        if isinstance(target, ast.Name)
    )


def flags(statements: Sequence[ast.stmt], known: frozenset[str]) -> list[Said]:
    """How models are called in some statements: with `training=True`, `False` or neither."""
    found = []
    for call in within(statements):
        name = called(call)
        stateless = name in {"stateless_call", "call", "__call__"}
        owner = getattr(call.func, "value", None)
        if stateless and isinstance(owner, ast.Name):
            name = owner.id
        if name not in known or not (call.args or call.keywords):
            continue
        given = [k.value for k in call.keywords if k.arg == "training"]
        text = f"training={ast.unparse(given[0])}" if given else NO_FLAG
        found.append(Said(text, call))
    return found


def modes(parts: Parts) -> list[str]:
    """Kinds of layers that tell training from inference."""
    names = {called(call) for call in calls(parts.tree)}
    return sorted(names & BY_MODE)


def differentiated(parts: Parts) -> list[str]:
    """Names whose gradients are taken in the step."""
    found = []
    for call in within(parts.step):
        target: ast.expr | None = None
        if called(call) == "gradient" and call.args:
            target = call.args[0]
        elif called(call) == "backward" and isinstance(call.func, ast.Attribute):
            target = call.func.value
        if isinstance(target, ast.Name):
            found.append(target.id)
    return list(dict.fromkeys(found))


def averages(parts: Parts) -> list[Said]:
    """Averages taken of a differentiated loss beside the one that a loss function takes itself."""
    wanted = set(differentiated(parts))
    found: list[Said] = []
    for statement in parts.step:
        for node in ast.walk(statement):
            if isinstance(node, ast.Assign | ast.AugAssign) and _target(node) & wanted:
                found += _averaging(node)
    return found


def _target(node: ast.Assign | ast.AugAssign) -> set[str]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return {target.id for target in targets if isinstance(target, ast.Name)}


def _averaging(node: ast.Assign | ast.AugAssign) -> Iterator[Said]:
    for inner in ast.walk(node):
        if isinstance(inner, ast.Call) and called(inner) in _AVERAGES:
            yield Said(ast.unparse(inner.func), inner)
        elif isinstance(inner, ast.BinOp) and isinstance(inner.op, ast.Div):
            yield Said(f"/ {ast.unparse(inner.right)}", inner)
    if isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Div):
        yield Said(f"/ {ast.unparse(node.value)}", node)


def unreduced(parts: Parts) -> bool:
    """Whether a loss function hands back one number for each sample."""
    for call in calls(parts.tree):
        for keyword in call.keywords:
            said = ast.unparse(keyword.value).strip("'\"").lower()
            if keyword.arg == "reduction" and said.rpartition(".")[2] in {"none", "sum"}:
                return True
    return False


def tracked(parts: Parts) -> Said | None:
    """Where the losses that a model tracks are added."""
    for statement in parts.step:
        for node in ast.walk(statement):
            if isinstance(node, ast.Attribute) and node.attr == "losses":
                return Said("added", node)
            if isinstance(node, ast.keyword) and node.arg == "return_losses":
                return Said("added", node)
    return None


def applied(parts: Parts) -> Said | None:
    """Where gradients are applied."""
    words = {"apply", "apply_gradients", "stateless_apply", "step", "minimize"}
    return next((Said("yes", c) for c in within(parts.step) if called(c) in words), None)


def accumulates(parts: Parts) -> bool:
    """Whether `backward` adds to the gradients of earlier steps, since nothing clears them."""
    taken = any(called(call) == "backward" for call in within(parts.step))
    return taken and not any(called(call) == "zero_grad" for call in calls(parts.tree))
