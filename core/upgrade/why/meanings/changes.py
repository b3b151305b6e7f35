"""Meanings in one environment against those in another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from attrs import frozen

from core.upgrade.why.meanings.readings import readings

Answer = Mapping[str, object]
"""Values by probe and setting, as `core.sandbox.guest.programs.meanings` gives them."""

TOLERANCE = {"float16": 5e-3, "Adam": 3e-4, "": 3e-6}
"""How far a number may lie from its reference, by what a setting's name holds.

Adam takes 1 - β₂ in single precision, which leaves four digits of it."""

_LONG = 160  # characters of a value that are shown

STREAMS = ("stream", "first draws", "share dropped")
"""Settings that show a random stream, in which no number is right or wrong."""


@frozen
class Meaning:
    """What a call means in an environment.

    Attributes:
        probe: the probe.
        setting: the mode, type or object it was looked at in.
        value: what was computed.
        reading: the meaning it agrees with; `""` where there is none to compare with.
        known: whether a reference could be computed.
    """

    probe: str
    setting: str
    value: object
    reading: str
    known: bool

    @property
    def words(self) -> str:
        """The reading, or the value itself."""
        if self.reading:
            return self.reading
        return (
            f"{_short(self.value)}, which agrees with no reference"
            if self.known
            else (_short(self.value))
        )


@frozen
class Changed:
    """A call that means something else.

    Attributes:
        probe: the probe.
        setting: where.
        before: what it means in the baseline.
        after: what it means in the candidate.
        evidence: the numbers, and the reference's.
        stream: whether only other random numbers are drawn.
    """

    probe: str
    setting: str
    before: str
    after: str
    evidence: str
    stream: bool = False

    @property
    def words(self) -> str:
        """The change in one sentence."""
        return f"{self.probe}, {self.setting}: {self.before} becomes {self.after}"


def meanings(answer: Answer) -> dict[tuple[str, str], Meaning]:
    """What an environment's numbers mean, by probe and setting."""
    found: dict[tuple[str, str], Meaning] = {}
    for probe, settings in answer.items():
        if isinstance(settings, Mapping):
            for setting, value in settings.items():
                found[probe, setting] = _meaning(probe, str(setting), value)
    return found


def _meaning(probe: str, setting: str, value: object) -> Meaning:
    offered = readings(probe, setting)
    numbers = _numbers(value)
    if not offered or numbers is None:
        return Meaning(probe, setting, value, "", known=bool(offered))
    near = next(t for word, t in TOLERANCE.items() if word in setting)
    for name, expected in offered.items():
        if numbers.shape == expected.shape:
            scale = max(1e-12, float(np.abs(expected).max()))
            if float(np.abs(numbers - expected).max()) <= near * scale:
                return Meaning(probe, setting, value, name, known=True)
    return Meaning(probe, setting, value, "", known=True)


def _numbers(value: object) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]] | None:
    if isinstance(value, bool) or not isinstance(value, int | float | list):
        return None
    try:
        return np.atleast_1d(np.asarray(value, dtype=np.float64))
    except (TypeError, ValueError):
        return None


def unexplained(found: Mapping[tuple[str, str], Meaning]) -> list[Meaning]:
    """Meanings of an environment that agree with no reference."""
    return [meaning for meaning in found.values() if meaning.known and not meaning.reading]


def changes(baseline: Answer, candidate: Answer) -> list[Changed]:
    """What means something else in the candidate, or draws other numbers, or is not there."""
    before, after = meanings(baseline), meanings(candidate)
    found: list[Changed] = []
    for key in dict.fromkeys((*before, *after)):
        one, other = before.get(key), after.get(key)
        if one is None or other is None:
            if key[0] == "defaults" or key[1] == "error":
                found.append(_one_sided(*key, one, other))
            continue
        if not _alike(one, other):
            stream = any(word in key[1] for word in STREAMS)
            found.append(
                Changed(*key, one.words, other.words, _evidence(one, other), stream=stream)
            )
    return found


def _one_sided(probe: str, setting: str, one: Meaning | None, other: Meaning | None) -> Changed:
    before = one.words if one else "nothing"
    after = other.words if other else "nothing"
    return Changed(probe, setting, before, after, "only in one of them")


def _alike(one: Meaning, other: Meaning) -> bool:
    if one.reading or other.reading:
        return one.reading == other.reading
    a, b = _numbers(one.value), _numbers(other.value)
    if a is None or b is None:
        return one.value == other.value
    return a.shape == b.shape and bool(np.allclose(a, b, rtol=1e-5, atol=1e-12))


def _evidence(one: Meaning, other: Meaning) -> str:
    return f"{_short(one.value)} and {_short(other.value)}"


def _short(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        some = ", ".join(_short(item) for item in value[:4])
        return f"[{some}{', …' if len(value) > 4 else ''}]"
    text = str(value)
    return text if len(text) <= _LONG else f"{text[:_LONG]}…"
