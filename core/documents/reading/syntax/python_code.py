"""Whether a text is Python, judged by Python's own compiler; nothing is executed."""

from __future__ import annotations

import ast
import codeop
import warnings
from collections.abc import Iterator

from attrs import frozen

_REFUSALS = (SyntaxError, ValueError, OverflowError, MemoryError, RecursionError)


@frozen
class Refusal:
    """Why the compiler refuses a source, and on which of its lines (0-based)."""

    reason: str
    row: int


def refusal(source: str) -> Refusal | None:
    """Why a cell is no valid Python; `None` where it is. `await` at top level is allowed."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
            compile(source, "<cell>", "exec", flags=flags, dont_inherit=True)
        except SyntaxError as error:
            return Refusal(error.msg, max(0, (error.lineno or 1) - 1))
        except _REFUSALS as error:
            return Refusal(str(error) or type(error).__name__, 0)
    return None


def tree(source: str) -> ast.Module | None:
    """The syntax tree of a source, `None` where it has none."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(source)
        except _REFUSALS:
            return None


def complete(source: str) -> bool | None:
    """`True` for whole statements, `None` for the beginning of one, `False` for anything else."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return True if codeop.compile_command(source, "<page>", "exec") else None
        except _REFUSALS:
            return False


def continues(line: str) -> bool:
    """Whether a line at the left margin can only go on with the compound statement before it."""
    word = line.replace(":", " ").split(" ", 1)[0]
    return word in {"else", "elif", "except", "finally"}


_SAYS_NOTHING = (
    ast.Expr,
    ast.Call,
    ast.Name,
    ast.Constant,
    ast.Tuple,
    ast.List,
    ast.Set,
    ast.Dict,
    ast.UnaryOp,
    ast.BinOp,
    ast.BoolOp,
    ast.Compare,
    ast.Attribute,
    ast.Subscript,
    ast.Slice,
    ast.expr_context,
    ast.operator,
    ast.unaryop,
    ast.boolop,
    ast.cmpop,
)


def strong(source: str) -> bool:
    """Whether some statement of a source could hardly be prose: an assignment, a call, a loop.

    `Summary`, `GAN / VAE`, `Note: this` and `conv2d (Conv2D)` parse too, and are not.
    """
    module = tree(source)
    return module is not None and any(_strong(node, source) for node in module.body)


def _strong(node: ast.stmt, source: str) -> bool:
    if isinstance(node, ast.AnnAssign):
        return node.value is not None
    if not isinstance(node, ast.Expr):
        return True
    if isinstance(node.value, ast.Compare):  # R's `x <- f(1)` compares `x` with `-f(1)`
        return False
    called = [part for part in ast.walk(node) if isinstance(part, ast.Call)]
    if any(_touches(call, source) for call in called):
        return True
    plain = all(isinstance(part, _SAYS_NOTHING) for part in ast.walk(node))
    return not plain


def _touches(call: ast.Call, source: str) -> bool:
    """Whether the bracket follows the called name at once, as code is written."""
    if call.func.end_lineno is None or call.func.end_col_offset is None:
        return False
    row = source.split("\n")[call.func.end_lineno - 1].encode()
    return row[call.func.end_col_offset :].startswith(b"(")


def bound_names(source: str) -> frozenset[str]:
    """Every name a source binds anywhere."""
    return frozenset(_bound(source))


def _bound(source: str) -> Iterator[str]:
    module = tree(source)
    for node in ast.walk(module) if module is not None else ():
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.alias):
            yield (node.asname or node.name).partition(".")[0]


def read_names(source: str) -> frozenset[str]:
    """Every name a source reads."""
    module = tree(source)
    nodes = ast.walk(module) if module is not None else ()
    return frozenset(n.id for n in nodes if isinstance(n, ast.Name))


def lone_call(source: str) -> str | None:
    """The name that a source calls without arguments, if it does nothing else.

    `fit()` may be a heading; `main()` is code where `main` is bound.
    """
    module = tree(source)
    match module.body if module is not None else []:
        case [ast.Expr(value=ast.Call(args=[], keywords=[], func=function))]:
            while isinstance(function, ast.Attribute | ast.Call):
                function = function.value if isinstance(function, ast.Attribute) else function.func
            return function.id if isinstance(function, ast.Name) else None
    return None


def only_declares(source: str) -> bool:
    """Whether a source is `name: something`, a declaration without a value."""
    module = tree(source)
    match module.body if module is not None else []:
        case [ast.AnnAssign(value=None)]:
            return True
    return False
