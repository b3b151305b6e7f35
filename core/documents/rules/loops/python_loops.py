"""The loops of a Python cell."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from core.documents.reading import Cell
from core.documents.rules.loops.collecting import Collector, Region

_ITERATORS = frozenset({"iter", "zip", "map", "filter", "enumerate", "reversed"})
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def read_python(cell: Cell, tree: ast.Module, collector: Collector) -> None:
    """Adds the loops and iterators of a cell."""
    _Reader(cell, collector).block(tree.body, Region())


def generators(tree: ast.Module) -> Iterator[str]:
    """Names of the functions that yield and come to an end: no loop in them goes on for ever."""
    for node in ast.walk(tree):
        if isinstance(node, _FUNCTIONS):
            inner = list(ast.walk(node))
            endless = any(
                isinstance(n, ast.While) and isinstance(n.test, ast.Constant) and n.test.value
                for n in inner
            )
            if not endless and any(isinstance(n, ast.Yield | ast.YieldFrom) for n in inner):
                yield node.name


class _Reader:
    def __init__(self, cell: Cell, collector: Collector) -> None:
        self._cell = cell
        self._to = collector

    def _line(self, row: int | None) -> int:
        return self._cell.line_of((row or 1) - 1)

    def block(self, body: Sequence[ast.stmt], region: Region) -> None:
        """Statements, one after another."""
        for node in body:
            self._statement(node, region)
            if isinstance(node, ast.If) and not node.orelse and _ends_with(node, ast.Continue):
                region = region.guarded(f"not ({ast.unparse(node.test)})")

    def _statement(self, node: ast.stmt, region: Region) -> None:
        match node:
            case ast.For() | ast.AsyncFor() | ast.While():
                self._loop(node, region)
            case ast.If(test=test, body=body, orelse=orelse):
                self._expressions(test, region)
                text = ast.unparse(test)
                self.block(body, region.guarded(text))
                self.block(orelse, region.guarded(f"not ({text})"))
            case ast.FunctionDef(name=name, body=body) | ast.AsyncFunctionDef(name=name, body=body):
                self._bind(name, None, node.lineno, region)
                self.block(body, Region(function=name))
            case ast.ClassDef(name=name, body=body):
                self._bind(name, None, node.lineno, region)
                self.block(body, Region(function=name))
            case ast.With(items=items, body=body) | ast.AsyncWith(items=items, body=body):
                for item in items:
                    self._targets(item.optional_vars, None, region)
                self.block(body, region)
            case ast.Try():
                for part in (node.body, node.orelse, node.finalbody):
                    self.block(part, region)
                for handler in node.handlers:
                    self.block(handler.body, region.guarded("unknown_error"))
            case ast.Break() | ast.Return():
                self._to.left(region, anywhere=isinstance(node, ast.Return))
            case _:
                self._plain(node, region)

    def _plain(self, node: ast.stmt, region: Region) -> None:
        match node:
            case ast.AugAssign(target=ast.Name(id=name), op=ast.Add(), value=value):
                by = self._whole(value)
                self._to.counted(name, by, region)
            case ast.Assign(targets=targets, value=value):
                self._expressions(value, region)
                for target in targets:
                    self._targets(target, value, region)
            case ast.AnnAssign(target=target, value=value) if value is not None:
                self._expressions(value, region)
                self._targets(target, value, region)
            case ast.AugAssign(target=target):
                self._targets(target, None, region)
            case ast.Import(names=names) | ast.ImportFrom(names=names):
                for alias in names:
                    name = (alias.asname or alias.name).partition(".")[0]
                    self._bind(name, None, node.lineno, region)
            case ast.Global(names=names) | ast.Nonlocal(names=names):
                self._to.shared(names)
            case ast.Expr(value=value):
                self._expressions(value, region)
            case _:
                return

    def _expressions(self, node: ast.expr, region: Region) -> None:
        """Print calls and assignments inside an expression."""
        for inner in ast.walk(node):
            if isinstance(inner, ast.NamedExpr):
                self._bind(inner.target.id, None, inner.lineno, region)
            elif isinstance(inner, ast.Call) and _prints(inner.func):
                arguments = [*inner.args, *(k.value for k in inner.keywords)]
                names = {n for a in arguments for n in _read(a)}
                first, last = self._line(inner.lineno), self._line(inner.end_lineno)
                self._to.printed(first, last, names, region)

    def _targets(self, target: ast.expr | None, value: ast.expr | None, region: Region) -> None:
        match target:
            case ast.Name(id=name):
                self._bind(name, value, target.lineno, region)
            case ast.Tuple(elts=parts) | ast.List(elts=parts):
                for part in parts:
                    self._targets(part, None, region)
            case ast.Starred(value=part):
                self._targets(part, None, region)

    def _bind(self, name: str, value: ast.expr | None, row: int, region: Region) -> None:
        whole = None if value is None else self._whole(value)
        fresh = value is not None and self._is_iterator(value)
        self._to.bound(name, whole, self._line(row), region, iterator=fresh)

    def _whole(self, node: ast.expr) -> int | None:
        match node:
            case ast.Constant(value=int() as value):
                return int(value)
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() as value)):
                return -int(value)
            case ast.Name(id=name):
                return self._to.constants.get(name)
        return None

    def _is_iterator(self, node: ast.expr) -> bool:
        if isinstance(node, ast.GeneratorExp):
            return True
        if not isinstance(node, ast.Call):
            return False
        if isinstance(node.func, ast.Attribute):
            return node.func.attr == "as_numpy_iterator"
        if not isinstance(node.func, ast.Name):
            return False
        known = node.func.id in _ITERATORS and node.func.id not in self._to.defined
        endless = "repeat(" in ast.unparse(node) or "count(" in ast.unparse(node)
        return (known or node.func.id in self._to.generators) and not endless

    def _loop(self, node: ast.For | ast.AsyncFor | ast.While, region: Region) -> None:
        first, last = self._line(node.lineno), self._line(node.end_lineno)
        number = self._to.open(
            self._cell.index, first, last, self._line(node.body[0].lineno), region
        )
        inside = region.inside(number)
        if isinstance(node, ast.While):
            self._expressions(node.test, inside)
            forever = isinstance(node.test, ast.Constant)
            if not forever:  # the condition that ends it
                self._to.left(inside.guarded(f"not ({ast.unparse(node.test)})"), counts=False)
        else:
            self._iteration(node, number, inside)
        self.block(node.body, inside)
        if not isinstance(node, ast.While):
            name = _drained(node.iter)
            if name is not None:
                self._to.drained(name, first, inside)
        self._to.close(number)
        self.block(node.orelse, region)

    def _iteration(self, node: ast.For | ast.AsyncFor, number: int, inside: Region) -> None:
        """The loop's own variables: counters of `range` and `enumerate`."""
        for name in _stored(node.target):
            self._to.assigned(name, inside)
        match node.iter:
            case ast.Call(func=ast.Name(id="range"), args=args) if len(args) < 3:
                ends = [self._whole(arg) for arg in args]
                start = 0 if len(ends) == 1 else ends[0]
                stop = ends[-1] if ends else None
                if isinstance(node.target, ast.Name) and start is not None:
                    passes = None if stop is None else max(0, stop - start)
                    self._to.counts(number, node.target.id, start, passes)
            case ast.Call(func=ast.Name(id="enumerate"), args=[_, *rest], keywords=words):
                given = rest[0] if rest else next((w.value for w in words), None)
                start = 0 if given is None else self._whole(given)
                match node.target:
                    case ast.Tuple(elts=[ast.Name(id=name), *_]) if start is not None:
                        self._to.counts(number, name, start, None)
            case ast.List(elts=parts) | ast.Tuple(elts=parts):
                self._to.counts(number, None, 0, len(parts))


def _drained(iterated: ast.expr) -> str | None:
    """The name that a `for` goes through, also inside `enumerate`."""
    match iterated:
        case ast.Name(id=name):
            return name
        case ast.Call(func=ast.Name(id="enumerate" | "tqdm"), args=[ast.Name(id=name), *_]):
            return name
    return None


def _ends_with(node: ast.If, kind: type[ast.stmt]) -> bool:
    return bool(node.body) and isinstance(node.body[-1], kind)


def _prints(function: ast.expr) -> bool:
    """`print` and `tf.print`."""
    name = function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")
    return name == "print"


def _read(node: ast.expr) -> Iterator[str]:
    """The variables that an expression reads, without the functions it calls."""
    called = {id(n.func) for n in ast.walk(node) if isinstance(n, ast.Call)}
    for inner in ast.walk(node):
        if isinstance(inner, ast.Name) and id(inner) not in called:
            yield inner.id


def _stored(target: ast.expr) -> Iterator[str]:
    for node in ast.walk(target):
        if isinstance(node, ast.Name):
            yield node.id
