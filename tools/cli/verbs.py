"""What every verb's command has: options that say when they are repeated, choices that suggest."""

from __future__ import annotations

from functools import partial

import click

from core.errors import UsageError, did_you_mean


class Verb(click.Command):
    """A command that refuses a second value for an option of one value, instead of taking it."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Reads the arguments.

        Raises:
            UsageError: an option of one value is given several.
            click.UsageError: they are wrong in another way.
        """
        try:
            if not ctx.resilient_parsing:
                self._refuse_repeats(ctx, args)
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            error.ctx = error.ctx or ctx  # click's parser leaves it out of some errors
            raise

    def _refuse_repeats(self, ctx: click.Context, args: list[str]) -> None:
        _, _, order = self.make_parser(ctx).parse_args(args=list(args))
        for option in dict.fromkeys(order):
            single = isinstance(option, click.Option) and not (option.multiple or option.is_flag)
            if single and (times := order.count(option)) > 1:
                raise UsageError(
                    f"given {times} times",
                    where=option.opts[0],
                    expected="one value",
                    remedy="leave out all but one",
                )


class OneOf(click.Choice[str]):
    """A choice whose error names the nearest word."""

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> str:
        """The choice.

        Raises:
            UsageError: the value is none of them.
        """
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter as error:
            raise UsageError(
                f"no such value {value!r}",
                where=param.opts[0] if param else "a choice",
                expected=f"one of {', '.join(self.choices)}",
                remedy=did_you_mean(str(value), self.choices, "name one of them"),
            ) from error


verb = partial(click.command, cls=Verb)
"""Makes a function the command of a verb."""
