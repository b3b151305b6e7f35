"""The matrix of writers and readers."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from attrs import frozen

from core.upgrade.why.asking import Fields, Inside

ROUNDING = 1e-5
"""Another order of sums moves predictions of such small models by less, relative to the largest."""

_FOLDERS = re.compile(r"(?:/[^\s'\":,/]+)+/")
_SUFFIX = re.compile(r"(\.weights)?\.[a-z0-9]+$")


@frozen
class Passage:
    """One file from its writer to a reader.

    Attributes:
        writer: the SPEC that wrote it.
        reader: the SPEC that read it.
        model: which model.
        form: `.keras`, `.h5` or `.weights.h5`.
        difference: the largest difference of predictions, relative to the largest of them; None
            where it was not read or predicts nothing comparable.
        error: why it was not read, or not written.
        keys: the configuration keys without which it can be read.
        after: what is still said without them, where that does not suffice.
    """

    writer: str
    reader: str
    model: str
    form: str
    difference: float | None = None
    error: str = ""
    keys: tuple[str, ...] = ()
    after: str = ""

    @property
    def works(self) -> bool:
        """Whether it was read as it is and predicts the same up to rounding."""
        return not self.error and self.difference is not None and self.difference <= ROUNDING

    @property
    def words(self) -> str:
        """What became of it, in a few words."""
        if not self.error:
            return "not comparable" if self.difference is None else f"{self.difference:.1e}"
        if self.keys:
            return f"fails because of {', '.join(self.keys)}"
        return f"fails: {self.error}"


@frozen
class Exchange:
    """Every passage between some environments.

    Attributes:
        specs: the environments, in order.
        passages: by writer, reader, model, format.
    """

    specs: tuple[str, ...]
    passages: tuple[Passage, ...]

    def between(self, writer: str, reader: str, form: str) -> tuple[Passage, ...]:
        """The passages of one format from one environment to another."""
        return tuple(
            p for p in self.passages if (p.writer, p.reader, p.form) == (writer, reader, form)
        )

    @property
    def forms(self) -> tuple[str, ...]:
        """The formats."""
        return tuple(dict.fromkeys(passage.form for passage in self.passages))


def exchange(places: Mapping[str, Inside], folder: Path, workers: int = 2) -> Exchange:
    """Lets every environment write, and every one read what every one wrote.

    Files and answers are kept: a second call with the same environments asks nobody.

    Args:
        places: environments by SPEC.
        folder: where the files are kept, a few megabytes for each environment.
        workers: processes at a time.

    Raises:
        ExecutionError: an environment that does not answer.
    """
    specs = tuple(places)
    folders = {spec: folder / places[spec].name for spec in specs}

    def write(spec: str) -> Fields:
        folders[spec].mkdir(parents=True, exist_ok=True)
        (answer,) = places[spec].ask_once({"do": "write", "folder": str(folders[spec])})
        return answer

    def read(spec: str) -> list[Fields]:
        asked = [{"do": "read", "folder": str(folders[writer])} for writer in specs]
        return places[spec].ask_once(*asked)

    with ThreadPoolExecutor(workers) as threads:
        written = dict(zip(specs, threads.map(write, specs), strict=True))
        answers = dict(zip(specs, threads.map(read, specs), strict=True))
    passages = [
        passage
        for reader in specs
        for writer, found in zip(specs, answers[reader], strict=True)
        for passage in passages_of(writer, reader, written[writer], found)
    ]
    return Exchange(specs, tuple(passages))


def passages_of(writer: str, reader: str, written: Fields, found: Fields) -> Iterator[Passage]:
    """What became of one writer's files in one reader."""
    for name, failed in written.items():
        model, form = _parts(name)
        if failed:
            yield Passage(writer, reader, model, form, error=f"not written: {_told(failed)}")
            continue
        answer = found.get(name)
        yield passage_of(writer, reader, name, answer if isinstance(answer, Mapping) else {})


def passage_of(writer: str, reader: str, name: str, answer: Fields) -> Passage:
    """A passage from what a reader says of a file."""
    model, form = _parts(name)
    difference, error = answer.get("difference"), _told(answer.get("error", ""))
    number = difference if isinstance(difference, int | float) else None
    if isinstance(difference, str) and not error:
        error = difference
    if number is not None and not math.isfinite(number):
        error, number = error or "predictions are not finite", None
    keys = answer.get("keys")
    return Passage(
        writer,
        reader,
        model,
        form,
        number,
        error,
        tuple(str(key) for key in keys) if isinstance(keys, Sequence) else (),
        _told(answer.get("after", "")),
    )


def _told(error: object) -> str:
    """A message without the folders of the machine that it was raised on."""
    return _FOLDERS.sub("…/", str(error))


def _parts(name: str) -> tuple[str, str]:
    form = _SUFFIX.search(name)
    return (name[: form.start()], form.group()) if form else (name, "")
