"""Renews docs/findings.md, the table of all findings: `python -m tools.findings`."""

from __future__ import annotations

from pathlib import Path

from core.storage import write_atomically
from core.trace.codes import FindingCode

DOCUMENT = Path(__file__).resolve().parents[1] / "docs" / "findings.md"
HEAD = """\
# Findings

For whoever reads a finding, accepts one for a while, or lets a script look for one.

Everything that `check`, `validate`, `upgrade` and `diff` can find, by its code; `--json` gives the
same codes. Errors and warnings make a command exit with 1, notes never do. The severity is the one
such a finding usually has: where its evidence says more or less, a finding carries another. What
to do is what holds in general; a finding's own remedy may be more exact.

Made by `python -m tools.findings` from `core/trace/codes.py`.

| code | severity | what it says | what to do |
|---|---|---|---|
"""


def render() -> str:
    """The page."""
    rows = (
        f"| `{code}` | {code.severity} | {code.meaning} | {code.remedy} |"
        for code in sorted(FindingCode)
    )
    return HEAD + "\n".join(rows) + "\n"


if __name__ == "__main__":
    write_atomically(DOCUMENT, render())
