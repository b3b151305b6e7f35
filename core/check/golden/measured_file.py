"""Files that a measurement leaves beside the goldens: one JSON document, read strictly."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Protocol, TypeVar

from cattrs import Converter

from core.errors import GoldenError
from core.spec import Scenario
from core.trace.decoding import structured


class Formatted(Protocol):
    """A document that says which format it has."""

    @property
    def format(self) -> int:
        """The format's number."""
        ...


T = TypeVar("T", bound=Formatted)


def read_measured(
    path: Path, converter: Converter, kind: type[T], *, version: int, expected: str, remedy: str
) -> T | None:
    """What a file holds, None where there is no file.

    Args:
        path: the file.
        converter: how its values are read.
        kind: the class of the document.
        version: the format that is read.
        expected: what the file should hold, for the error.
        remedy: what makes such a file, for the error.

    Raises:
        GoldenError: a file that cannot be read.
    """
    try:
        found = structured(converter, json.loads(path.read_text(encoding="utf-8")), kind)
        if found.format != version:
            raise ValueError(f"format {found.format}, not {version}")
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise GoldenError(
            f"cannot be read ({error})", where=str(path), expected=expected, remedy=remedy
        ) from error
    return found


class OfExperiment(Formatted, Protocol):
    """A document that says whose experiment it holds."""

    @property
    def experiment(self) -> str:
        """A digest of the experiment (`core.spec.experiment`)."""
        ...


E = TypeVar("E", bound=OfExperiment)


def read_of_experiment(
    scenario: Scenario, digest: str, read: Callable[[str], E | None]
) -> tuple[E, str] | None:
    """What is kept of a section's experiment and under which section, None where nothing is.

    A section that is another's experiment under another name (a translation's) has that one's.

    Args:
        scenario: the section.
        digest: that of its experiment.
        read: what is kept under a section's id.

    Raises:
        GoldenError: a file that cannot be read.
    """
    for name in dict.fromkeys((scenario.id, scenario.stream)):
        found = read(name)
        if found is not None and found.experiment == digest:
            return found, name
    return None
