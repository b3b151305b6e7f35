"""Python is told from words by Python's own compiler."""

from __future__ import annotations

import pytest

from core.documents.reading.syntax import python_code


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("x = 1", True),
        ("for x in y:", None),
        ("f(a,", None),
        ("@tf.function", None),
        ("'''words", None),
        ("def f():\n    return 1", True),
        ("Let's build a model:", False),
        ("1) Train", False),
        ("引言", True),
        ("x = \x00", False),
        ("(" * 300, False),
    ],
)
def test_sources_are_whole_begun_or_wrong(source: str, expected: bool | None) -> None:
    assert expected is python_code.complete(source)


@pytest.mark.parametrize(
    "words",
    [
        "Summary",
        "引言",
        "GAN / VAE",
        "Note: this",
        'Model: "net"',
        "conv2d (Conv2D)",
        "0.5",
        "a, b",
    ],
)
def test_words_that_happen_to_parse_are_weak(words: str) -> None:
    assert python_code.complete(words)
    assert not python_code.strong(words)


@pytest.mark.parametrize(
    "code", ["x = 1", "import os", "f()", "del x", "x: int = 1", "[f(x) for x in y]"]
)
def test_code_is_strong(code: str) -> None:
    assert python_code.strong(code)


def test_a_refusal_names_reason_and_row() -> None:
    refusal = python_code.refusal("x = 1\ny = (\n")
    assert refusal is not None
    assert ("'(' was never closed", 1) == (refusal.reason, refusal.row)


@pytest.mark.parametrize("source", ["return 1", "x = \x00", "(" * 1000 + ")" * 1000])
def test_whatever_the_compiler_refuses_is_a_refusal(source: str) -> None:
    assert python_code.refusal(source) is not None


@pytest.mark.parametrize("source", ["", "await f()", "x = '\\d'", "pass"])
def test_awaiting_at_top_level_and_odd_escapes_are_fine(source: str) -> None:
    assert python_code.refusal(source) is None


def test_bound_and_read_names() -> None:
    source = "import a.b as c, d.e\nfor x in y:\n    z = f(x)\ndef g(): pass"
    assert {"c", "d", "x", "z", "g"} == python_code.bound_names(source)
    assert {"x", "y", "z", "f"} == python_code.read_names(source)


@pytest.mark.parametrize(
    ("source", "name"),
    [("fit()", "fit"), ("model.fit()", "model"), ("f(1)", None), ("x = f()", None), ("1", None)],
)
def test_a_call_without_arguments_alone_is_named(source: str, name: str | None) -> None:
    assert name == python_code.lone_call(source)
