"""Pages copied as plain text: code, outputs, headings and prose told apart without any marks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from core.documents.reading.blocks import Block, Code, Heading, OutputBlock, Prose, Row, trimmed
from core.documents.reading.formats.separation import (
    BLANK,
    CODE,
    KNITR_MARKS,
    OUTPUT,
    PROSE,
    separate,
)
from core.documents.reading.syntax import Language

_LONGEST_HEADING = 80
_LONGEST_WIDE_WORD = 6  # scripts without blanks: more characters are a sentence
_SENTENCE_ENDS = tuple(".:;,!?…。：；，！？、")


def read_page(text: str) -> list[Block]:
    """The blocks of a page.

    Raises:
        TooMuch: the page would take too long to separate.
    """
    rows = text.split("\n")
    kinds = {language: separate(rows, language) for language in _languages(rows)}
    language = max(kinds, key=lambda name: kinds[name].count(CODE))
    return list(_blocks(rows, kinds[language], language))


def code_share(rows: Sequence[str], language: Language) -> float:
    """The share of the rows, blank ones aside, that are code.

    Raises:
        TooMuch: the text would take too long to separate.
    """
    filled = sum(1 for row in rows if row.strip())
    return separate(rows, language).count(CODE) / max(filled, 1)


def without_marks(rows: Sequence[Row]) -> tuple[Row, ...]:
    """Rows without the marks knitr writes before what was printed."""
    return tuple(Row(row.line, _unmarked(row.text)) for row in rows)


def _unmarked(text: str) -> str:
    for mark in KNITR_MARKS:
        if text.startswith(mark):
            return text.removeprefix(mark).removeprefix(" ")
    return text


def _languages(rows: Sequence[str]) -> tuple[Language, ...]:
    """The likelier language first: it is taken where both fit equally."""
    return ("r", "python") if any(row.startswith(KNITR_MARKS) for row in rows) else ("python", "r")


def _blocks(rows: Sequence[str], kinds: Sequence[str], language: Language) -> Iterator[Block]:
    """The blocks; blank rows inside a run of code or output belong to it."""
    numbered = [Row(n, text) for n, text in enumerate(rows, start=1)]
    filled = [n for n, kind in enumerate(kinds) if kind != BLANK]
    runs = [list(run) for _, run in groupby(filled, key=lambda n: _run_of(n, kinds))]
    for number, run in enumerate(runs):
        whole = trimmed(numbered[run[0] : run[-1] + 1])
        if kinds[run[0]] == CODE:
            yield Code(_dedented(whole), language)
        elif kinds[run[0]] == OUTPUT:
            yield OutputBlock(without_marks(whole))
        else:
            following = runs[number + 1] if number + 1 < len(runs) else None
            alone = _paragraph_alone(run, kinds)
            text = "\n".join(row.text for row in whole)
            if alone and following is not None and _is_heading(text, rows, run, following, kinds):
                yield Heading(whole[0].line, 2, text.strip())
            else:
                yield Prose(whole[0].line, text)


def _run_of(number: int, kinds: Sequence[str]) -> object:
    """What groups rows into a run: neighbours of a kind; prose splits at blank rows."""
    if kinds[number] != PROSE:
        return kinds[number]
    first = number
    while first and kinds[first - 1] == PROSE:
        first -= 1
    return (PROSE, first)


def _paragraph_alone(run: Sequence[int], kinds: Sequence[str]) -> bool:
    """Whether a run is one row with nothing right above or below it."""
    above, below = run[0] - 1, run[-1] + 1
    return (
        len(run) == 1
        and (above < 0 or kinds[above] == BLANK)
        and (below >= len(kinds) or kinds[below] == BLANK)
    )


def _is_heading(
    text: str,
    rows: Sequence[str],
    run: Sequence[int],
    following: Sequence[int],
    kinds: Sequence[str],
) -> bool:
    """A short row that reads like no sentence and that words follow, or one word before code."""
    words = text.strip()
    if len(words) > _LONGEST_HEADING or words.endswith(_SENTENCE_ENDS) or _is_item(words):
        return False
    if rows[run[0]][:1].isspace() or "," in words or "，" in words:
        return False
    if kinds[following[0]] == PROSE:
        return not _is_item(rows[following[0]].strip())
    one_word = words.isidentifier() and (words.isascii() or len(words) <= _LONGEST_WIDE_WORD)
    return kinds[following[0]] == CODE and one_word


def _is_item(text: str) -> bool:
    """Whether a row looks like an item of a list: a bullet or a number with a mark."""
    if not text[:1].isalnum():
        return True
    word = text.split(" ", 1)[0]
    return word[:-1].isdigit() and word.endswith((".", ")"))


def _dedented(rows: Sequence[Row]) -> tuple[Row, ...]:
    """Rows without the margin of the first one."""
    first = rows[0].text
    margin = first[: len(first) - len(first.lstrip())]
    return tuple(Row(row.line, row.text.removeprefix(margin)) for row in rows)
