"""A program as a flat list of normalised statements, for comparing and recognising code.

A statement is written as its tokens: comments, blank space, line continuations, trailing commas
and the style of quotes are gone, names and figures kept. What stands inside a block (a loop's
body, R's braces) is listed after its header, one level deeper, so that a changed line inside a
loop is that line and not the loop.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from hashlib import blake2b
from types import MappingProxyType
from typing import TYPE_CHECKING

from attrs import define

from core.documents.reading.syntax.grammar import Language, leaves, node_text, parse

if TYPE_CHECKING:
    from tree_sitter import Node

_BLOCKS: Mapping[Language, frozenset[str]] = MappingProxyType(
    {"python": frozenset({"block"}), "r": frozenset({"braced_expression"})}
)
_LEFT_OUT = frozenset({"comment", "line_continuation"})
_CLOSERS = frozenset({")", "]", "}"})


@define(frozen=True, slots=False)
class Statement:
    """One statement, or the header of a compound one.

    Attributes:
        first: 0-based line of the source it begins on.
        last: 0-based line it, or a compound statement's header, ends on.
        depth: how many blocks it stands inside.
        text: its tokens, one blank between two.
    """

    first: int
    last: int
    depth: int
    text: str

    @cached_property
    def digest(self) -> str:
        """A fingerprint of the text: 16 hexadecimal digits."""
        return blake2b(self.text.encode("utf-8", "replace"), digest_size=8).hexdigest()

    @property
    def key(self) -> tuple[int, str]:
        """What two statements must share to say the same at the same place."""
        return (self.depth, self.text)


def statements(source: str, language: Language) -> tuple[Statement, ...]:
    """The statements of a source in order; wrong code is listed all the same."""
    return tuple(_walk(parse(source, language).root_node, language))


def _walk(root: Node, language: Language) -> Iterator[Statement]:
    inside = _BLOCKS[language]
    pending: list[tuple[Node | Statement, int]] = [(c, 0) for c in reversed(root.children)]
    while pending:
        node, depth = pending.pop()
        if isinstance(node, Statement):
            yield node
            continue
        if node.type in _LEFT_OUT or node.type in {";", "{", "}"}:
            continue
        if node.type in inside:  # a bare block
            pending.extend((c, depth + 1) for c in reversed(node.children))
            continue
        blocks, statement = _statement(node, depth, inside)
        if statement is not None:
            yield statement
        for number, block in reversed(list(enumerate(blocks))):
            pending.extend((c, depth + 1) for c in reversed(block.children))
            if number:  # so that moving a line from `if` to `else` is a difference
                row = block.start_point.row
                pending.append((Statement(row, row, depth, f"block {number}"), depth))


def _statement(
    node: Node, depth: int, inside: frozenset[str]
) -> tuple[list[Node], Statement | None]:
    """The blocks of a statement, and its tokens around them."""
    tokens: list[str] = []
    blocks: list[Node] = []
    last = node.start_point.row
    for leaf in leaves(node, inside):
        if leaf.type in _LEFT_OUT:
            continue
        if leaf.type in inside:
            blocks.append(leaf)
            tokens.append("{}")
            continue
        if not blocks:
            last = max(last, leaf.end_point.row)
        text = _token(leaf)
        if text in _CLOSERS and tokens and tokens[-1] == "," and not _lone(leaf):
            tokens.pop()
        if text:
            tokens.append(text)
    if not tokens:
        return blocks, None
    return blocks, Statement(node.start_point.row, last, depth, " ".join(tokens))


def _lone(closer: Node) -> bool:
    """Whether a bracket closes a tuple of one, whose comma matters."""
    tuple_ = closer.parent
    return tuple_ is not None and tuple_.type == "tuple" and tuple_.named_child_count == 1


def _token(leaf: Node) -> str:
    """A token as written, quotes alike."""
    text = node_text(leaf)
    if leaf.type == "string_start":
        return text.rstrip("'\"").lower() + '"'
    if leaf.type == "string_end" or (leaf.type in {"'", '"'} and text in {"'", '"'}):
        return '"'
    if leaf.type == "string_content":
        return text.replace("\\'", "'").replace('\\"', '"')
    return text
