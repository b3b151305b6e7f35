"""The `parity` command: verbs, exit codes, and one place where errors become messages.

Verbs are imported when they are called, so that `--help` and `list` start at once.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING

import click

from core.errors import ExecutionError, ParityError, UsageError, did_you_mean

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

OK, FINDINGS, USAGE, INTERRUPTED = 0, 1, 2, 130

GROUPS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "Your documents": {
            "validate": "run documents and judge every figure they publish",
            "upgrade": "rehearse an upgrade: the same runs in two or more environments",
            "bisect": "find the first release in which a trace changes",
            "diff": "two scenarios or runs side by side, down to the first op that differs",
            "show": "one section as a program, for any backend, Keras 2, R, or compile and fit",
            "plugin": "the folder of the pytest plugin, for PYTHONPATH",
        },
        "This repository": {
            "list": "scenarios, or the ledger of guide defects",
            "check": "run scenarios and compare with goldens and published claims",
            "run": "run scenarios and print or save their traces",
            "record": "record goldens, with a reason",
            "horizon": "measure how far rounding alone carries runs apart",
            "sensitivity": "plant defects and count those that a check sees",
            "site": "the teaching site as static files",
            "bench": "ratios against hand-written loops, fit and the arithmetic floor",
        },
    }
)


class Verbs(click.Group):
    """The verbs, grouped in the help and loaded when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every verb, in the help's order."""
        del ctx
        return [verb for verbs in GROUPS.values() for verb in verbs]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a verb."""
        if cmd_name not in self.list_commands(ctx):
            return None
        command = import_module(f"tools.cli.verb_{cmd_name}").command
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The verb that the arguments start with.

        Raises:
            UsageError: there is no such verb.
        """
        verbs, asked = self.list_commands(ctx), args[0]
        if asked not in verbs and not asked.startswith("-") and not ctx.resilient_parsing:
            raise UsageError(
                f"no such verb {asked!r}",
                where="parity",
                expected=", ".join(verbs),
                remedy=did_you_mean(asked, verbs, "see `parity --help`"),
            )
        return super().resolve_command(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
        """The verbs that start as typed; imports none of them."""
        from click.shell_completion import CompletionItem

        options = click.Command.shell_complete(self, ctx, incomplete)
        verbs = {verb: text for group in GROUPS.values() for verb, text in group.items()}
        found = [
            CompletionItem(verb, help=text)
            for verb, text in verbs.items()
            if verb.startswith(incomplete)
        ]
        return [*found, *options]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The verbs by group."""
        del ctx
        for title, verbs in GROUPS.items():
            with formatter.section(title):
                formatter.write_dl(list(verbs.items()))


@click.group(
    cls=Verbs,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="`parity VERB --help` explains a verb. With eval "
    '"$(_PARITY_COMPLETE=bash_source parity)" in ~/.bashrc (zsh_source and ~/.zshrc for zsh) the '
    "Tab key completes verbs, options and scenarios.",
)
@click.version_option(None, "-V", "--version", package_name="loop-parity", prog_name="parity")
def cli() -> None:
    """Check that the training loops of published Keras guides still do what they say."""


def fail(error: ParityError) -> int:
    """Prints an error on stderr: what and where, then what was expected and the remedy."""
    click.echo(f"error: {error.where}: {error.what}", err=True)
    click.echo(f"  expected: {error.expected}", err=True)
    click.echo(f"  remedy: {error.remedy}", err=True)
    return USAGE


def wrong(error: ParityError, arguments: Sequence[str]) -> int:
    """Answers a wrong use: the error on stderr; under `--json` on stdout as well, as a document."""
    given = arguments[: arguments.index("--")] if "--" in arguments else arguments
    if "--json" in given:
        from tools.cli.document import emit, error_fields

        verb = next((word for word in given if not word.startswith("-")), None)
        emit(verb, {"error": error_fields(error)})
    return fail(error)


def _refused(error: OSError) -> ParityError:
    """What the system refused, as an error of ours."""
    return ExecutionError(
        error.strerror or str(error),
        where=str(error.filename or "the working folder, or the disk"),
        expected="files and folders that are there and may be used, and room on the disk",
        remedy="mend that, or name another path; if it is a file of Loop Parity's own, install it "
        "again",
    )


def run(arguments: list[str] | None = None) -> int:
    """Runs the command line and returns its exit code."""
    given = sys.argv[1:] if arguments is None else arguments
    try:
        code = cli.main(args=given, prog_name="parity", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return USAGE
    except click.ClickException as error:
        from tools.cli.wrong_usage import explained

        return wrong(explained(error), given)
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        return INTERRUPTED
    except ParityError as error:
        return wrong(error, given)
    except SystemExit:
        # What click and rich make of a reader that went away (`parity list | head`), and nobody
        # else raises; nothing is wrong with us.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except OSError as error:
        # Only what nobody nearer to the file has worded: a full disk, a working folder that is
        # gone, a name that is too long.
        return wrong(_refused(error), given)
    return code if isinstance(code, int) else OK


def main() -> None:
    """The entry point of the `parity` script."""
    sys.exit(run())
