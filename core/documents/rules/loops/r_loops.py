"""The loops of an R cell."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from core.documents.reading import Cell
from core.documents.reading.syntax.grammar import node_text, parse
from core.documents.rules.loops.collecting import Collector, Region

if TYPE_CHECKING:
    from tree_sitter import Node

_LOOPS = frozenset({"for_statement", "while_statement", "repeat_statement"})
_ASSIGN = frozenset({"<-", "=", "<<-", ":="})
_PRINTING = frozenset({"cat", "message", "print", "writeLines"})
_FRESH = ("as_iterator", "as_array_iterator", "make_iterator_one_shot", "tfdatasets::as_iterator")
_NEXT = frozenset({"iter_next", "reticulate::iter_next"})
_WHOLE = re.compile(r"-?\d+(\.0*)?L?")
_TOKENS = (
    (re.compile(r"%%"), "%"),
    (re.compile(r"%/%"), "//"),
    (re.compile(r"&&?"), " and "),
    (re.compile(r"\|\|?"), " or "),
    (re.compile(r"!(?!=)"), " not "),
    (re.compile(r"\bTRUE\b"), "True"),
    (re.compile(r"\bFALSE\b"), "False"),
    (re.compile(r"(?<=\d)L\b"), ""),
)


def read_r(cell: Cell, collector: Collector) -> None:
    """Adds the loops and iterators of a cell."""
    root = parse(cell.runnable or cell.source, "r").root_node
    reader = _Reader(cell, collector)
    for node in root.named_children:
        reader.visit(node, Region())


def condition_of(node: Node) -> str:
    """A condition as a Python expression, as far as the two languages agree."""
    text = node_text(node)
    for pattern, python in _TOKENS:
        text = pattern.sub(python, text)
    return text.strip()


class _Reader:
    def __init__(self, cell: Cell, collector: Collector) -> None:
        self._cell = cell
        self._to = collector

    def visit(self, node: Node, region: Region) -> None:
        """One expression and what stands in it."""
        if node.type in _LOOPS:
            self._loop(node, region)
        elif node.type == "if_statement":
            self._if(node, region)
        elif node.type == "function_definition":
            body = node.child_by_field_name("body")
            if body is not None:
                self.visit(body, Region(function=f"line {self._line(node)}"))
        elif node.type == "break":
            self._to.left(region)
        elif node.type == "binary_operator":
            self._operator(node, region)
        elif node.type == "call":
            self._call(node, region)
        elif node.type == "braced_expression":
            self._block(node, region)
        else:
            for child in node.named_children:
                self.visit(child, region)

    def _line(self, node: Node) -> int:
        return self._cell.line_of(node.start_point.row)

    def _end(self, node: Node) -> int:
        return self._cell.line_of(node.end_point.row)

    def _block(self, node: Node, region: Region) -> None:
        for child in node.named_children:
            self.visit(child, region)
            if child.type == "if_statement" and _skips(child):
                test = child.child_by_field_name("condition")
                if test is not None:
                    region = region.guarded(f"not ({condition_of(test)})")

    def _if(self, node: Node, region: Region) -> None:
        test = node.child_by_field_name("condition")
        if test is None:
            return
        self.visit(test, region)
        text = condition_of(test)
        for name, guard in (("consequence", text), ("alternative", f"not ({text})")):
            part = node.child_by_field_name(name)
            if part is not None:
                self.visit(part, region.guarded(guard))

    def _operator(self, node: Node, region: Region) -> None:
        left, right = node.child_by_field_name("lhs"), node.child_by_field_name("rhs")
        sign = node.child_by_field_name("operator")
        if left is None or right is None or sign is None:
            return
        operator = node_text(sign)
        if operator in ("->", "->>"):
            left, right, operator = right, left, "<-"
        self.visit(right, region)
        if operator in _ASSIGN:
            self._assign(left, right, region)
        elif operator == "%<-%":
            for name in _identifiers(left):
                self._to.bound(name, None, self._line(left), region, iterator=False)
        elif operator in ("%<>%", "%as%"):
            target = right if operator == "%as%" else left
            for name in _identifiers(target):
                self._to.bound(name, None, self._line(target), region, iterator=False)
        else:
            self.visit(left, region)

    def _assign(self, left: Node, right: Node, region: Region) -> None:
        if left.type != "identifier":
            for name in _identifiers(left):
                self._to.assigned(name, region)
            return
        name, value = node_text(left), node_text(right)
        step = re.fullmatch(rf"{re.escape(name)}\s*\+\s*(\d+)L?", value)
        if step:
            self._to.counted(name, int(step[1]), region)
            return
        whole = int(float(value.rstrip("L"))) if _WHOLE.fullmatch(value) else None
        fresh = right.type == "call" and node_text(right.children[0]) in _FRESH
        self._to.bound(name, whole, self._line(left), region, iterator=fresh)

    def _call(self, node: Node, region: Region) -> None:
        name = node_text(node.children[0])
        for child in node.named_children[1:]:
            self.visit(child, region)
        if name in _PRINTING:
            names = set(_identifiers(node.children[-1]))
            self._to.printed(self._line(node), self._end(node), names, region)

    def _loop(self, node: Node, region: Region) -> None:
        body = node.child_by_field_name("body")
        if body is None:
            return
        first = body.named_children[0] if body.named_children else body
        number = self._to.open(
            self._cell.index, self._line(node), self._end(node), self._line(first), region
        )
        inside = region.inside(number)
        drained = None
        test = node.child_by_field_name("condition")
        if test is not None:
            self.visit(test, inside)
            self._to.left(inside.guarded(f"not ({condition_of(test)})"), counts=False)
            drained = _taken_from(test)
        variable = node.child_by_field_name("variable")
        sequence = node.child_by_field_name("sequence")
        if variable is not None and sequence is not None:
            self._to.assigned(node_text(variable), inside)
            passes = self._passes(node_text(sequence))
            self._to.counts(number, node_text(variable), 1, passes)
        self.visit(body, inside)
        if drained is not None:
            self._to.drained(drained, self._line(node), inside)
        self._to.close(number)

    def _passes(self, sequence: str) -> int | None:
        """The length of `seq_len(n)`, `seq(n)` or `1:n`."""
        found = re.fullmatch(r"(?:seq_len|seq)\((\w+?)L?\)|1L?:(\w+?)L?", sequence)
        if found is None:
            return None
        length = found[1] or found[2]
        return int(length) if length.isdigit() else self._to.constants.get(length)


def _skips(node: Node) -> bool:
    """Whether an `if` goes on with the next pass."""
    part = node.child_by_field_name("consequence")
    if part is None or node.child_by_field_name("alternative") is not None:
        return False
    last = (
        part.named_children[-1]
        if part.type == "braced_expression" and part.named_children
        else part
    )
    return last.type == "next"


def _taken_from(test: Node) -> str | None:
    """The iterator in `!is.null(batch <- iter_next(iterator))`."""
    pending = [test]
    while pending:
        node = pending.pop()
        if node.type == "call" and node_text(node.children[0]) in _NEXT:
            values = [
                value
                for argument in node.children[-1].named_children
                if (value := argument.child_by_field_name("value")) is not None
            ]
            if len(values) == 1 and values[0].type == "identifier":
                return node_text(values[0])
        pending.extend(node.children)
    return None


def _identifiers(node: Node) -> Iterator[str]:
    """The names in an expression, without functions that are called, fields and argument names."""
    pending = [node]
    while pending:
        inner = pending.pop()
        if inner.type == "identifier":
            yield node_text(inner)
            continue
        for number, child in enumerate(inner.children):
            field = inner.field_name_for_child(number)
            if inner.type == "call" and field == "function" and child.type == "identifier":
                continue
            if inner.type == "extract_operator" and field == "rhs":
                continue
            if inner.type == "argument" and field == "name":
                continue
            pending.append(child)
