"""Statements are compared by what they say, not by how they are laid out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.documents.reading.syntax import Language, statements

LOOP = """\
for epoch in range(3):
    if epoch > 1:
        step(epoch)
    else:
        rest()
"""


def keys(source: str, language: Language = "python") -> list[tuple[int, str]]:
    return [statement.key for statement in statements(source, language)]


def test_blocks_are_listed_after_their_header_one_level_deeper() -> None:
    assert [
        (0, "for epoch in range ( 3 ) : {}"),
        (1, "if epoch > 1 : {} else : {}"),
        (2, "step ( epoch )"),
        (1, "block 1"),
        (2, "rest ( )"),
    ] == keys(LOOP)


def test_rows_are_those_of_the_header_and_of_each_statement() -> None:
    found = statements(
        "@tf.function\ndef f(\n    x,\n):\n    return (x +\n            1)\n", "python"
    )
    assert [(0, 3), (4, 5)] == [(s.first, s.last) for s in found]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("x = 'a'", 'x   =  "a"  # words'),
        ("f(a, b)", "f(\n    a,\n    b,\n)"),
        ("x = 1 + \\\n  2", "x = 1 + 2"),
        ("'it\\'s'", '"it\'s"'),
        ("if x:\n  y", "if x:\n\n        # why\n        y"),
    ],
)
def test_layout_comments_quotes_and_trailing_commas_do_not_matter(one: str, other: str) -> None:
    assert keys(one) == keys(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("x = 1", "x = 2"),
        ("x = 1", "y = 1"),
        ("(x,)", "(x)"),
        ("f'{x:.2f}'", "f'{x:.3f}'"),
        ("f'{x}'", "'{x}'"),
        ("'a b'", "'a  b'"),
        ("for x in y:\n  a()\n  b()", "for x in y:\n  a()\nb()"),
        ("if x:\n  a()\nelse:\n  b()\n  c()", "if x:\n  a()\n  b()\nelse:\n  c()"),
    ],
)
def test_names_figures_texts_and_depth_matter(one: str, other: str) -> None:
    assert keys(one) != keys(other)


def test_r_braces_are_blocks_and_assignments_stay_as_written() -> None:
    source = "train <- tf_function(function(x) {\n  # words\n  y <- x |> f('a')\n})\nz = 1"
    assert [
        (0, "train <- tf_function ( function ( x ) {} )"),
        (1, 'y <- x |> f ( " a " )'),
        (0, "z = 1"),
    ] == keys(source, "r")


def test_code_that_is_wrong_is_listed_all_the_same() -> None:
    found = keys("x = 1\ny = (\nz = 3\n")
    assert (0, "x = 1") in found
    assert 2 <= len(found)


def test_digests_are_short_and_only_of_the_text() -> None:
    (one,) = statements("x = 1", "python")
    (other,) = statements("\n\nx  = 1  # words", "python")
    assert one.digest == other.digest
    assert 16 == len(one.digest)


@given(st.text(max_size=200))
def test_any_text_is_split_without_an_error(text: str) -> None:
    for language in ("python", "r"):
        rows = text.count("\n")
        assert all(0 <= s.first <= s.last <= rows for s in statements(text, language))


@given(st.lists(st.sampled_from(["x = 1", "f(a)", "for i in y:\n    g(i)", "# c", ""]), max_size=8))
def test_every_token_of_the_code_is_in_some_statement(parts: list[str]) -> None:
    source = "\n".join(parts)
    said = " ".join(text for _, text in keys(source)).replace("{}", "").replace(" ", "")
    rows = [row for row in source.split("\n") if not row.startswith("#")]
    assert "".join(rows).replace(" ", "") == said
