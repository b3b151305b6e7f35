"""Statements as HTML."""

from __future__ import annotations

import html
import re

import pytest

from core.diff.rows import Piece
from core.site.code import statement


def text_of(markup: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", markup))


@pytest.mark.parametrize(
    ("code", "language"),
    [
        ('print(f"{loss:.4f} <b>&amp;")', "python"),
        ("x = call(\n    a,\n    b,\n)", "python"),
        ("with(tf$GradientTape() %as% tape, {", "r"),
        ("}", "r"),
    ],
)
def test_a_statement_keeps_every_character_but_its_indentation(code: str, language: str) -> None:
    shown = text_of(statement(Piece(code), language))
    assert [line.strip() for line in code.split("\n")] == shown.rstrip("\n").split("\n")


def test_indentation_is_the_block_s_and_the_line_s_own() -> None:
    shown = statement(Piece("f(\n    a,\n)", depth=2), "python")
    assert ["8", "12", "8"] == re.findall(r"--i:(\d+)", shown)


def test_an_r_block_indents_by_two() -> None:
    assert ["4"] == re.findall(r"--i:(\d+)", statement(Piece("x <- 1", depth=2), "r"))


def test_a_comment_stands_above_its_statement() -> None:
    shown = statement(Piece("x = 1", comment="One < two.\nAnd more."), "python")
    assert ["# One < two.", "# And more.", "x = 1"] == text_of(shown).rstrip("\n").split("\n")


def test_a_statement_knows_its_ops() -> None:
    shown = statement(Piece("x = 1", ops=("step[0]", "step[1]")), "python")
    assert 'data-ops="step[0] step[1]"' in shown
