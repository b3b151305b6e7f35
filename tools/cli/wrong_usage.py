"""What click says of a wrong use, as one of our errors: what, where, expected, remedy."""

from __future__ import annotations

import click

from core.errors import UsageError


def explained(error: click.ClickException) -> UsageError:
    """The error of a wrong option, argument or value.

    Args:
        error: what click raised while it read the command line.
    """
    context = error.ctx if isinstance(error, click.UsageError) else None
    where = context.command_path if context else "parity"
    remedy = f"see `{where} --help`"
    if isinstance(error, click.NoSuchOption) and error.possibilities:
        remedy = f"did you mean {', '.join(error.possibilities)}?"
        what = f"no such option {error.option_name!r}"
    elif isinstance(error, click.NoSuchOption):
        what = f"no such option {error.option_name!r}"
    else:
        what = error.format_message().rstrip(".")
    if isinstance(error, click.NoSuchOption) and context and context.parent is None:
        remedy = f"a verb's option follows it, parity VERB {error.option_name}; or {remedy}"
    return UsageError(what, where=where, expected=_expected(error, context), remedy=remedy)


def _expected(error: click.ClickException, context: click.Context | None) -> str:
    """The help of the option that is wrong; else how the verb is called."""
    if context is None:
        return "a verb with its arguments"
    if isinstance(error, click.BadParameter) and isinstance(error.param, click.Option):
        record = error.param.get_help_record(context)
        if record is not None:
            return ": ".join(part for part in record if part)
    return " ".join([context.command_path, *context.command.collect_usage_pieces(context)])
