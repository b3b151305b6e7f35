from __future__ import annotations

import sys

import pytest

from tools.cli.patches import print_patch
from tools.cli.printing import Printer

DIFF = (
    "--- a/loop.md\n+++ b/loop.md\n@@ -1,2 +1,2 @@\n a\n-m.reset_states()  \n+" + "x" * 200 + "\n"
)


def test_a_piped_patch_is_printed_to_the_letter(capsys: pytest.CaptureFixture[str]) -> None:
    print_patch(Printer(wide=40), DIFF)
    assert DIFF == capsys.readouterr().out


def test_a_patch_on_a_terminal_is_coloured(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    print_patch(Printer(wide=40), DIFF)
    assert "\x1b[" in capsys.readouterr().out
