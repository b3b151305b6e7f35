"""Puts what the program says of itself into the documentation: `python -m tools.pages`.

`docs/command-line.md` names a command in a comment, `<!-- help: parity run -->`; the command's help
follows it as a block. `docs/json.md` is made from the schemas, `docs/sensitivity.md` from the
verdicts beside it. A test fails where a page and the program have come apart; this writes them
again.
"""

from __future__ import annotations

import re
from pathlib import Path

import click

from tools import json_page, sensitivity_page
from tools.cli.main import cli

DOCS = Path(__file__).resolve().parents[1] / "docs"
WIDTH = 78  # of a terminal with 80 columns click leaves two free
_HELP = re.compile(r"(<!-- help: (parity(?: [a-z]+)?) -->\n)(?:\n```text\n.*?^```\n)?", re.M | re.S)


def help_of(command: str) -> str:
    """The help of `parity` or of one of its verbs, as it is printed in 80 columns.

    Args:
        command: `parity`, or `parity` and a verb.
    """
    name, _, verb = command.partition(" ")
    context = click.Context(
        cli, info_name=name, terminal_width=WIDTH, help_option_names=["-h", "--help"]
    )
    if not verb:
        return cli.get_help(context)
    found = cli.get_command(context, verb)
    if found is None:
        raise ValueError(f"no verb {verb!r}: mend the comment in docs/command-line.md")
    inner = click.Context(found, parent=context, info_name=verb)
    return found.get_help(inner)


def with_help(page: str) -> str:
    """A page with the help of every command that it names put in, in place of what is there."""

    def block(match: re.Match[str]) -> str:
        return f"{match[1]}\n```text\n{help_of(match[2])}\n```\n"

    return _HELP.sub(block, page)


def main() -> None:
    """Writes the pages."""
    (DOCS / "json.md").write_text(json_page.page(), encoding="utf-8")
    found = sensitivity_page.recorded()
    if found is not None:
        (DOCS / "sensitivity.md").write_text(sensitivity_page.page(found), encoding="utf-8")
    page = DOCS / "command-line.md"
    page.write_text(with_help(page.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
