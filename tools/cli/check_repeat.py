"""The commands that repeat only what a check found wrong."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

import click
from click.core import ParameterSource

from core.check.judging import CheckReport, Status

_NOT_REPEATED = frozenset({"backend", "verbose", "as_json"})


def options_given(context: click.Context) -> list[str]:
    """The options of a call as they were given, but for its backends and the form of its answer."""
    words: list[str] = []
    for option in context.command.params:
        name = option.name or ""
        given = context.get_parameter_source(name) is ParameterSource.COMMANDLINE
        if isinstance(option, click.Option) and given and name not in _NOT_REPEATED:
            value = context.params[name]
            for one in value if option.multiple else [value]:
                words += [option.opts[0]] if option.is_flag else [option.opts[0], str(one)]
    return words


def repeat_commands(report: CheckReport, options: Sequence[str]) -> list[str]:
    """Commands that check again the sections that failed, each on the backends it failed on.

    What failed belongs to no run (a golden that nothing reads, say) is repeated by no command.

    Args:
        report: what the check found out.
        options: those to repeat them with, as `options_given` gives them.

    Returns:
        One command for each set of backends.
    """
    failed: dict[str, dict[str, None]] = {}
    for result in report.results:
        if result.status in (Status.FAILED, Status.ERROR):
            failed.setdefault(result.scenario, {})[result.backend] = None
    order = [result.scenario for result in report.results]
    together: dict[tuple[str, ...], list[str]] = {}
    for scenario in sorted(failed, key=order.index):
        together.setdefault(tuple(failed[scenario]), []).append(scenario)
    commands = []
    for backends, ids in together.items():
        named = [word for name in backends for word in ("--backend", name)]
        commands.append(shlex.join(["parity", "check", *ids, *named, *options]))
    return commands
