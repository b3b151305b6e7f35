"""Code among prose without any marks: the rows that a parser takes for whole statements.

Used for pages copied as text. A run is a series of rows that parse, from the left margin of its
first one; words that happen to parse (`Summary`, `Note: this`) are no code on their own.
"""

from __future__ import annotations

from collections.abc import Sequence

from attrs import define, field, frozen

from core.documents.reading.limits import (
    LONGEST_PAGE_STATEMENT,
    MOST_PAGE_STATEMENTS,
    PAGE_EFFORT,
    TooMuch,
)
from core.documents.reading.syntax import Language, python_code, r_code


@frozen
class Statement:
    """Rows `first` to `last` (0-based, inclusive) that form whole statements of one language.

    `strong` says whether they could hardly be prose; `comment` that they only comment.
    """

    first: int
    last: int
    text: str
    strong: bool
    comment: bool


@define
class StatementReader:
    """Finds statements in the rows of a page.

    Attributes:
        rows: the page's rows.
        language: the language looked for.
        left: characters that may still be parsed.
        found: statements found so far.
    """

    rows: Sequence[str]
    language: Language
    left: int = field(default=PAGE_EFFORT)
    found: int = 0

    def at(self, first: int) -> Statement | None:
        """The statement that begins on a row, `None` where none does."""
        head = self.rows[first]
        margin = head[: len(head) - len(head.lstrip())]
        if head.lstrip().startswith("#"):
            return Statement(first, first, head.strip(), strong=False, comment=True)
        taken: list[str] = []
        found: int | None = None
        row = first
        while row < len(self.rows) and row - first < LONGEST_PAGE_STATEMENT:
            text = self.rows[row]
            if text.strip() and not text.startswith(margin):
                break
            taken.append(text.removeprefix(margin) if text.strip() else "")
            if text.strip():
                answer = self._complete("\n".join(taken))
                if answer is False:
                    break
                if answer is True:
                    found = row
                    following = self._following(row)
                    if following is None or not self._goes_on(following, margin):
                        break
            row += 1
        if found is None:
            return None
        self.found += 1
        if self.found > MOST_PAGE_STATEMENTS:
            raise TooMuch("more statements among prose", f"{MOST_PAGE_STATEMENTS:,}")
        text = "\n".join(taken[: found - first + 1])
        strong = python_code.strong(text) if self.language == "python" else r_code.strong(text)
        return Statement(first, found, text, strong, comment=False)

    def _complete(self, text: str) -> bool | None:
        self.left -= len(text)
        if self.left < 0:
            raise TooMuch("prose that reads like unfinished code", f"{PAGE_EFFORT:,} characters")
        return python_code.complete(text) if self.language == "python" else r_code.complete(text)

    def _following(self, row: int) -> str | None:
        """The next row that is not blank."""
        for text in self.rows[row + 1 : row + 20]:
            if text.strip():
                return text
        return None

    def _goes_on(self, following: str, margin: str) -> bool:
        """Whether a row may belong to the whole statement before it: deeper, or its `else`."""
        if self.language == "r" or not following.startswith(margin):
            return False
        inner = following.removeprefix(margin)
        return inner[:1].isspace() or python_code.continues(inner)
