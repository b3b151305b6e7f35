"""`never-called` and `optimizer-rebound`: functions that a document shows and never uses."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from core.documents.reading import Cell
from core.documents.reading.syntax import python_code
from core.documents.rules.look import Look, first_line
from core.documents.rules.r_functions import unread_functions
from core.sandbox.guest.events import CellError, Exercised, FunctionSeen
from core.trace.finding import Finding, FindingCode, Severity

# Decorators that hand a function on to itself; any other may register it somewhere.
_COMPILERS = frozenset({"function", "jit", "partial", "no_grad", "enable_grad", "inference_mode"})
_REBOUND = "Unknown variable"


def never_called(look: Look) -> Iterator[Finding]:
    """Functions that are defined and never called, with what calling one brought to light."""
    exercised = {(e.cell, e.name): e for e in look.saw(Exercised)}
    for function in unused_functions(look):
        tried = exercised.get((function.cell, function.name))
        evidence = "the document ran to its end; nothing called it or refers to it by name"
        severity = Severity.WARNING
        if tried is not None:
            evidence = f"{evidence}; {_outcome(tried)}"
        if tried is not None and tried.error is not None:
            severity = Severity.ERROR
        yield look.finding(
            FindingCode.NEVER_CALLED,
            function.line,
            f"`{function.name}` is defined and never called",
            evidence,
            severity=severity,
        )
    if not look.executed:
        for name, line in unread_functions(look.document):
            yield look.finding(
                FindingCode.NEVER_CALLED,
                line,
                f"`{name}` is defined and never called",
                "read from the code: nothing uses its name before the document's end, or before "
                "it is defined again",
            )


def optimizer_rebound(look: Look) -> Iterator[Finding]:
    """Optimizers that are applied to the variables of another model than they were built on."""
    for tried in look.saw(Exercised):
        if tried.error is not None and _REBOUND in tried.error.message:
            said = f"called once, `{tried.name}` raises {_error(tried.error)}"
            yield _rebound(look, tried.error.line, said)
    for cell in look.record.cells:
        if cell.error is not None and _REBOUND in cell.error.message:
            kind, text = cell.error.kind, first_line(cell.error.message)
            yield _rebound(look, cell.error.line, f"it raises {kind}: {text}")


def _rebound(look: Look, line: int | None, evidence: str) -> Finding:
    return look.finding(
        FindingCode.OPTIMIZER_REBOUND,
        line,
        "the optimizer belongs to another model: it was built on that one's variables",
        evidence,
    )


def unused_functions(look: Look) -> tuple[FunctionSeen, ...]:
    """The top-level functions that no code called and no name refers to."""
    trees: dict[int, dict[int, list[ast.expr]]] = {}
    found = []
    for function in look.saw(FunctionSeen):
        if not function.top or function.called is not False or function.referenced:
            continue
        if function.name.startswith("_"):
            continue
        if function.cell not in trees:
            trees[function.cell] = _decorators(look.document.cells[function.cell])
        if all(_compiles(d) for d in trees[function.cell].get(function.line, [])):
            found.append(function)
    return tuple(found)


def _decorators(cell: Cell) -> dict[int, list[ast.expr]]:
    """The decorators of each function, by the document's line of its `def`."""
    tree = python_code.tree(cell.runnable or cell.source)
    return {
        cell.line_of(node.lineno - 1): node.decorator_list
        for node in (tree.body if tree is not None else ())
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def _compiles(decorator: ast.expr) -> bool:
    named = decorator.func if isinstance(decorator, ast.Call) else decorator
    name = named.attr if isinstance(named, ast.Attribute) else getattr(named, "id", "")
    return name in _COMPILERS


def _outcome(tried: Exercised) -> str:
    if not tried.called:
        return "it was not tried: no arguments for it were found"
    if tried.error is None:
        return "called once on a batch, it works"
    return f"called once on a batch, it raises {_error(tried.error)}"


def _error(error: CellError) -> str:
    return f"{error.kind}: {first_line(error.message)} (line {error.line})"
