"""Texts in two languages, as HTML."""

from __future__ import annotations

import pytest
from markupsafe import escape

from core.site.texts import Text, marked, same


def test_a_text_holds_both_languages_each_marked_as_what_it_is() -> None:
    html = str(escape(Text("a loop", "循环")))
    assert '<span class="en" lang="en">a loop</span>' in html
    assert '<span class="zh" lang="zh-Hans">循环</span>' in html


def test_what_is_the_same_in_both_is_written_once() -> None:
    assert "torch" == str(escape(same("torch")))


def test_backticks_are_code_and_everything_else_is_escaped() -> None:
    assert "<code>a &lt; b</code> &amp; c" == str(marked("`a < b` & c"))


def test_fields_are_filled_in_both_languages() -> None:
    assert Text("3 steps", "3 步") == Text("{n} steps", "{n} 步").format(n=3)


@pytest.mark.parametrize(("en", "zh"), [("", "循环"), ("loop", "")])
def test_a_text_without_one_of_its_languages_is_refused(en: str, zh: str) -> None:
    with pytest.raises(ValueError, match="must be >= 1"):
        Text(en, zh)
