"""What of a program its last training loop needs: the newest binding of every name it reaches.

A guide builds its model, optimizer and datasets again in each section; only what a loop can reach
says how that loop trains.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

Scope = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def needed(tree: ast.Module, last: ast.AST | None) -> ast.Module:
    """The statements at the margin that a piece of code in the last of them needs, in order.

    Args:
        tree: the program.
        last: the loop, function or call; the whole program where there is none.
    """
    if last is None:
        return tree
    ends = [n for n, s in enumerate(tree.body) if any(node is last for node in ast.walk(s))]
    end = ends[-1]
    if isinstance(tree.body[end], Scope):
        end = _called_last(tree, end)
    kept = {end}
    waiting = [(end, name) for name in _loads(tree.body[end])]
    seen: set[tuple[int, str]] = set()
    while waiting:
        place, name = waiting.pop()
        found = next((n for n in range(place - 1, -1, -1) if name in _binds(tree.body[n])), None)
        if found is None or (found, name) in seen:
            continue
        seen.add((found, name))
        kept.add(found)
        statement = tree.body[found]
        # A function reads its names when it is called, which is not before the loop.
        when = end if isinstance(statement, Scope) else found
        waiting += [(when, other) for other in _loads(statement)]
        for number in range(found + 1, end):  # `model.compile(…)` belongs to its model
            if number not in kept and _configures(tree.body[number], name):
                kept.add(number)
                waiting += [(number, other) for other in _loads(tree.body[number])]
    return ast.Module([tree.body[n] for n in sorted(kept)], [])


def _called_last(tree: ast.Module, defined: int) -> int:
    """The last statement that calls a function, directly or through functions that call it."""
    names = {getattr(tree.body[defined], "name", "")}
    found = defined
    for number in range(defined, len(tree.body)):
        if names & _loads(tree.body[number]):
            found = number
            if isinstance(tree.body[number], Scope):
                names.add(getattr(tree.body[number], "name", ""))
    return found


def _loads(statement: ast.stmt) -> set[str]:
    """The names that a statement reads and does not bind itself, as a loop or function does."""
    read = {
        node.id
        for node in ast.walk(statement)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }
    if isinstance(statement, ast.Assign | ast.AugAssign | ast.AnnAssign | ast.Expr):
        return read
    own = {
        node.id
        for node in ast.walk(statement)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    return read - own - {node.arg for node in ast.walk(statement) if isinstance(node, ast.arg)}


def _binds(statement: ast.stmt) -> set[str]:
    """The names that a statement binds at the margin."""
    if isinstance(statement, Scope):
        return {statement.name}
    if isinstance(statement, ast.Import | ast.ImportFrom):
        return {(alias.asname or alias.name).partition(".")[0] for alias in statement.names}
    return {
        node.id
        for node in _outside_functions(statement)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }


def _outside_functions(node: ast.AST) -> Iterator[ast.AST]:
    yield node
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, Scope):
            yield from _outside_functions(child)


def _configures(statement: ast.stmt, name: str) -> bool:
    """Whether a statement is `name.compile(…)`, or builds or adds to what has the name."""
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Call)
        and isinstance(statement.value.func, ast.Attribute)
        and statement.value.func.attr in {"compile", "build", "add"}
        and isinstance(statement.value.func.value, ast.Name)
        and statement.value.func.value.id == name
    )
