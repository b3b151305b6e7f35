"""The sheets as they are stored: one PNG for each recorded step, and how they were made."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from attrs import frozen

from core.site.texts import Text
from core.site.words.labels import label
from core.spec import Scenario

FOLDER = Path(__file__).parent / "recorded"
INDEX = FOLDER / "sheets.json"
NAMES = {"tensorflow": "TensorFlow", "jax": "JAX", "torch": "torch"}
NOTE = label("count-images-that-the-generator")


@frozen
class Strip:
    """One section's sheets, in order.

    Attributes:
        scenario: the section that was run.
        backend: where.
        seed: the seed.
        sheets: steps taken (from 1) and the file below the folder.
        command: what recorded them.
        losses: the losses at these steps, by name.
    """

    scenario: str
    backend: str
    seed: int
    sheets: tuple[tuple[int, str], ...]
    command: str
    losses: Mapping[str, tuple[float, ...]]
    count: int

    @property
    def note(self) -> Text:
        """What the sheets show."""
        return NOTE.format(count=self.count, backend=NAMES.get(self.backend, self.backend))


@cache
def stored() -> tuple[Strip, ...]:
    """Everything that was recorded."""
    if not INDEX.exists():
        return ()
    document = json.loads(INDEX.read_text(encoding="utf-8"))
    return tuple(
        Strip(
            scenario=one["scenario"],
            backend=one["backend"],
            seed=one["seed"],
            sheets=tuple((step, file) for step, file in one["sheets"]),
            command=document["command"],
            count=one["count"],
            losses={name: tuple(values) for name, values in one["losses"].items()},
        )
        for one in document["strips"]
    )


def strips(scenario: Scenario) -> tuple[Strip, ...]:
    """The sheets of a section; a translation and a variant that trains alike share them."""
    names = {scenario.id, scenario.stream}
    return tuple(strip for strip in stored() if strip.scenario in names)
