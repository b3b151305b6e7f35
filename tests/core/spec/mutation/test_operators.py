"""Over every section: mutants are valid, differ, have names of their own; each operator does it."""

from __future__ import annotations

import pytest

from core.errors import UsageError
from core.spec import Scenario, flat, ops
from core.spec.catalog import Catalog
from core.spec.experiment import experiment
from core.spec.mutation import OPERATORS, Mutants, mutant, mutants
from core.spec.parts import SGD, Adam
from tests.conftest import REPOSITORY

CATALOG = Catalog.load(REPOSITORY)
# A translation's section is its original's experiment.
SCENARIOS = tuple({experiment(s): s for s in reversed(CATALOG.scenarios)}.values())[::-1]
MADE: dict[str, Mutants] = {}


def made(scenario: Scenario) -> Mutants:
    """The mutants of a section, made once for all tests."""
    if scenario.id not in MADE:
        MADE[scenario.id] = mutants(scenario)
    return MADE[scenario.id]


def one(scenario_id: str, name: str) -> Scenario:
    """A mutated section."""
    (scenario,) = CATALOG.select([scenario_id])
    return next(each.scenario for each in made(scenario).valid if each.name == name)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda s: s.id)
def test_mutants_are_valid_sections_of_their_own(scenario: Scenario) -> None:
    found = made(scenario)
    names = [each.name for each in found.valid]
    assert len(names) == len(set(names))
    assert {scenario.id} == {each.scenario.id for each in found.valid}
    assert {scenario.stream} == {each.scenario.stream for each in found.valid}
    assert scenario not in {each.scenario for each in found.valid}
    assert len(names) == len({each.scenario for each in found.valid})
    assert all(each.words for each in found.valid)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda s: s.id)
def test_no_operator_gives_two_mutants_one_name(scenario: Scenario) -> None:
    for operator in OPERATORS:
        names = [draft.name for draft in operator(scenario)]
        assert len(names) == len(set(names))


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda s: s.id)
def test_what_a_section_continues_stays_sound(scenario: Scenario) -> None:
    for each in made(scenario).valid:
        assert scenario.after == each.scenario.after
        assert set(each.scenario.continues) <= {*scenario.after}


def test_every_operator_finds_a_site_somewhere() -> None:
    idle = [op.__name__ for op in OPERATORS if not any(list(op(s)) for s in SCENARIOS)]
    assert [] == idle


def test_there_are_many_mutants_that_no_argument_calls_equivalent() -> None:
    found = [each for scenario in SCENARIOS for each in made(scenario).valid]
    assert 1000 < sum(not each.equivalent for each in found)
    assert {each.operator.partition("-x")[0] for each in found} >= {
        "dropped",
        "doubled",
        "later",
        "earlier",
        "learning-rate",
        "epsilon",
        "reduction-mean",
        "training-true",
        "shuffle-none",
        "optimizer-sgd",
    }


def test_a_mutant_is_found_by_its_name() -> None:
    (scenario,) = CATALOG.select(["multi_backend/compiled"])
    changed = mutant(scenario, "learning-rate-x0.9@optimizer").scenario
    optimizer = changed.maker("optimizer", ops.MakeOptimizer).optimizer
    assert SGD(learning_rate=0.9 * 1e-3) == optimizer
    assert changed is not scenario
    with pytest.raises(UsageError, match=r"learning-rate-x0\.9@optimizer"):
        mutant(scenario, "learning-rate-x0.8@optimizer")


def test_a_metric_that_is_never_reset() -> None:
    changed = one("keras_io_tf/compiled", "dropped@on_epoch_end[2]")
    assert ops.ResetMetric("train_acc_metric") not in changed.on_epoch_end
    assert ops.ResetMetric("val_acc_metric") in changed.on_epoch_end


def test_what_needs_a_dropped_op_goes_with_it() -> None:
    changed = one("keras_io_tf/compiled", "dropped@on_epoch_end[0]")
    reads = [op.out for op in changed.on_epoch_end if isinstance(op, ops.ReadMetric)]
    lines = [op.template for op in changed.on_epoch_end if isinstance(op, ops.Log)]
    assert ["val_acc"] == reads
    assert not any("train_acc" in line for line in lines)


def test_a_metric_read_after_its_reset() -> None:
    changed = one("keras_io_tf/compiled", "earlier@on_epoch_end[2]")
    kinds = [type(op) for op in changed.on_epoch_end]
    assert kinds.index(ops.ResetMetric) < kinds.index(ops.ReadMetric)


def test_an_update_after_the_other_model_was_called() -> None:
    changed = one("keras_io_tf/gan", "later@step[10]")
    order = [op for op in changed.step if isinstance(op, ops.Apply | ops.GradScope)]
    assert [ops.GradScope, ops.GradScope, ops.Apply, ops.Apply] == [type(op) for op in order]


def test_tracked_losses_missing_and_doubled() -> None:
    missing = one("keras_io_tf/tracked_losses", "only-data-loss@step[0.2]")
    doubled = one("keras_io_tf/tracked_losses", "added-twice@step[0.2]")
    counts = [
        sum(isinstance(op, ops.AddTracked) for op in flat(changed.step))
        for changed in (missing, doubled)
    ]
    assert [0, 2] == counts


def test_a_loss_that_is_reported_is_not_the_one_that_is_trained_on() -> None:
    changed = one("keras_io_tf/tracked_losses", "reported-data-loss@loss")
    gradients = next(op for op in changed.step if isinstance(op, ops.Gradients))
    tracked = next(op for op in flat(changed.step) if isinstance(op, ops.AddTracked))
    assert (("loss",), tracked.out) == (changed.returned.losses, gradients.loss)
    assert "loss" != gradients.loss


def test_draws_used_again() -> None:
    changed = one("keras_io_tf/gan", "misleading-latent-is-latent@step[13.0]")
    assert "latent" in {op.x for op in flat(changed.step[13:14]) if isinstance(op, ops.Call)}


def test_a_continued_data_set_is_opened_again_on_the_same_arrays() -> None:
    changed = one("r_style/metrics", "batch-minus-1@train_dataset")
    opened = changed.maker("train_dataset", ops.OpenDataset)
    assert (63, "train") == (opened.batch, opened.source)
    assert "r_style/first_loop" == changed.origin("train").section.id


def test_a_continued_optimizer_is_replaced_and_nothing_else() -> None:
    changed = one("keras_io_tf/compiled", "optimizer-sgd@optimizer")
    (scenario,) = CATALOG.select(["keras_io_tf/compiled"])
    assert changed.setup_names == scenario.setup_names
    assert SGD(1e-3) == changed.maker("optimizer", ops.MakeOptimizer).optimizer
    assert Adam(1e-3) == scenario.maker("optimizer", ops.MakeOptimizer).optimizer


def test_what_a_rule_of_specs_refuses_is_named() -> None:
    (scenario,) = CATALOG.select(["keras_io_tf/compiled"])
    assert "dropped@step[0.1]" in made(scenario).refused
