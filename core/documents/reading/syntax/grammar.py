"""The tree-sitter grammars of Python and R, loaded when first asked for."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from tree_sitter import Node, Parser, Tree

Language = Literal["python", "r"]
GrammarName = Literal["python", "r", "json"]


@cache
def _parser(name: GrammarName) -> Parser:
    from tree_sitter_language_pack import get_parser

    return get_parser(name)


def parse(text: str | bytes, name: GrammarName) -> Tree:
    """The syntax tree of a text; wrong parts are ERROR nodes, nothing is raised."""
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
