"""Reports fit the terminal; in a pipe lines are whole and end with no blank."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.table import Table

from tests.tools.parity import at_terminal, parity
from tools.cli.printing import Printer, say

DOCUMENT = """# Counting

```python
for step in range(3):
    print(f"Seen so far: {32 * (step + 1)} samples, in a line that is rather long as lines go")

def train_step_of_a_very_long_name_that_nobody_calls(images, labels, model, optimizer, loss):
    return 0
```

```python
import a_module_that_nobody_has_installed_on_this_machine_or_on_any_other_one
```
"""
CALLS: dict[str, Sequence[str]] = {
    "scenarios": ("list",),
    "defects": ("list", "--defects"),
    "horizons": ("horizon", "--stored"),
    "validate": ("validate", "page.md"),
    "listing": ("validate", "--list", "page.md"),
    "sections": ("diff", "keras_io_tf/metrics", "r_style/metrics"),
    "dialects": ("diff", "keras_io_tf/gan@jax", "keras_io_tf/gan@torch"),
    "help": ("--help",),
    "validate's help": ("validate", "--help"),
    "upgrade's help": ("upgrade", "--help"),
}
PROGRAMS = {
    dialect: ("show", f"keras_io_tf/gan@{dialect}")
    for dialect in ("tensorflow", "jax", "torch", "legacy", "r")
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a document."""
    (tmp_path / "page.md").write_text(DOCUMENT)
    return tmp_path


@pytest.mark.parametrize("width", [60, 100])
@pytest.mark.parametrize("name", CALLS)
def test_a_report_fits_the_terminal(name: str, width: int, folder: Path) -> None:
    lines = at_terminal(width, *CALLS[name], cwd=folder)
    assert 3 < len(lines) or name == "listing"
    assert [] == [line for line in lines if cell_len(line.rstrip()) > width]


@pytest.mark.parametrize("name", [*CALLS, *PROGRAMS])
def test_no_line_in_a_pipe_ends_with_a_blank(name: str, folder: Path) -> None:
    called = parity(*{**CALLS, **PROGRAMS}[name], cwd=folder)
    assert called.out
    assert [] == [line for line in called.out.split("\n") if line != line.rstrip()]


def test_a_sentence_is_whole_in_a_pipe(capsys: pytest.CaptureFixture[str]) -> None:
    text = "  " + "word " * 60
    say(text)
    Printer(wide=40).line(text)
    assert [text.rstrip(), text.rstrip()] == capsys.readouterr().out.splitlines()


def test_a_table_in_a_pipe_has_the_width_asked_for(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    table = Table(box=None)
    table.add_column("a")
    table.add_column("b")
    table.add_row("word " * 20, "")
    monkeypatch.delenv("COLUMNS", raising=False)
    Printer(wide=50).show(table)
    assert 50 >= max(map(len, capsys.readouterr().out.splitlines())) > 30
    monkeypatch.setenv("COLUMNS", "30")
    Printer(wide=50).show(table)
    assert 30 >= max(map(len, capsys.readouterr().out.splitlines()))


def test_a_terminal_keeps_the_indentation_of_a_sentence(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "20")
    say("    one two three four five")
    assert ["    one two three", "    four five"] == [
        line.rstrip() for line in capsys.readouterr().out.splitlines()
    ]
