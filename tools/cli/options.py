"""Options that several verbs share, and how their values are read."""

from __future__ import annotations

from pathlib import Path

import click

import scenarios
from core.errors import UsageError
from core.run.backends.registry import chosen, install_command, installed
from core.spec.catalog import Catalog

repository = Path(scenarios.__file__).resolve().parents[1]

# The goldens' seed. Of the seeds surveyed it is the first with which no unit flips on one backend
# only inside the compared steps, so that agreement can be held tightly (docs/agreement.md).
GOLDEN_SEED = 12

json_option = click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
folders_option = click.option(
    "--scenarios",
    "folders",
    multiple=True,
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Add the scenarios of another folder.",
)
backend_option = click.option(
    "--backend",
    default="all",
    show_default=True,
    metavar="B",
    help="tensorflow, jax, torch, or all installed ones.",
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
    "--other-kernels",
    is_flag=True,
    help="TensorFlow with oneDNN, torch without, JAX with narrow vectors: other rounding.",
)


def catalog(folders: tuple[Path, ...]) -> Catalog:
    """The repository's scenarios, and those of `--scenarios` folders."""
    return Catalog.load(repository, folders)


def backends(asked: str) -> tuple[str, ...]:
    """The backends that `--backend` names; `all` includes those that are not installed.

    Raises:
        UsageError: an unknown backend, or one asked for by name that is not installed.
    """
    names = chosen(asked)
    if asked != "all" and asked not in installed():
        raise UsageError(
            f"backend {asked!r} is not installed",
            where="--backend",
            expected=f"an installed backend: {', '.join(installed()) or 'there is none'}",
            remedy=install_command(asked),
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
