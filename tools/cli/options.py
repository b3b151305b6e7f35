"""Options that several verbs share, and how their values are read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

import scenarios
from core.errors import UsageError
from core.extras import install_command
from core.run.backends.emulation import require_processor
from core.run.backends.registry import REFERENCE, chosen, installed
from core.spec import BACKENDS, Scenario
from core.spec.catalog import Catalog
from core.trace.finding import Finding
from tools.cli.completion import complete_backends, complete_processors
from tools.cli.verbs import OneOf

repository = Path(scenarios.__file__).resolve().parents[1]

# The goldens' seed: that of the recorded references; those of any other are computed when asked.
GOLDEN_SEED = 12

json_option = click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
folders_option = click.option(
    "--scenarios",
    "folders",
    multiple=True,
    metavar="DIR",
    # Worker processes have another working folder.
    type=click.Path(path_type=Path, resolve_path=True),
    help="Add the scenarios of another folder.",
)
backend_option = click.option(
    "--backend",
    multiple=True,
    default=("all",),
    show_default="all",
    metavar="B",
    shell_complete=complete_backends,
    help="tensorflow, jax, torch, or all that are installed; may be repeated.",
)
backend_or_reference_option = click.option(
    "--backend",
    multiple=True,
    default=("all",),
    show_default="all",
    metavar="B",
    shell_complete=complete_backends,
    help="tensorflow, jax, torch, or all that are installed; reference: the mathematics, in "
    "NumPy; may be repeated.",
)
data_option = click.option(
    "--data",
    default="digits",
    show_default=True,
    metavar="D",
    help="digits (embedded), mnist, or the path of an npz in Keras's MNIST layout.",
)
seed_option = click.option(
    "--seed",
    default=GOLDEN_SEED,
    show_default=True,
    type=click.IntRange(0, 2**31 - 1),
    metavar="N",
    help="The one seed of the run.",
)

threads_option = click.option(
    "--threads",
    type=click.IntRange(1),
    metavar="N",
    help="Threads within an operation; default: the number pinned for the backend.",
)
kernels_option = click.option(
    "--kernels",
    type=OneOf(("portable", "default")),
    default="portable",
    show_default=True,
    help="portable: TensorFlow without oneDNN, as goldens are recorded; default: the framework's "
    "own kernels, as readers run them.",
)


def _startable(ctx: click.Context, param: click.Parameter, value: str) -> str:
    """The processor, after making sure that our processes start there.

    Raises:
        UsageError: they do not.
    """
    if value and not ctx.resilient_parsing:
        require_processor(value, param.opts[0])
    return value


processor_option = click.option(
    "--processor",
    default="",
    metavar="MODEL",
    callback=_startable,
    shell_complete=complete_processors,
    help="Run on an emulated processor, such as EPYC or Haswell; `qemu-x86_64 -cpu help` lists "
    "them. It takes 5 to 20 times as long.",
)


def catalog(folders: tuple[Path, ...]) -> Catalog:
    """The repository's scenarios, and those of `--scenarios` folders."""
    return Catalog.load(repository, folders)


def backends(asked: Sequence[str], more: Sequence[str] = ()) -> tuple[str, ...]:
    """The backends that `--backend` names; `all` includes those that are not installed.

    Args:
        asked: the names as given.
        more: backends that are always there, and that `all` does not mean.

    Raises:
        UsageError: an unknown backend, or one asked for by name that is not installed.
    """
    names = chosen(asked, more)
    here = (*installed(), *more)
    missing = [name for name in names if name in asked and name not in here]
    if missing:
        raise UsageError(
            f"backend {missing[0]!r} is not installed",
            where="--backend",
            expected=f"an installed backend: {', '.join(installed()) or 'there is none'}",
            remedy=install_command(missing[0]),
        )
    return names


def data(asked: str) -> str:
    """The data source for worker processes; digits and files are read here first.

    A wrong file is one error before any process starts, and two processes do not generate the
    embedded digits twice. `mnist` is left to the worker: without a cached file Keras downloads it.

    Raises:
        DataError: data that cannot be used.
    """
    from core.run.data import load_data

    if asked == "mnist":
        return asked
    load_data(asked)
    return asked if asked == "digits" else str(Path(asked).expanduser().resolve())


def nothing_ran(
    scenarios: Sequence[Scenario], backends: Sequence[str], notes: Sequence[Finding] = ()
) -> UsageError:
    """The error of a call in which nothing could run.

    Args:
        scenarios: what was asked for.
        backends: where.
        notes: why nothing was to run where it could.
    """
    if notes:
        why = notes[0]
        return UsageError(
            f"nothing ran: {why.message}",
            where=why.where,
            expected="something that can be judged",
            remedy=f"{why.remedy}; or judge native runs: --full",
        )
    declared = {name for scenario in scenarios for name in scenario.backends}
    usable = [name for name in BACKENDS if name in declared and name in installed()]
    one = scenarios[0].id if len(scenarios) == 1 else f"any of {len(scenarios)} scenarios"
    asked = [name for name in backends if name in declared]
    if asked:  # they are not installed: otherwise something would have run
        what, remedy = f"{', '.join(asked)} is not installed", install_command(asked[0])
    else:
        what = f"{one} does not run on {' or '.join(backends)}"
        remedy = f"--backend {usable[0]}" if usable else install_command(sorted(declared)[0])
    return UsageError(
        f"nothing ran: {what}",
        where="--backend",
        expected=f"a backend that is installed and that the guide is written for: "
        f"{', '.join(usable) or 'there is none here'}",
        remedy=remedy,
    )


def say_left_out(scenarios: Sequence[Scenario], asked: Sequence[str]) -> None:
    """Says on stderr what does not run on a backend that was asked for by name."""
    for scenario in scenarios:
        for name in dict.fromkeys(asked):
            if name not in ("all", REFERENCE, *scenario.backends):
                click.echo(f"left out: {scenario.id} does not run on {name}", err=True)
