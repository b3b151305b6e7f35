"""What a loop goes over, how often, and how it logs."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from core.documents.facts.parts import Parts, called, calls
from core.documents.facts.said import Said


def dataset(parts: Parts, loop: ast.For | None) -> list[ast.Call]:
    """The calls that made the dataset a loop goes over: `shuffle`, `batch`, `DataLoader`."""
    if loop is None:
        return [call for fit in parts.fits[-1:] for call in _made_for(fit, parts)]
    return list(_made_for(loop.iter, parts))


def _made_for(iterated: ast.expr, parts: Parts) -> Iterator[ast.Call]:
    """The calls that made what an expression goes over."""
    seen: set[str] = set()
    waiting: list[ast.AST] = [iterated]
    while waiting:
        node = waiting.pop(0)
        yield from calls(node)
        for name in [n.id for n in ast.walk(node) if isinstance(n, ast.Name)]:
            if name in seen:
                continue
            seen.add(name)
            waiting += [
                other.value
                for other in ast.walk(parts.tree)
                if isinstance(other, ast.Assign) and _assigns(other, name)
            ]
            if name in parts.values and parts.values[name] not in waiting:
                waiting.append(parts.values[name])
            waiting += [
                other.value
                for function in ast.walk(parts.tree)
                if isinstance(function, ast.FunctionDef) and function.name == name
                for other in ast.walk(function)
                if isinstance(other, ast.Return) and other.value is not None
            ]


def _assigns(node: ast.Assign, name: str) -> bool:
    return any(isinstance(target, ast.Name) and target.id == name for target in node.targets)


def batch_size(made: Sequence[ast.Call], parts: Parts) -> Said | None:
    """The batch size of a dataset."""
    for call in made:
        sizes: list[ast.expr] = []
        if called(call) == "batch":
            sizes = call.args[:1] or [k.value for k in call.keywords if k.arg == "batch_size"]
        elif called(call) in {"DataLoader", "Batches"}:
            sizes = [k.value for k in call.keywords if k.arg == "batch_size"] or call.args[1:2]
        for size in sizes:
            number = parts.number(size)
            if number is not None:
                return Said(f"{number:,.0f}", call)
    return None


def shuffle(made: Sequence[ast.Call], parts: Parts) -> Said | None:
    """How a dataset is shuffled."""
    for call in made:
        if called(call) == "shuffle":
            size = (*call.args, *(k.value for k in call.keywords if k.arg == "buffer_size"))
            number = parts.number(size[0]) if size else None
            words = f"through a buffer of {number:,.0f}" if number is not None else "yes"
            return Said(words, call)
        for keyword in call.keywords:
            if keyword.arg == "shuffle" and isinstance(keyword.value, ast.Constant):
                return Said("all samples" if keyword.value.value else "none", call)
    return Said("none") if made else None


def set_aside(parts: Parts) -> Said | None:
    """How many samples are cut off the end."""
    for node in ast.walk(parts.tree):
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice):
            number = parts.number(node.slice.lower)
            if number is not None and number < 0:
                return Said(f"the last {-number:,.0f}", node)
    return None


def epochs(parts: Parts) -> Said | None:
    """The number of epochs."""
    found: list[tuple[ast.expr, ast.AST]] = []
    if parts.epochs is not None and isinstance(parts.epochs.iter, ast.Call):
        arguments = parts.epochs.iter.args
        if called(parts.epochs.iter) == "range" and arguments:
            low = parts.number(arguments[0]) if len(arguments) > 1 else 0
            last = arguments[min(1, len(arguments) - 1)]
            if isinstance(last, ast.BinOp) and len(arguments) > 1:
                last = last.left  # range(1, epochs + 1)
                low = 0
            number = parts.number(last)
            if number is not None and low is not None:
                return Said(f"{number - low:,.0f}", parts.epochs)
    for call in parts.fits:
        found += [(k.value, call) for k in call.keywords if k.arg == "epochs"]
    numbers = [(parts.number(value), node) for value, node in found]
    return next((Said(f"{n:,.0f}", node) for n, node in numbers if n is not None), None)


def logged_every(parts: Parts) -> Said | None:
    """After how many steps the loop logs."""
    for node in ast.walk(parts.batches) if parts.batches is not None else ():
        if isinstance(node, ast.If) and isinstance(node.test, ast.Compare):
            left = node.test.left
            if isinstance(left, ast.BinOp) and isinstance(left.op, ast.Mod):
                number = parts.number(left.right)
                if number is not None:
                    return Said(f"{number:,.0f}", node)
    return None


def divided(parts: Parts) -> Said | None:
    """What pixels are divided by."""
    for node in ast.walk(parts.tree):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
            number = parts.number(node.right)
            if number in {255.0, 127.5}:
                return Said(f"{number:g}", node)
    return None


def seed(tree: ast.Module) -> int | None:
    """The seed that a program sets itself."""
    for call in calls(tree):
        if called(call) == "set_random_seed" and call.args:
            value = call.args[0]
            if isinstance(value, ast.Constant) and isinstance(value.value, int):
                return value.value
    return None
