"""What becomes of metrics: updated, read, reset."""

from __future__ import annotations

import ast

from attrs import field, frozen

from core.documents.facts.parts import Parts, called, calls, within


@frozen
class MetricUse:
    """What becomes of a metric.

    Attributes:
        name: its variable.
        role: `training` or `validation`: where it is updated.
        read: whether its result is asked for.
        reset: whether it is reset.
        node: where it is updated.
    """

    name: str
    role: str
    read: bool
    reset: bool
    node: ast.AST = field(eq=False)


def metric_uses(parts: Parts) -> list[MetricUse]:
    """What becomes of every metric that is updated."""
    found: list[MetricUse] = []
    for role, statements in (("training", parts.step), ("validation", parts.evaluation)):
        for call in within(statements):
            updates = called(call) in {"update_state", "stateless_update_state"}
            if not updates or not isinstance(call.func, ast.Attribute):
                continue
            name = ast.unparse(call.func.value)
            if any(use.name == name for use in found):
                continue
            found.append(
                MetricUse(
                    name=name,
                    role=role,
                    read=_asked(parts, name, {"result", "stateless_result"}),
                    reset=_asked(
                        parts, name, {"reset_state", "reset_states", "stateless_reset_state"}
                    )
                    or _made_in_loop(parts, name),
                    node=call,
                )
            )
    return found


def _asked(parts: Parts, name: str, methods: set[str]) -> bool:
    return any(
        called(call) in methods
        and isinstance(call.func, ast.Attribute)
        and (ast.unparse(call.func.value) == name or _loops_over(parts, call.func.value, name))
        for call in calls(parts.tree)
    )


def _loops_over(parts: Parts, owner: ast.expr, name: str) -> bool:
    """Whether a variable goes over a list that holds a metric."""
    return isinstance(owner, ast.Name) and any(
        isinstance(node, ast.For)
        and isinstance(node.target, ast.Name)
        and node.target.id == owner.id
        and name in {ast.unparse(n) for n in ast.walk(node.iter) if isinstance(n, ast.expr)}
        for node in ast.walk(parts.tree)
    )


def _made_in_loop(parts: Parts, name: str) -> bool:
    """Whether each epoch makes the metric again."""
    body = parts.epochs.body if parts.epochs is not None else []
    return any(
        isinstance(node, ast.Assign) and any(ast.unparse(t) == name for t in node.targets)
        for statement in body
        for node in ast.walk(statement)
    )
