"""Texts in the site's two languages."""

from __future__ import annotations

import re

from attrs import field, frozen
from attrs.validators import min_len
from markupsafe import Markup, escape

LANGUAGES = ("en", "zh")
_CODE = re.compile(r"`([^`]+)`")


@frozen
class Text:
    """One text in English and Chinese; what stands between backticks is code.

    A page holds both, and shows the one that its reader chose.
    """

    en: str = field(validator=min_len(1))
    zh: str = field(validator=min_len(1))

    def __html__(self) -> str:
        if self.en == self.zh:
            return str(marked(self.en))
        return (
            f'<span class="en" lang="en">{marked(self.en)}</span>'
            f'<span class="zh" lang="zh-Hans">{marked(self.zh)}</span>'
        )

    def format(self, **values: object) -> Text:
        """The text with its fields filled, alike in both languages."""
        return Text(self.en.format(**values), self.zh.format(**values))


def same(text: str) -> Text:
    """A text that is the same in both languages: a name, a figure."""
    return Text(text, text)


def marked(text: str) -> Markup:
    """Plain text as HTML, its backticks as code."""
    html = _CODE.sub(r"<code>\1</code>", str(escape(text)))
    return Markup(html)  # noqa: S704 - escaped, then only the tags of code added
