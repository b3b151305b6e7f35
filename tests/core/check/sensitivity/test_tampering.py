"""Every way in which a trace is tampered with is seen, from either side."""

from __future__ import annotations

import attrs
import pytest

from core.check.horizon.envelope import Envelope
from core.check.judging.stations import judge_station
from core.check.sensitivity.tampering import Tampered, one_of_each, tampered
from core.trace.station import StationTrace, Variable

SOUND = StationTrace(
    scenario="guide/section",
    backend="jax",
    station="late",
    seed=12,
    data_sha256="d1",
    losses={"loss": (3.0, 2.0, 1.5, 1.25), "penalty": (0.5, 0.4, 0.3, 0.2)},
    metrics={"val_acc": (0.75,)},
    counters={"val_acc hits": (75,), "val_acc samples": (100,), "steps": (4,)},
    variables={"model/0/kernel": Variable(5.0, 0.5), "model/0/bias": Variable(0.0, 0.0)},
    margins={"val_acc hits": ((1e-9, 0.2),)},
)
ENVELOPE = Envelope(losses={"loss": (1e-6,) * 4, "penalty": (1e-6,) * 4})
ALL = list(tampered(SOUND, ENVELOPE))


def _id(one: Tampered) -> str:
    return f"{one.operator}@{one.site}"


def test_the_sound_trace_is_honest() -> None:
    assert () == judge_station(SOUND, SOUND, ENVELOPE)


@pytest.mark.parametrize("one", ALL, ids=_id)
def test_a_run_that_was_tampered_with_is_wrong(one: Tampered) -> None:
    assert one.trace != SOUND
    assert judge_station(one.trace, SOUND, ENVELOPE)


@pytest.mark.parametrize("one", ALL, ids=_id)
def test_a_reference_that_was_tampered_with_is_wrong(one: Tampered) -> None:
    assert judge_station(SOUND, one.trace, ENVELOPE)


def test_names_are_distinct() -> None:
    assert len(ALL) == len({_id(one) for one in ALL})


def test_one_site_is_drawn_for_each_operator_and_always_the_same() -> None:
    drawn = one_of_each(ALL)
    assert {one.operator for one in ALL} == {one.operator for one in drawn}
    assert len(drawn) == len({one.operator for one in drawn})
    assert drawn == one_of_each(ALL[::-1])


def test_beyond_the_horizon_numbers_and_the_end_are_left_alone() -> None:
    short = attrs.evolve(ENVELOPE, losses={"loss": (1e-6,) * 2, "penalty": (1e-6,) * 2})
    found = {one.operator for one in tampered(SOUND, short)}
    assert not any(operator.startswith("variable") for operator in found)
    assert {"loss-edited-first", "loss-edited-last"} < found
