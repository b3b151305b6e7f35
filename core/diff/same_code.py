"""Whether two pieces of code say the same, up to names and comments.

Names are unified while both are read side by side: what is assigned on both sides at the same
place stands for the same from there on; modules, functions, attributes and argument names must be
equal. Figures are compared by value, so that `7 * 7 * 128` is `6272`, and `a += b` is `a = a + b`.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from core.documents.facts.figures import figure

MODULES: Mapping[str, str] = MappingProxyType({"tensorflow": "tf", "numpy": "np"})
_EXACT = frozenset({*dir(builtins), "tf", "keras", "np", "jax", "jnp", "torch", "time", "os"})


class Names:
    """Which names of one piece of code stand for which of the other."""

    def __init__(self, constants: Mapping[str, object] | None = None) -> None:
        self._names: dict[str, str] = {}
        self.constants = dict(constants or {})

    def bind(self, a: str, b: str) -> None:
        """From here on `a` stands for what `b` stands for."""
        self._names[a] = b

    def same(self, a: str, b: str) -> bool:
        """Whether two names may stand for the same; the first meeting decides."""
        if a in self._names:
            return self._names[a] == b
        if b in self._names.values():
            return False
        self._names[a] = b
        return True

    def copy(self) -> Names:
        """The same, to try something with."""
        other = Names(self.constants)
        other._names = dict(self._names)
        return other

    def adopt(self, other: Names) -> None:
        """Takes over what a trial learnt."""
        self._names = other._names


def same_python(a: str, b: str, names: Names | None = None) -> bool:
    """Whether two pieces of Python say the same; code that does not parse is compared as text."""
    try:
        ours, theirs = ast.parse(completed(a)), ast.parse(completed(b))
    except (SyntaxError, ValueError):
        return a.split() == b.split()
    return same_nodes(ours, theirs, names or Names())


def completed(code: str) -> str:
    """Code that may be the header of a block, with a body so that it parses."""
    last = code.rstrip().split("\n")[-1]
    if last.startswith("@") and code.strip().startswith("@"):
        return f"{code}\ndef function():\n    pass"
    return f"{code.rstrip()}\n    pass" if last.rstrip().endswith(":") else code


def same_nodes(a: ast.AST, b: ast.AST, names: Names) -> bool:
    """Whether two syntax trees say the same; what they bind is learnt where they do."""
    trial = names.copy()
    if not _same(_plain(a, trial), _plain(b, trial), trial):
        return False
    names.adopt(trial)
    return True


def _same_lists(a: Sequence[ast.AST], b: Sequence[ast.AST], names: Names) -> bool:
    return len(a) == len(b) and all(
        _same(_plain(x, names), _plain(y, names), names) for x, y in zip(a, b, strict=True)
    )


def _plain(node: ast.AST, names: Names) -> ast.AST:
    """A node with figures folded, constants' names replaced and sums in place written out."""
    if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
        left = ast.Name(node.target.id, ast.Load())
        value = ast.BinOp(left, node.op, node.value)
        return ast.Assign([node.target], value)
    if isinstance(node, ast.Name) and node.id in names.constants:
        return ast.Constant(names.constants[node.id])  # type: ignore[arg-type]
    if isinstance(node, ast.Tuple) and len(node.elts) == 1 and isinstance(node.ctx, ast.Store):
        return node
    folded = figure(node)
    return node if folded is None else ast.Constant(folded)


def _same(a: ast.AST, b: ast.AST, names: Names) -> bool:
    if isinstance(a, ast.Constant) and isinstance(b, ast.Constant):
        return a.value == b.value and isinstance(a.value, bool) == isinstance(b.value, bool)
    if type(a) is not type(b):
        return False
    if isinstance(a, ast.Name) and isinstance(b, ast.Name):
        return _same_name(a, b, names)
    if isinstance(a, ast.arg) and isinstance(b, ast.arg):
        names.bind(a.arg, b.arg)
        return True
    if isinstance(a, ast.FunctionDef) and isinstance(b, ast.FunctionDef):
        names.bind(a.name, b.name)
        return _same_lists(a.decorator_list, b.decorator_list, names) and all(
            _same_lists(x, y, names) for x, y in ((a.args.args, b.args.args), (_body(a), _body(b)))
        )
    if isinstance(a, ast.Assign) and isinstance(b, ast.Assign):
        # values are read before targets are bound
        return _same_lists([a.value], [b.value], names) and _same_lists(a.targets, b.targets, names)
    for field in a._fields:
        if field in {"ctx", "type_comment", "kind"}:
            continue
        if not _same_field(getattr(a, field, None), getattr(b, field, None), names):
            return False
    return True


def _body(function: ast.FunctionDef) -> list[ast.stmt]:
    """A function's statements without its docstring."""
    return function.body[1:] if ast.get_docstring(function) else function.body


def _same_field(a: object, b: object, names: Names) -> bool:
    if isinstance(a, list) and isinstance(b, list):
        if all(isinstance(item, ast.AST) for item in (*a, *b)):
            return _same_lists(_keywords(a), _keywords(b), names)
        return a == b
    if isinstance(a, ast.AST) and isinstance(b, ast.AST):
        return _same(_plain(a, names), _plain(b, names), names)
    return a == b


def _keywords(items: list[ast.AST]) -> list[ast.AST]:
    """Named arguments in the order of their names, anything else as it is."""
    if items and all(isinstance(item, ast.keyword) for item in items):
        return sorted(items, key=lambda item: getattr(item, "arg", None) or "")
    return items


def _same_name(a: ast.Name, b: ast.Name, names: Names) -> bool:
    if isinstance(a.ctx, ast.Store) and isinstance(b.ctx, ast.Store):
        names.bind(a.id, b.id)
        return True
    one, other = MODULES.get(a.id, a.id), MODULES.get(b.id, b.id)
    if one in _EXACT or other in _EXACT:
        return one == other
    return names.same(a.id, b.id)


def same_r(a: str, b: str, names: Names | None = None) -> bool:
    """Whether two pieces of R say the same; functions that neither assigns must be equal."""
    known = names or Names()
    trial = known.copy()
    ours, theirs = (_figured(r_tokens(code), trial) for code in (a, b))
    if len(ours) != len(theirs):
        return False
    assigned = [_assigned(tokens) for tokens in (ours, theirs)]
    later: list[tuple[str, str]] = []
    for index, (one, other) in enumerate(zip(ours, theirs, strict=True)):
        if one[0] != "identifier" or other[0] != "identifier":
            if one != other and not _same_figure(one, other):
                return False
        elif index in assigned[0] and index in assigned[1]:
            later.append((one[1], other[1]))
        elif _fixed(ours, index) or _fixed(theirs, index):
            if one != other:
                return False
        elif not trial.same(one[1], other[1]):
            return False
    for old, new in later:
        trial.bind(old, new)
    known.adopt(trial)
    return True


Token = tuple[str, str]


def _figured(tokens: list[Token], names: Names) -> list[Token]:
    """Tokens with constants' names replaced by their figures."""
    return [
        ("float", str(names.constants[text])) if text in names.constants else (kind, text)
        for kind, text in tokens
    ]


def r_tokens(code: str) -> list[Token]:
    """Kind and text of each token; comments left out, quotes and integer marks alike."""
    # R alone needs a grammar, which takes a while to load.
    from core.documents.reading.syntax.grammar import leaves, node_text, parse

    found = []
    for leaf in leaves(parse(code, "r").root_node):
        text = node_text(leaf)
        if leaf.type == "comment" or not text.strip():
            continue
        if leaf.type == "L" and leaf.parent is not None:  # of `10L` the only leaf is its mark
            found.append(("integer", node_text(leaf.parent).rstrip("L")))
            continue
        quote = leaf.type in {'"', "'"}
        found.append(('"', '"') if quote else (leaf.type, text))
    return found


def _same_figure(a: Token, b: Token) -> bool:
    kinds = {"float", "integer"}
    if a[0] not in kinds or b[0] not in kinds:
        return False
    try:
        return float(a[1]) == float(b[1])
    except ValueError:
        return False


def _fixed(tokens: Sequence[Token], index: int) -> bool:
    """Whether a name is an attribute, a named argument or a function's."""
    before = tokens[index - 1][1] if index else ""
    after = tokens[index + 1][1] if index + 1 < len(tokens) else ""
    return before in {"$", "::", "@"} or after == "=" or (after == "(" and "_" in tokens[index][1])


def _assigned(tokens: Sequence[Token]) -> set[int]:
    """Positions of names that are assigned."""
    found = {
        index
        for index, (kind, _) in enumerate(tokens[:-1])
        if kind == "identifier" and tokens[index + 1][1] in {"<-", "="} and index == 0
    }
    for index, (_, text) in enumerate(tokens):
        if text == "%as%" and index + 1 < len(tokens):
            found.add(index + 1)
    return found
