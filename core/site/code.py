"""Statements as HTML: highlighted, line by line, each with its own indentation."""

from __future__ import annotations

import re
from functools import cache

from markupsafe import Markup, escape

from core import templating as pages
from core.dialects.program import INDENT
from core.diff.rows import Piece

_BLANK = re.compile(r'^(?:<span class="w">\s*</span>|\s)+')
_OPENS = re.compile(r'(<span class="p">[^<]*[(\[{]</span>)')
_REACHES = re.compile(r'(<span class="o">[.$]</span>)')


@cache
def highlighted(code: str, language: str) -> tuple[str, ...]:
    """The lines of a piece of code as HTML, indentation kept.

    Where a narrow column has to break a line, it may do so after a bracket and before a dot.
    """
    text = _REACHES.sub(r"<wbr>\1", _OPENS.sub(r"\1<wbr>", pages.highlighted(code, language)))
    return tuple(text.rstrip("\n").split("\n"))


def statement(piece: Piece, language: str) -> Markup:
    """A statement with its comment, as a block that knows its ops."""
    depth = INDENT[language] * piece.depth
    lines = [
        _line(depth, f'<span class="c1"># {escape(line)}</span>')
        for line in piece.comment.splitlines()
    ]
    raw = piece.code.split("\n")
    for text, shown in zip(raw, highlighted(piece.code, language), strict=True):
        inside = len(text) - len(text.lstrip(" "))
        lines.append(_line(depth + inside, _BLANK.sub("", shown)))
    ops = escape(" ".join(piece.ops))
    html = f'<code class="st" data-ops="{ops}">{"".join(lines)}</code>'
    return Markup(html)  # noqa: S704 - Pygments and `escape` have escaped every part


def _line(indent: int, html: str) -> str:
    """One line; what does not fit wraps under itself, further in."""
    return f'<span class="l" style="--i:{indent}">{html}\n</span>'
