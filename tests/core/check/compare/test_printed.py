"""What is printed is what was computed: every recorded run, and lines that say something else."""

from __future__ import annotations

import pytest
from attrs import evolve

from core.check.compare.printed import printed_otherwise
from core.check.golden.store import Store
from core.spec import ops
from core.spec.catalog import Catalog
from core.trace import LogLine
from tests.conftest import REPOSITORY
from tests.example_scenarios import CLASSIFIER
from tests.example_traces import TRACE

CATALOG = Catalog.load(REPOSITORY, [])
ACCURACY = ops.Log("Validation acc: {val_acc:.4f}")
SECTION = evolve(
    CLASSIFIER,
    loop=evolve(CLASSIFIER.loop, log_every=100),
    on_log=(ops.Log("loss at {step}: {loss:.2f}"), ops.Log("Seen so far: {seen} samples")),
    on_epoch_end=(*CLASSIFIER.on_epoch_end[:-1], ACCURACY),
)
LINES = (
    "loss at 0: 100.00", "loss at 100: 0.99", "Validation acc: 0.8500",
    "loss at 0: 0.79", "loss at 100: 0.44", "Validation acc: 0.9100",
)  # fmt: skip


def _said(*lines: str) -> int:
    trace = evolve(TRACE, scenario=SECTION.id, log=tuple(LogLine(line) for line in lines))
    return len(list(printed_otherwise(SECTION, trace)))


def test_every_recorded_run_prints_what_it_computed() -> None:
    store = Store(REPOSITORY / "golden")
    by_id = {scenario.id: scenario for scenario in CATALOG.scenarios}
    for key in store.all_keys():
        golden = store.read(key)
        assert golden is not None
        assert [] == list(printed_otherwise(by_id[key.scenario], golden.trace)), key.file


def test_lines_that_say_the_numbers_pass() -> None:
    assert 0 == _said(*LINES, "Seen so far: 32 samples")


@pytest.mark.parametrize("index", range(len(LINES)))
def test_a_line_that_says_another_number_fails(index: int) -> None:
    lines = list(LINES)
    lines[index] = lines[index].replace("0.", "0.1")[:-1] + "7"
    assert 1 == _said(*lines)


def test_a_line_too_many_or_too_few_fails_and_none_at_all_is_for_the_golden_to_find() -> None:
    assert 1 == _said(*LINES, LINES[0])
    assert 1 == _said(*LINES[1:])
    assert 0 == _said("Start of epoch 0")


def test_a_metric_printed_under_another_s_name_fails() -> None:
    lines = [line.replace("0.8500", "0.8000").replace("0.9100", "0.9000") for line in LINES]
    assert 1 == _said(*lines)
