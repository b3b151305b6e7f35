"""What R code can print: `cat`, `message`, `writeLines`, with `sprintf` and `paste` inside."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from core.documents.reading.syntax import r_code
from core.documents.reading.syntax.grammar import node_text, parse

if TYPE_CHECKING:
    from tree_sitter import Node

Part = tuple[bool, str]
"""Whether a part is literal, and its text (else the expression that fills it)."""

_CONVERSION = re.compile(r"%(?:\d+\$)?[-+ #0]*(?:\*|\d+)?(?:\.(?:\*|\d+))?(?P<type>[a-zA-Z%])")
_BETWEEN = {"cat": " ", "message": "", "writeLines": "\n", "paste": " ", "paste0": "", "stop": ""}
_PRINTING = frozenset({"cat", "message", "writeLines"})


def r_printed(source: str) -> Iterator[tuple[int, list[Part]]]:
    """The 0-based row and the parts of every printing call."""
    pending = [parse(source, "r").root_node]
    while pending:
        node = pending.pop()
        pending.extend(reversed(node.children))
        if node.type == "call" and (name := node_text(node.children[0])) in _PRINTING:
            values = _values(node)
            row = values[0].start_point.row if values else node.start_point.row
            yield _row_of_text(values, row), _joined(values, _separator(node, _BETWEEN[name]))


def _row_of_text(values: list[Node], otherwise: int) -> int:
    """The row of the first string inside a call: where the printed text stands."""
    pending = list(reversed(values))
    while pending:
        node = pending.pop()
        if node.type == "string":
            return node.start_point.row
        pending.extend(reversed(node.children))
    return otherwise


def _values(call: Node) -> list[Node]:
    """The unnamed arguments of a call."""
    found = []
    for argument in call.children[-1].named_children:
        value = argument.child_by_field_name("value")
        if value is not None and argument.child_by_field_name("name") is None:
            found.append(value)
    return found


def _separator(call: Node, otherwise: str) -> str:
    given = r_code.named_arguments(call).get("sep")
    return otherwise if given is None else _literal(given)


def _joined(values: list[Node], separator: str) -> list[Part]:
    parts: list[Part] = []
    for number, value in enumerate(values):
        parts += [(True, separator)] if number else []
        parts += _parts(value)
    return parts


def _parts(node: Node) -> list[Part]:
    if node.type == "string":
        return [(True, _literal(node_text(node)))]
    if node.type == "call":
        name = node_text(node.children[0])
        values = _values(node)
        if name == "sprintf" and values and values[0].type == "string":
            filling = [node_text(value) for value in values[1:]]
            return list(_filled(_literal(node_text(values[0])), filling))
        if name in {"paste", "paste0"}:
            return _joined(values, _separator(node, _BETWEEN[name]))
    return [(False, node_text(node))]


def _filled(text: str, filling: list[str]) -> Iterator[Part]:
    last = 0
    waiting = iter(filling)
    for match in _CONVERSION.finditer(text):
        yield True, text[last : match.start()]
        last = match.end()
        yield (True, "%") if match["type"] == "%" else (False, next(waiting, "?"))
    yield True, text[last:]


def _literal(text: str) -> str:
    """The value of a string as R writes it; R's escapes are Python's but for a few rare ones."""
    try:
        value: object = ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return text.strip("'\"")
    return str(value)
