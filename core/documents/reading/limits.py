"""How much of a document is read; beyond it is a finding, never a hang.

The longest of the published guides has 34 kB, 18 cells and 300 statements.
"""

from __future__ import annotations

LARGEST_TEXT = 1024 * 1024
"""Bytes of a text document."""
LARGEST_NOTEBOOK = 64 * 1024 * 1024
"""Bytes of a notebook; pictures make notebooks large."""
MOST_NOTEBOOK_MARKS = 5_000_000
"""Marks of structure (`{`, `[`, `,`) in a notebook."""
MOST_LINE_MARKS = 1_000_000
"""Marks of structure in a notebook whose lines are looked up."""
LARGEST_PAGE = 256 * 1024
"""Characters of a page without marks whose code is told from its prose."""
PAGE_EFFORT = 2_000_000
"""Characters handed to a parser for one such page."""
MOST_PAGE_STATEMENTS = 3_000
"""Statements of one such page."""
LONGEST_PAGE_STATEMENT = 600
"""Rows of one statement of such a page."""
MOST_CELLS = 5_000
"""Cells of one document, and blocks of it that do not say what they hold."""


class TooMuch(Exception):  # noqa: N818 - it is a limit
    """The document is beyond a limit.

    Args:
        found: what was found, with its number.
        limit: the limit, with its number.
    """

    def __init__(self, found: str, limit: str) -> None:
        super().__init__(f"{found}; the limit is {limit}")
        self.found = found
        self.limit = limit
