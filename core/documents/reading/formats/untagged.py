"""Code blocks that do not say what they hold: code or output, decided by a parser."""

from __future__ import annotations

from collections.abc import Iterable

from core.documents.reading.blocks import (
    Block,
    Code,
    OutputBlock,
    Prose,
    RawBlock,
    Row,
    Untagged,
    trimmed,
)
from core.documents.reading.formats.page import code_share, without_marks
from core.documents.reading.formats.separation import KNITR_MARKS
from core.documents.reading.limits import MOST_CELLS, TooMuch
from core.documents.reading.syntax import Language, python_code, r_code

_MOSTLY = 0.5
"""A block that does not parse as a whole is code where more than half of its rows do."""


def resolved(blocks: Iterable[RawBlock]) -> list[Block]:
    """The blocks with each untagged one told to be code, output or words.

    Right after code that says it is code, and after marks of knitr, it is output. Elsewhere it is
    code if it parses and does something; what does not is output of the code before, if any.

    Raises:
        TooMuch: more such blocks than a document may have.
    """
    raw = list(blocks)
    tagged = any(isinstance(b, Code) and b.language != "other" for b in raw)
    untagged = sum(isinstance(b, Untagged) for b in raw)
    if untagged > MOST_CELLS:
        raise TooMuch(f"{untagged:,} blocks that do not say what they hold", f"{MOST_CELLS:,}")
    done: list[Block] = []
    for block in raw:
        done.append(_resolve(block, done, tagged) if isinstance(block, Untagged) else block)
    return done


def _resolve(block: Untagged, before: list[Block], tagged: bool) -> Block:
    filled = [row.text for row in block.rows if row.text.strip()]
    after_code = any(isinstance(b, Code) for b in before)
    if after_code and all(text.startswith(KNITR_MARKS) for text in filled):
        return OutputBlock(without_marks(block.rows))
    adjacent = bool(before) and isinstance(before[-1], Code | OutputBlock)
    if tagged and adjacent:
        return OutputBlock(block.rows)
    language = code_language(block.rows)
    if language is not None:
        return Code(trimmed(block.rows), language)
    if after_code:
        return OutputBlock(block.rows)
    return Prose(block.rows[0].line, "\n".join(row.text for row in block.rows))


def code_language(rows: Iterable[Row]) -> Language | None:
    """The language that rows are code of, if they are."""
    texts = [row.text for row in rows]
    source = "\n".join(texts)
    whole = python_code.refusal(source) is None
    if whole and python_code.strong(source):
        return "python"
    if r_code.refusal_row(source) is None and r_code.strong(source):
        return "r"
    if whole:
        return None
    return "python" if code_share(texts, "python") > _MOSTLY else None
