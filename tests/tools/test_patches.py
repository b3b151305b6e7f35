from __future__ import annotations

import io

from rich.console import Console

from tools.cli.patches import print_patch

DIFF = (
    "--- a/loop.md\n+++ b/loop.md\n@@ -1,2 +1,2 @@\n a\n-m.reset_states()  \n+" + "x" * 200 + "\n"
)


def test_a_piped_patch_is_printed_to_the_letter() -> None:
    told = io.StringIO()
    print_patch(Console(file=told, width=40), DIFF)
    assert DIFF == told.getvalue()


def test_a_patch_on_a_terminal_is_coloured() -> None:
    told = io.StringIO()
    print_patch(Console(file=told, width=40, force_terminal=True), DIFF)
    assert "\x1b[" in told.getvalue()
