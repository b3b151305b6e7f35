"""What code uses of Keras and its framework: dotted names, keywords, methods."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping

from attrs import define, field, frozen

_KERAS = ("tensorflow.keras", "tf_keras", "tensorflow.python.keras", "keras.api")


@frozen
class Usage:
    """What code uses.

    Attributes:
        names: public names (`keras.layers.Dense`), with the keywords that are passed to each.
        methods: names of methods and attributes of objects, with the keywords passed.
    """

    names: Mapping[str, frozenset[str]]
    methods: Mapping[str, frozenset[str]]


def usage_of(sources: Iterable[str]) -> Usage:
    """What pieces of code use, one after the other, as cells of a notebook.

    A piece that is no Python is passed over.
    """
    seen = _Seen()
    for source in sources:
        try:
            tree = ast.parse(source)
        except (SyntaxError, ValueError):
            continue
        for node in _in_order(tree):
            seen.node(node)
    return Usage(
        {name: frozenset(words) for name, words in sorted(seen.names.items())},
        {name: frozenset(words) for name, words in sorted(seen.methods.items())},
    )


def _in_order(tree: ast.Module) -> Iterator[ast.AST]:
    """Imports before everything else, for functions may import at their end."""
    nodes = list(ast.walk(tree))
    yield from (node for node in nodes if isinstance(node, ast.Import | ast.ImportFrom))
    yield from (node for node in nodes if not isinstance(node, ast.Import | ast.ImportFrom))


@define
class _Seen:
    names: dict[str, set[str]] = field(factory=dict)
    methods: dict[str, set[str]] = field(factory=dict)
    _bound: dict[str, str] = field(factory=dict)
    _called: set[int] = field(factory=set)

    def node(self, node: ast.AST) -> None:
        match node:
            case ast.Import(names=names):
                for alias in names:
                    root = alias.name.partition(".")[0]
                    self._bound[alias.asname or root] = alias.name if alias.asname else root
            case ast.ImportFrom(module=str(module), names=names):
                for alias in names:
                    self._bound[alias.asname or alias.name] = f"{module}.{alias.name}"
                    self._name(f"{module}.{alias.name}", ())
            case ast.Call(func=function, keywords=keywords):
                words = tuple(word.arg for word in keywords if word.arg)
                self._used(function, words)
                self._called.add(id(function))
            case ast.Attribute() if id(node) not in self._called:
                self._used(node, ())

    def _used(self, node: ast.expr, words: Iterable[str]) -> None:
        dotted = self._dotted(node)
        if dotted is not None:
            self._name(dotted, words)
        elif isinstance(node, ast.Attribute):
            self.methods.setdefault(node.attr, set()).update(words)

    def _dotted(self, node: ast.expr) -> str | None:
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name) or node.id not in self._bound:
            return None
        return ".".join((self._bound[node.id], *reversed(parts)))

    def _name(self, dotted: str, words: Iterable[str]) -> None:
        for prefix in _KERAS:
            if dotted == prefix or dotted.startswith(f"{prefix}."):
                dotted = f"keras{dotted.removeprefix(prefix)}"
        if dotted.count(".") and dotted.startswith("keras."):
            self.names.setdefault(dotted, set()).update(words)
