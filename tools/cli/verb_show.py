"""`parity show`: one section as a program, in the guide's own dialect or another."""

from __future__ import annotations

import os
from pathlib import Path

import click

from core.dialects import DIALECTS, Dialect, Printing, Program, printed
from core.diff.subject import Subject, subject
from core.errors import UsageError
from core.trace.encoding import Json
from tools.cli import options
from tools.cli.completion import complete_ids_or_files
from tools.cli.document import emit
from tools.cli.verbs import OneOf, verb

FORMATS = ("py", "ipynb", "R")
LANGUAGES = {"py": "python", "R": "r"}


def _dialect(asked: Subject, form: str | None) -> Dialect:
    """The dialect to print: the one named, else the guide's own that the format can hold."""
    language = LANGUAGES.get(form or "")
    if language is None or asked.dialect.language == language:
        return asked.dialect
    if not asked.named:
        return DIALECTS["r" if language == "r" else "tensorflow"]
    fitting = [name for name, dialect in DIALECTS.items() if dialect.language == language]
    raise UsageError(
        f"--format {form} for {asked.text}",
        where="show",
        expected=f"a dialect that is written so: {', '.join(fitting)}",
        remedy="leave --format out, or name another dialect",
    )


def _source(program: Program, form: str | None) -> str:
    if form != "ipynb":
        return program.source
    from core.dialects.notebook import notebook

    return notebook(program)


def images(asked: str) -> str | None:
    """The file that a program loads its images from; None is Keras's own MNIST.

    Raises:
        DataError: data that cannot be used.
        UsageError: the embedded digits have nowhere to lie.
    """
    return None if asked == "mnist" else str(npz(asked))


def npz(asked: str) -> Path:
    """A file with the images of a data set.

    Raises:
        DataError: data that cannot be used.
        UsageError: the embedded digits have nowhere to lie.
    """
    source = options.data(asked)
    if source == "mnist":
        home = Path(os.environ.get("KERAS_HOME", "~/.keras")).expanduser()
        path, what = home / "datasets" / "mnist.npz", "Keras has not downloaded MNIST yet"
    elif source == "digits":
        from core.run.data import digits
        from core.storage import cache_folder

        path = cache_folder() / f"{digits.NAME}-{digits.SHA256[:16]}.npz"
        what = "the embedded digits cannot be kept in the cache"
    else:
        return Path(source)
    if not path.exists():
        raise UsageError(
            what,
            where=str(path),
            expected="a file in Keras's MNIST layout",
            remedy="set PARITY_CACHE to a folder of yours, or pass a path with --data",
        )
    return path


def fields(program: Program, source: str) -> dict[str, Json]:
    """The program as fields of a document."""
    return {
        "scenario": program.scenario,
        "dialect": program.dialect,
        "language": program.language,
        "title": program.title,
        "source": source,
        "statements": [
            {
                "code": statement.code,
                "depth": statement.depth,
                "ops": list(statement.ops),
                "comment": statement.comment,
                "heading": statement.heading,
                "lines": list(lines),
            }
            for statement, lines in zip(program.statements, program.spans, strict=True)
        ],
    }


@verb("show")
@click.argument("name", metavar="ID[@dialect]", shell_complete=complete_ids_or_files)
@click.option(
    "--format",
    "form",
    type=OneOf(FORMATS),
    help="What to print; default: a program in the dialect's language.",
)
@click.option(
    "--data",
    default="mnist",
    show_default=True,
    metavar="D",
    help="What the program trains on: mnist, digits (embedded), or the path of an npz.",
)
@options.seed_option
@options.folders_option
@options.json_option
def command(
    name: str,
    form: str | None,
    data: str,
    seed: int,
    folders: tuple[Path, ...],
    as_json: bool,
) -> None:
    """Print one section as a complete program.

    Dialects: tensorflow, jax, torch, legacy (Keras 2), r (R keras3), fit (compile and fit). Without
    one, a guide written in R is printed in R, any other for Keras 3 on TensorFlow.
    """
    asked = subject(options.catalog(folders), name)
    choices = Printing(seed=seed, data=images(data))
    program = printed(asked.scenario, _dialect(asked, form), choices)
    source = _source(program, form)
    if as_json:
        emit("show", fields(program, source))
    else:
        click.echo(source, nl=False)
