"""Where a program's parts are: the training step, the loops around it, the evaluation."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence

from attrs import frozen

from core.documents.facts.figures import figure
from core.documents.facts.slicing import needed

Function = ast.FunctionDef | ast.AsyncFunctionDef
_GRADIENTS = frozenset({"GradientTape", "backward", "value_and_grad", "grad"})


@frozen
class Parts:
    """The parts of a program that trains.

    Attributes:
        tree: what the last training loop needs of the program, and nothing else.
        step: the statements of one training step; empty where `fit` trains.
        function: the function that holds the step, None where the loop itself does.
        batches: the loop over batches, None where there is none.
        epochs: the loop over epochs, None where there is none.
        fits: the calls of `fit`.
        evaluation: statements that evaluate: loops beside the one over batches, and what they call.
        values: what names stand for, parameters included where one call gives them.
    """

    tree: ast.Module
    step: tuple[ast.stmt, ...]
    function: Function | None
    batches: ast.For | None
    epochs: ast.For | None
    fits: tuple[ast.Call, ...]
    evaluation: tuple[ast.stmt, ...]
    values: Mapping[str, ast.expr]

    def number(self, node: ast.AST | None) -> float | None:
        """The number that an expression is, names of numbers included."""
        seen: set[str] = set()
        while isinstance(node, ast.Name) and node.id not in seen:
            seen.add(node.id)
            node = self.values.get(node.id)
        if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
            items = self.values.get(node.value.id)
            index = figure(node.slice)
            if isinstance(items, ast.Tuple | ast.List) and index is not None:
                return self.number(items.elts[int(index)])
        return None if node is None else figure(node)


def parts(whole: ast.Module) -> Parts:
    """Finds the last training loop of a program and what belongs to it."""
    step, function, batches = _step(whole)
    last: ast.AST | None = batches or function
    fits = [c for c in calls(whole) if called(c) == "fit" and isinstance(c.func, ast.Attribute)]
    if batches is None and fits:
        last = fits[-1]  # which calls a `train_step` that a model defines
    tree = needed(whole, last)
    functions = {n.name: n for n in ast.walk(tree) if isinstance(n, Function)}
    epochs = None if batches is None else _around(tree, batches, functions)
    beside = epochs.body if epochs is not None else tree.body
    return Parts(
        tree=tree,
        step=step,
        function=function,
        batches=batches,
        epochs=epochs,
        fits=tuple(c for c in fits if c in set(ast.walk(tree))),
        evaluation=_evaluation(beside, batches, functions, step),
        values=_values(tree, functions),
    )


def calls(node: ast.AST) -> Iterator[ast.Call]:
    """Every call in a piece of code, in the order of the text."""
    found = [n for n in ast.walk(node) if isinstance(n, ast.Call)]
    yield from sorted(found, key=lambda n: (n.lineno, n.col_offset))


def called(call: ast.Call) -> str:
    """The last word of what is called: `Adam` of `keras.optimizers.Adam(…)`."""
    function = call.func
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def within(statements: Sequence[ast.stmt]) -> Iterator[ast.Call]:
    """Every call in some statements."""
    for statement in statements:
        yield from calls(statement)


def _step(
    tree: ast.Module,
) -> tuple[tuple[ast.stmt, ...], Function | None, ast.For | None]:
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    found: list[tuple[tuple[ast.stmt, ...], Function | None, ast.For | None]] = []
    for mark in calls(tree):
        if called(mark) not in _GRADIENTS:
            continue
        inside = _ancestors(mark, parents)
        holder = next((n for n in inside if isinstance(n, Function | ast.For)), None)
        if isinstance(holder, ast.For):
            found.append((tuple(_until_log(holder.body)), None, holder))
            continue
        outer = [n for n in inside if isinstance(n, Function)]
        for function in outer:
            loop = _loop_calling(function.name, tree, parents, function.lineno)
            if loop is not None:
                found.append((tuple(function.body), function, loop))
                break
        else:
            if outer:
                found.append((tuple(outer[-1].body), outer[-1], None))
    return max(found, key=_begins, default=((), None, None))


def _begins(one: tuple[tuple[ast.stmt, ...], Function | None, ast.For | None]) -> int:
    """Where a step is written: the last one of a program is the one that counts."""
    return one[0][0].lineno


def _until_log(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements of a step in its loop, without what is logged every so many steps."""
    for statement in body:
        if not isinstance(statement, ast.If):
            yield statement


def _loop_calling(
    name: str, tree: ast.Module, parents: Mapping[ast.AST, ast.AST], after: int = 0
) -> ast.For | None:
    for call in reversed(list(calls(tree))):
        if called(call) == name and call.lineno > after:
            loop = next((n for n in _ancestors(call, parents) if isinstance(n, ast.For)), None)
            if loop is not None:
                return loop
    return None


def _ancestors(node: ast.AST, parents: Mapping[ast.AST, ast.AST]) -> list[ast.AST]:
    found = []
    while node in parents:
        node = parents[node]
        found.append(node)
    return found


def _around(
    tree: ast.Module, batches: ast.For, functions: Mapping[str, Function]
) -> ast.For | None:
    """The loop around another, also where that one stands in a function which it calls."""
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    inside = _ancestors(batches, parents)
    direct = next((n for n in inside if isinstance(n, ast.For)), None)
    if direct is not None:
        return direct
    holder = next((n for n in inside if isinstance(n, Function)), None)
    if holder is None or holder.name not in functions:
        return None
    return _loop_calling(holder.name, tree, parents)


def _evaluation(
    beside: Sequence[ast.stmt],
    batches: ast.For | None,
    functions: Mapping[str, Function],
    step: Sequence[ast.stmt],
) -> tuple[ast.stmt, ...]:
    found: list[ast.stmt] = []
    for statement in beside:
        if isinstance(statement, Function | ast.ClassDef):
            continue
        for node in ast.walk(statement):
            if isinstance(node, ast.For) and all(inner is not batches for inner in ast.walk(node)):
                found.append(node)
                for call in calls(node):
                    function = functions.get(called(call))
                    if function is not None and tuple(function.body) != tuple(step):
                        found += function.body
    return tuple(found)


def _values(tree: ast.Module, functions: Mapping[str, Function]) -> dict[str, ast.expr]:
    """What names are assigned last; parameters are what the last call gives them."""
    found: dict[str, ast.expr] = {}
    for call in calls(tree):
        function = functions.get(called(call))
        if function is not None:
            names = [argument.arg for argument in function.args.args]
            found |= dict(zip(names, call.args, strict=False))
            found |= {k.arg: k.value for k in call.keywords if k.arg}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                found |= dict(_pairs(target, node.value))
    return found


def _pairs(target: ast.expr, value: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    """Names with the expressions that are assigned to them."""
    if isinstance(target, ast.Name):
        if not (isinstance(value, ast.Name) and value.id == target.id):
            yield target.id, value
    elif isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        for one, other in zip(target.elts, value.elts, strict=False):
            yield from _pairs(one, other)
