"""Stations: where in a section's training a run starts, and how far it goes.

Two honest runs part in the first steps on raw pixels and hardly anywhere else: from a state that
has been trained, losses can be compared as numbers for tens of steps, anywhere in training.
"""

from __future__ import annotations

from attrs import field, frozen

from core.spec import rules


@frozen
class Station:
    """A part of a section's training.

    Attributes:
        name: `start`, `late`, ….
        epoch: of the first step, from 0.
        step: the first step within the epoch, from 0.
        steps: how many to take, across the ends of epochs.
    """

    name: str = field(validator=rules.text)
    epoch: int = field(validator=rules.natural)
    step: int = field(validator=rules.natural)
    steps: int = field(validator=rules.count)
