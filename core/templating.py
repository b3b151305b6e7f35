"""Templates that escape what they print, and styles for highlighted code."""

from __future__ import annotations

from typing import Protocol

from jinja2 import Environment, PackageLoader, StrictUndefined
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name


class _Styled(Protocol):
    def get_style_defs(self, arg: str) -> str: ...


def templates(package: str) -> Environment:
    """The templates of a package's `templates` folder; a name that is missing is an error."""
    return Environment(
        loader=PackageLoader(package, "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def styles(name: str, selector: str) -> str:
    """The rules of a Pygments style, for the code inside what a CSS selector picks."""
    formatter: _Styled = HtmlFormatter(style=name)
    return formatter.get_style_defs(selector)


def highlighted(code: str, language: str) -> str:
    """Code as HTML without anything around it; indentation and line ends are kept."""
    lexer = get_lexer_by_name(language, stripnl=False, ensurenl=False)
    text: str = highlight(code, lexer, HtmlFormatter(nowrap=True))
    return text
