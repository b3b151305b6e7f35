"""Which errors follow from an earlier one.

A cell that fails leaves names unbound, or bound to what they were before. A later cell that fails
while it uses such a name fails because of the first; a name it binds from one is left in doubt too.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Mapping
from typing import TypeAlias

_MISSING = object()

Comprehension: TypeAlias = "ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp"


class Names(ast.NodeVisitor):
    """The names that a piece of code binds and reads at its top level, and its functions' reads.

    Attributes:
        bound: names bound when the code is executed.
        read: names read when it is executed, before it binds them itself.
        functions: for each function, the global names that its body reads.
    """

    def __init__(self) -> None:
        self.bound: set[str] = set()
        self.read: set[str] = set()
        self.functions: dict[str, set[str]] = {}

    def visit_Name(self, node: ast.Name) -> None:
        """A name, bound or read."""
        if not isinstance(node.ctx, ast.Load):
            self.bound.add(node.id)
        elif node.id not in self.bound:
            self.read.add(node.id)

    def visit_Assign(self, node: ast.Assign) -> None:
        """The value is read before the targets are bound."""
        self._in_turn(node.value, *node.targets)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        """`x += 1` reads `x` first."""
        self.read |= _names(node.target) - self.bound
        self._in_turn(node.value, node.target)

    def visit_For(self, node: ast.For) -> None:
        """What is looped over is read first."""
        self._in_turn(node.iter, node.target, *node.body, *node.orelse)

    def visit_ListComp(self, node: Comprehension) -> None:
        """The variables of a comprehension are its own."""
        own = {name for part in node.generators for name in _names(part.target)}
        self.read |= _loaded(node) - own - self.bound

    visit_SetComp = visit_DictComp = visit_GeneratorExp = visit_ListComp  # noqa: N815

    def visit_Import(self, node: ast.Import) -> None:
        """`import a.b` binds `a`; `import a.b as c` binds `c`."""
        for alias in node.names:
            self.bound.add(alias.asname or alias.name.split(".")[0])

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        """`from a import b` binds `b`."""
        for alias in node.names:
            self.bound.add(alias.asname or alias.name)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        """A function binds its name; what it reads matters when it is called."""
        self._definition(node.name, node)
        for part in [*node.decorator_list, *node.args.defaults]:
            self.visit(part)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:
        """As any other function."""
        self._definition(node.name, node)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        """A class binds its name and reads its bases; its methods' reads count as its own."""
        self._definition(node.name, node)
        for part in [*node.decorator_list, *node.bases]:
            self.visit(part)

    def visit_Lambda(self, node: ast.Lambda) -> None:
        """A lambda reads what its body reads, its own parameters aside."""
        own = {a.arg for a in ast.walk(node.args) if isinstance(a, ast.arg)}
        self.read |= _loaded(node.body) - own - self.bound

    def _in_turn(self, *nodes: ast.AST) -> None:
        for node in nodes:
            self.visit(node)

    def _definition(self, name: str, node: ast.AST) -> None:
        self.bound.add(name)
        self.functions[name] = _loaded(node)


def _names(node: ast.AST) -> set[str]:
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}


def _loaded(node: ast.AST) -> set[str]:
    names = [n for n in ast.walk(node) if isinstance(n, ast.Name)]
    return {n.id for n in names if isinstance(n.ctx, ast.Load)}


class Cascade:
    """Keeps account of names in doubt and of the cells to blame."""

    def __init__(self) -> None:
        self._doubtful: dict[str, int] = {}
        self._functions: dict[str, set[str]] = {}

    def before(self, tree: ast.Module, space: Mapping[str, object]) -> Attempt:
        """A cell is about to run."""
        names = Names()
        names.visit(tree)
        return Attempt(names, {name: space.get(name, _MISSING) for name in names.bound})

    def succeeded(self, attempt: Attempt) -> None:
        """The cell ran: what it bound is as it should be, unless it used a doubtful name."""
        self._functions |= attempt.names.functions
        cause = self.cause(attempt)
        for name in attempt.names.bound:
            # A function is only defined here; it is in doubt when something calls it, not before.
            made_in_doubt = cause is not None and name not in attempt.names.functions
            if made_in_doubt and cause is not None:
                self._doubtful.setdefault(name, cause)
            else:
                self._doubtful.pop(name, None)

    def failed(self, attempt: Attempt, cell: int, space: Mapping[str, object]) -> None:
        """The cell failed: what it did not come to bind is in doubt."""
        self._functions |= attempt.names.functions
        cause = self.cause(attempt)
        for name in attempt.names.bound:
            # Still the object that it was before the cell, so that the cell did not come to bind
            # it.
            if space.get(name, _MISSING) is attempt.before[name]:
                self._doubtful[name] = cell if cause is None else cause
            elif cause is None:
                self._doubtful.pop(name, None)

    def cause(self, attempt: Attempt, error: BaseException | None = None) -> int | None:
        """The cell whose failure explains that this one fails; None where none does."""
        if isinstance(error, NameError) and not isinstance(error, UnboundLocalError):
            name = getattr(error, "name", None)
            if isinstance(name, str) and not hasattr(builtins, name):
                return self._doubtful.get(name)
        used = self._reached(attempt.names.read)
        return next((self._doubtful[name] for name in sorted(used & set(self._doubtful))), None)

    def _reached(self, names: set[str]) -> set[str]:
        """Names, and the names that the document's functions among them read, and so on."""
        reached: set[str] = set()
        waiting = set(names)
        while waiting:
            name = waiting.pop()
            reached.add(name)
            waiting |= self._functions.get(name, set()) - reached
        return reached


class Attempt:
    """A cell being run: its names, and what they were bound to before."""

    def __init__(self, names: Names, before: dict[str, object]) -> None:
        self.names = names
        self.before = before

    __slots__ = ("before", "names")
