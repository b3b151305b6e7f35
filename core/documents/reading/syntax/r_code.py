"""Whether a text is R, judged by tree-sitter's grammar of R."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.documents.reading.syntax.grammar import leaves, node_text, parse

if TYPE_CHECKING:
    from tree_sitter import Node

_OPENING = {"(": ")", "[": "]", "[[": "]]", "{": "}"}
_CLOSING = frozenset(_OPENING.values())
_FILLERS = ("", "x", '"', "'")  # nothing missing but brackets; an operand; the end of a string
_ASSIGNMENTS = frozenset({"<-", "<<-", "=", "->", "->>", ":=", "|>"})
_COMPOUND = frozenset(
    {"for_statement", "while_statement", "if_statement", "repeat_statement", "function_definition"}
)


def refusal_row(source: str) -> int | None:
    """The 0-based row of the first thing that is no valid R; `None` where all is."""
    root = parse(source, "r").root_node
    if root.has_error:
        return _first_error(root)
    ends = -1
    for node in root.children:
        if node.type == "comment":
            continue
        # Two expressions on one row, without a semicolon: words, not R.
        between = (
            source.encode("utf-8", "surrogatepass")[ends : node.start_byte] if ends >= 0 else b""
        )
        if ends >= 0 and b"\n" not in between and b";" not in between:
            return node.start_point.row
        ends = node.end_byte
    return None


def _first_error(root: Node) -> int:
    node = root
    while True:
        wrong = [c for c in node.children if c.has_error or c.is_error or c.is_missing]
        if not wrong or node.is_error:
            return node.start_point.row
        node = wrong[0]


def complete(source: str) -> bool | None:
    """`True` for whole expressions, `None` for the beginning of one, `False` for anything else."""
    if refusal_row(source) is None:
        return True
    closers: list[str] = []
    for leaf in leaves(parse(source, "r").root_node):
        text = node_text(leaf)
        if leaf.type in _OPENING and text == leaf.type:
            closers.append(_OPENING[text])
        elif closers and text == closers[-1] and leaf.type in _CLOSING:
            closers.pop()
    ending = "".join(reversed(closers))
    if any(refusal_row(f"{source}\n{filler}{ending}") is None for filler in _FILLERS):
        return None
    return False


def strong(source: str) -> bool:
    """Whether some expression could hardly be prose: an assignment, a call, a loop, a pipe."""
    return any(_strong(node) for node in parse(source, "r").root_node.children)


def _strong(node: Node) -> bool:
    if node.type in _COMPOUND:
        return True
    if node.type == "call":
        function, arguments = node.children[0], node.children[-1]
        return function.end_byte == arguments.start_byte
    if node.type == "binary_operator":
        operator = node_text(node.children[1]) if node.child_count > 1 else ""
        if operator in _ASSIGNMENTS or operator.startswith("%"):
            return True
        return any(_strong(child) for child in node.children)
    return node.type in {"unary_operator", "subset", "subset2", "extract_operator"} and any(
        _strong(child) for child in node.children
    )


def calls(source: str, name: str) -> tuple[dict[str, str], ...]:
    """The named arguments of every call of a function, as written.

    Args:
        source: R code.
        name: the function as written, `knitr::opts_chunk$set` or a tail of it.
    """
    found = []
    pending = [parse(source, "r").root_node]
    while pending:
        node = pending.pop()
        pending.extend(reversed(node.children))
        if node.type == "call" and node_text(node.children[0]).endswith(name):
            found.append(named_arguments(node))
    return tuple(found)


def named_arguments(call: Node) -> dict[str, str]:
    """The `name = value` arguments of a call."""
    named: dict[str, str] = {}
    for argument in call.children[-1].named_children if call.children else ():
        name = argument.child_by_field_name("name")
        value = argument.child_by_field_name("value")
        if name is not None and value is not None:
            named[node_text(name).strip("`'\"")] = node_text(value)
    return named


def first_call(source: str) -> Node | None:
    """The first top-level call of a source."""
    for node in parse(source, "r").root_node.children:
        if node.type == "call":
            return node
    return None


def top_level_calls(source: str) -> list[tuple[int, int, str]]:
    """First row, last row (0-based) and function of every call that stands on its own."""
    found = []
    for node in parse(source, "r").root_node.children:
        if node.type == "call":
            name = node_text(node.children[0])
            found.append((node.start_point.row, node.end_point.row, name))
    return found
