"""What each row of an unmarked text is: blank, prose, code or output."""

from __future__ import annotations

from collections.abc import Sequence

from core.documents.claims.numbers import shape
from core.documents.claims.print_templates import PrintTemplate, print_templates
from core.documents.reading.formats.runs import Statement, StatementReader
from core.documents.reading.syntax import Language, python_code

BLANK, PROSE, CODE, OUTPUT = "blank", "prose", "code", "output"
_MOST_TEMPLATES = 200
KNITR_MARKS = ("##", "#>")


def separate(rows: Sequence[str], language: Language) -> list[str]:
    """What each row is, if the code is of one language.

    Raises:
        TooMuch: the text would take too long to separate.
    """
    reader = StatementReader(rows, language)
    marked = language == "r" and any(row.startswith(KNITR_MARKS) for row in rows)
    kinds = [PROSE if row.strip() else BLANK for row in rows]
    found: list[Statement] = []
    row = 0
    while row < len(rows):
        if marked and rows[row].startswith(KNITR_MARKS):
            kinds[row] = OUTPUT
        elif kinds[row] != BLANK and (statement := reader.at(row)) is not None:
            found.append(statement)
            row = statement.last
        row += 1
    paragraphs = _paragraphs(found)
    accepted = _accepted(paragraphs, kinds, language)
    for paragraph in accepted:
        for number in range(paragraph[0].first, paragraph[-1].last + 1):
            kinds[number] = CODE
    if not marked:
        _mark_outputs(rows, kinds, accepted, language)
    return kinds


def _paragraphs(found: Sequence[Statement]) -> list[list[Statement]]:
    """Statements that follow each other without a blank row or words between."""
    paragraphs: list[list[Statement]] = []
    for statement in found:
        if paragraphs and paragraphs[-1][-1].last + 1 == statement.first:
            paragraphs[-1].append(statement)
        else:
            paragraphs.append([statement])
    return paragraphs


def _accepted(
    paragraphs: Sequence[list[Statement]], kinds: Sequence[str], language: Language
) -> list[list[Statement]]:
    """The paragraphs that are code; comments alone are where code follows."""
    bound: frozenset[str] = frozenset()
    verdicts: list[bool] = []
    for paragraph in paragraphs:
        text = "\n".join(s.text for s in paragraph)
        verdicts.append(_is_code(paragraph, text, bound, language))
        if verdicts[-1] and language == "python":
            bound |= python_code.bound_names(text)
    for number in range(len(paragraphs) - 2, -1, -1):
        paragraph, following = paragraphs[number], paragraphs[number + 1]
        between = kinds[paragraph[-1].last + 1 : following[0].first]
        if all(s.comment for s in paragraph) and set(between) <= {BLANK}:
            verdicts[number] = verdicts[number + 1]
    return [p for p, verdict in zip(paragraphs, verdicts, strict=True) if verdict]


def _is_code(
    paragraph: Sequence[Statement], text: str, bound: frozenset[str], language: Language
) -> bool:
    if any(s.strong for s in paragraph):
        called = python_code.lone_call(text) if language == "python" else None
        return called is None or called in bound
    if language == "r" or all(s.comment for s in paragraph):
        return False
    read = python_code.read_names(text)
    return bool(read) and read <= bound


def _mark_outputs(
    rows: Sequence[str],
    kinds: list[str],
    accepted: Sequence[Sequence[Statement]],
    language: Language,
) -> None:
    """Rows right after code are its output, and so is what looks the same after a blank row."""
    templates: list[PrintTemplate] = []
    for paragraph in accepted:
        if kinds[paragraph[0].first] != CODE:  # found to be output of the code before it
            continue
        templates += print_templates("\n".join(s.text for s in paragraph), language)
        templates = templates[-_MOST_TEMPLATES:]
        row = paragraph[-1].last + 1
        kept = list(paragraph)
        while len(kept) > 1 and _can_be_output(kept[-1], rows, kinds, templates):
            last = kept.pop()
            row = last.first
            kinds[last.first : last.last + 1] = [OUTPUT] * (last.last + 1 - last.first)
        seen: set[str] = set()
        row = _take_output(rows, kinds, row, seen, templates)
        while (after := _after_blank(kinds, row)) is not None and kinds[after] == PROSE:
            if not _printed(rows[after], templates) and shape(rows[after]) not in seen:
                break
            row = _take_output(rows, kinds, after, seen, templates)


def _can_be_output(
    last: Statement, rows: Sequence[str], kinds: Sequence[str], templates: Sequence[PrintTemplate]
) -> bool:
    """Whether a paragraph's last statement, though it parses, is what the code above printed."""
    if last.comment:
        return False
    if _printed(rows[last.first], templates):
        return True
    if last.strong:
        return False
    below = kinds[last.last + 1] if last.last + 1 < len(kinds) else BLANK
    return below in {PROSE, OUTPUT} or python_code.only_declares(last.text)


def _printed(row: str, templates: Sequence[PrintTemplate]) -> bool:
    """Whether some print call can have printed a row."""
    return any(template.match(row) is not None for template in templates)


def _take_output(
    rows: Sequence[str],
    kinds: list[str],
    row: int,
    seen: set[str],
    templates: Sequence[PrintTemplate],
) -> int:
    """Marks the rows up to a blank one, or to code, as output; gives the row after them.

    A row that parses (`loss = 0.5`) is output all the same where the code above prints such rows.
    """
    first = row
    while row < len(rows) and kinds[row] != BLANK:
        if kinds[row] == CODE and (row == first or not _printed(rows[row], templates)):
            break
        kinds[row] = OUTPUT
        seen.add(shape(rows[row]))
        row += 1
    return row


def _after_blank(kinds: Sequence[str], row: int) -> int | None:
    """The next row that is not blank, if one comes."""
    while row < len(kinds) and kinds[row] == BLANK:
        row += 1
    return row if row < len(kinds) else None
