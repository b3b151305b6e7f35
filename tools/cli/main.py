"""The `parity` command: verbs, exit codes, and one place where errors become messages.

Verbs are imported when they are called, so that `--help` and `list` start at once.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType

import click

from core.errors import ParityError

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

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The verbs by group."""
        del ctx
        for title, verbs in GROUPS.items():
            with formatter.section(title):
                formatter.write_dl(list(verbs.items()))


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="loop-parity", prog_name="parity")
def cli() -> None:
    """Check that the training loops of published Keras guides still do what they say."""


def fail(error: ParityError) -> int:
    """Prints an error on stderr: what and where, then what was expected and the remedy."""
    click.echo(f"error: {error.where}: {error.what}", err=True)
    click.echo(f"  expected: {error.expected}", err=True)
    click.echo(f"  remedy: {error.remedy}", err=True)
    return USAGE


def run(arguments: list[str] | None = None) -> int:
    """Runs the command line and returns its exit code."""
    try:
        code = cli.main(args=arguments, prog_name="parity", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return USAGE
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        return INTERRUPTED
    except ParityError as error:
        return fail(error)
    except BrokenPipeError:
        # The reader went away (`parity list | head`); nothing is wrong with us.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    return code if isinstance(code, int) else OK


def main() -> None:
    """The entry point of the `parity` script."""
    sys.exit(run())
