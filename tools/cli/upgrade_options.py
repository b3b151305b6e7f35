"""Options of `parity upgrade` beyond the matrix: why, artifacts, a page, other engines."""

from __future__ import annotations

from pathlib import Path

import click
from attrs import frozen
from click.decorators import FC

from core.errors import UsageError
from tools.cli.verbs import OneOf

_KEY = "parity.upgrade.more"


@frozen
class More:
    """What was asked for besides the rehearsal.

    Attributes:
        why: say what changed in the releases.
        artifacts: the user's own model files.
        page: the drill-down's file.
        plan: print the work list, as `commands` or `github`, and do nothing of it.
        jobs: the jobs of a plan to do.
        collect: the folder of a plan whose results to join.
        dask: a scheduler's address.
    """

    why: bool = False
    artifacts: tuple[Path, ...] = ()
    page: Path | None = None
    plan: str | None = None
    jobs: str | None = None
    collect: Path | None = None
    dask: str | None = None


def _keep(context: click.Context, parameter: click.Parameter, value: object) -> object:
    assert parameter.name is not None
    context.meta.setdefault(_KEY, {})[parameter.name] = value
    return value


def asked() -> More:
    """What the present call asked for.

    Raises:
        UsageError: options that exclude each other.
    """
    more = More(**click.get_current_context().meta.get(_KEY, {}))
    chosen = {
        "--plan": more.plan,
        "--job": more.jobs,
        "--collect": more.collect,
        "--dask": more.dask,
    }
    given = [name for name, value in chosen.items() if value is not None]
    if len(given) > 1:
        raise UsageError(
            " and ".join(given),
            where="upgrade",
            expected="one of them: they are ways to do the work",
            remedy=f"leave out {given[-1]}",
        )
    return more


_OPTIONS = (
    click.option(
        "--why",
        is_flag=True,
        expose_value=False,
        callback=_keep,
        help="Also say what changed: public API, names, warnings, meanings, the first op.",
    ),
    click.option(
        "--artifact",
        "artifacts",
        multiple=True,
        type=click.Path(path_type=Path),
        metavar="FILE",
        expose_value=False,
        callback=_keep,
        help="Read this saved model (.keras, .h5) in every environment; may be repeated.",
    ),
    click.option(
        "--html",
        "page",
        type=click.Path(path_type=Path, dir_okay=False),
        metavar="FILE",
        expose_value=False,
        callback=_keep,
        help="Write a page to drill down: matrix, losses, API, patches. Needs no network.",
    ),
    click.option(
        "--plan",
        type=OneOf(["commands", "github"]),
        expose_value=False,
        callback=_keep,
        help="Print the work list for another engine; the plan goes to --out DIR.",
    ),
    click.option(
        "--job",
        "jobs",
        metavar="N",
        expose_value=False,
        callback=_keep,
        help="Do one job (4), or some (4-7), of the plan in --out DIR.",
    ),
    click.option(
        "--collect",
        type=click.Path(path_type=Path, file_okay=False),
        metavar="DIR",
        expose_value=False,
        callback=_keep,
        help="Join the results of a plan's jobs into the report.",
    ),
    click.option(
        "--dask",
        metavar="ADDRESS",
        expose_value=False,
        callback=_keep,
        help="Send the jobs to a Dask cluster.",
    ),
)


def more_options(command: FC) -> FC:
    """Adds the options to a command; `asked()` says what was given."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command
