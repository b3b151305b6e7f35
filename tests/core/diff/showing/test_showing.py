"""A comparison in a pipe, on terminals of several widths, and as a page."""

from __future__ import annotations

import io
import re
from html.parser import HTMLParser

import pytest
from rich.console import Console

from core.diff.courses import Course, Courses
from core.diff.showing import plain, terminal
from core.diff.showing.page import page
from tests.core.diff.sections import compared

FOUND = compared("keras_io_tf/metrics", "r_style/metrics")
RUNS = Courses(
    Course("a", {"loss": (4.0, 2.0)}, {"train_acc": (0.5,)}, 2),
    Course("b", {"loss": (4.0, 1.0)}, {"train_acc": (0.5,)}, 2),
)


def on_terminal(width: int, *, colour: bool) -> str:
    out = io.StringIO()
    console = Console(file=out, width=width, force_terminal=colour, no_color=not colour)
    terminal.show(FOUND, console)
    terminal.show_runs(RUNS, console)
    return out.getvalue()


def test_in_a_pipe_there_is_no_colour_and_every_statement() -> None:
    text = "\n".join((*plain.sentences(FOUND), *plain.code(FOUND), *plain.runs(RUNS)))
    assert "\x1b" not in text
    for row in FOUND.rows:
        for side in (row.a, row.b):
            assert side is None or all(line in text for line in side.split("\n"))


def test_in_a_pipe_the_right_column_begins_in_one_place() -> None:
    rows = [row for row in plain.code(FOUND) if " ! " in row]
    assert 1 == len({row.index(" ! ") for row in rows[:5]})


def test_the_runs_are_a_table_of_what_both_did() -> None:
    rows = list(plain.runs(RUNS))
    assert any(row.startswith("loss at step 1") for row in rows)
    assert any("▁" in row for row in rows)
    assert any(row.split() == ["train_acc,", "epoch", "1", "0.5000", "0.5000"] for row in rows)


@pytest.mark.parametrize("width", [40, 80, 109, 110, 200])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    lines = on_terminal(width, colour=False).split("\n")
    assert [] == [line for line in lines if len(line.rstrip()) > width]


def test_on_a_terminal_there_is_colour() -> None:
    assert "\x1b[" in on_terminal(120, colour=True)


def test_a_narrow_terminal_shows_what_is_the_same_once() -> None:
    same = compared("keras_io_tf/metrics", "keras_io_tf/compiled")
    out = io.StringIO()
    terminal.show(same, Console(file=out, width=80))
    assert 1 == out.getvalue().count("def get_model():")


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.outside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.outside += [v or "" for k, v in attrs if k in {"src", "href"}]
        if tag in {"script", "link", "img", "iframe"}:
            self.outside.append(tag)


def test_a_page_needs_nothing_but_itself() -> None:
    text = page(FOUND, RUNS)
    links = _Links()
    links.feed(text)
    assert [] == links.outside
    assert "url(" not in text
    assert "@import" not in text


def test_a_page_says_all_of_it() -> None:
    text = page(FOUND, RUNS)
    assert len(FOUND.rows) == len(re.findall(r"<tr class=\"\w+\" data-op", text))
    assert len(FOUND.spec) == text.count("<li class=")
    assert 2 == text.count("<polyline")
    assert "loss differs from step 1 on" in text


def test_what_a_document_says_is_escaped() -> None:
    assert "<module>" not in page(FOUND, Courses(Course("<module>", {}), RUNS.b))
