"""The tree-sitter grammars of Python, R and JSON, loaded when first asked for."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Literal

from core.extras import require

if TYPE_CHECKING:
    from tree_sitter import Node, Parser, Tree

Language = Literal["python", "r"]
GrammarName = Literal["python", "r", "json"]


@cache
def _parser(name: GrammarName) -> Parser:
    if name == "r":
        # The one package that has R's grammar has 160 others, and takes 190 MB.
        require("tree_sitter_language_pack", "r", "a document with R code")
        from tree_sitter_language_pack import get_parser

        return get_parser(name)
    from tree_sitter import Language as Grammar
    from tree_sitter import Parser

    grammar = import_module(f"tree_sitter_{name}")
    return Parser(Grammar(grammar.language()))


def parse(text: str | bytes, name: GrammarName) -> Tree:
    """The syntax tree of a text; wrong parts are ERROR nodes.

    Raises:
        UsageError: R's grammar is not installed.
    """
    raw = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    return _parser(name).parse(raw)


def node_text(node: Node) -> str:
    """The text of a node."""
    return (node.text or b"").decode("utf-8", "replace")


_ATOMS = frozenset({"string_content", "format_specifier", "escape_sequence"})


def leaves(root: Node, until: frozenset[str] = frozenset()) -> Iterator[Node]:
    """The tokens under a node in order, without recursion.

    Args:
        root: where to start.
        until: node types that are given back whole; their insides are left out.
    """
    pending = [root]
    while pending:
        node = pending.pop()
        whole = node.type in _ATOMS or (node is not root and node.type in until)
        if whole or node.child_count == 0:
            yield node
        else:
            pending.extend(reversed(node.children))
