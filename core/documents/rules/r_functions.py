"""R functions that a document defines and never names again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from attrs import frozen

from core.documents.reading import Document
from core.documents.reading.syntax.grammar import leaves, node_text, parse

if TYPE_CHECKING:
    from tree_sitter import Node

_COMPILERS = frozenset({"tf_function", "tf$function", "jax$jit", "compiler::cmpfun"})
_ASSIGN = frozenset({"<-", "="})


@frozen
class _Defined:
    """A function: its name, line, and the numbers of the tokens where it begins and ends."""

    name: str
    line: int
    first: int
    last: int


def unread_functions(document: Document) -> Iterator[tuple[str, int]]:
    """Name and line of each function whose name is not read before it is defined again."""
    defined: list[_Defined] = []
    reads: list[tuple[int, str]] = []
    token = 0
    for cell in document.cells:
        if cell.language != "r" or cell.repeats or cell.skip is not None:
            continue
        root = parse(cell.runnable or cell.source, "r").root_node
        own = dict(_functions(root))
        for leaf in leaves(root):
            token += 1
            if leaf.type != "identifier":
                continue
            if leaf.start_byte in own:
                node = own[leaf.start_byte]
                size = sum(1 for _ in leaves(node))
                line = cell.line_of(node.start_point.row)
                defined.append(_Defined(node_text(leaf), line, token, token + size))
            else:
                reads.append((token, node_text(leaf)))
    for one in defined:
        again = [d.first for d in defined if d.name == one.name and d.first > one.first]
        until = min(again, default=token + 1)
        if not any(one.last <= at <= until for at, name in reads if name == one.name):
            yield one.name, one.line


def _functions(root: Node) -> Iterator[tuple[int, Node]]:
    """Top-level assignments of a function, compiled or not, by the place of their name."""
    for node in root.named_children:
        sign, left = node.child_by_field_name("operator"), node.child_by_field_name("lhs")
        right = node.child_by_field_name("rhs")
        if node.type != "binary_operator" or sign is None or left is None or right is None:
            continue
        if node_text(sign) not in _ASSIGN or left.type != "identifier":
            continue
        if right.type == "call" and node_text(right.children[0]) in _COMPILERS:
            given = right.children[-1].named_children
            value = given[0].child_by_field_name("value") if given else None
            right = value if value is not None else right
        if right.type == "function_definition":
            yield left.start_byte, node
