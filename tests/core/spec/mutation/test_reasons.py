"""Changes that no run can show, by an argument that is listed."""

from __future__ import annotations

import pytest

from core.spec.catalog import Catalog
from core.spec.mutation import mutants, reasons
from tests.conftest import REPOSITORY

CATALOG = Catalog.load(REPOSITORY)


@pytest.mark.parametrize(
    ("scenario", "name", "reason"),
    [
        ("keras_io_tf/metrics", "training-true@evaluate[0]", reasons.SAME_IN_TRAINING),
        ("dcgan_article/dcgan", "training-false@step[1.1]", ""),
        ("dcgan_article/dcgan", "training-true@on_log[2]", ""),
        ("dcgan_article/dcgan", "seed-plus-1@setup[4]", reasons.SEED),
        ("keras_io_tf/metrics", "batch-x2@val_dataset", reasons.COUNTED),
        ("keras_io_tf/metrics", "batch-x2@train_dataset", ""),
        ("keras_io_tf/first_loop", "batch-x2@val_dataset", reasons.UNUSED),
        ("keras_io_tf/first_loop", "dtype-int32@pool", reasons.SAME_PIXELS),
        ("keras_io_tf/first_loop", "dtype-float32@pool", ""),
        ("r_style/compiled", "dropped@step[2]", reasons.NO_STEP),
        ("r_style/compiled~intended", "dropped@step[2]", ""),
        ("r_style/gan", "line-mistyped@on_log[0]", reasons.NO_LOG),
        ("r_style/gan~intended", "line-mistyped@on_log[0]", ""),
        ("dcgan_article/dcgan~twice", "line-mistyped@on_log[0]", reasons.NO_LOG),
        ("dcgan_article/dcgan", "line-mistyped@on_log[0]", ""),
        ("dcgan_article/dcgan", "dropped@on_epoch_end[0]", reasons.CAPPED),
        ("dcgan_article/dcgan", "epochs-plus-1@loop", reasons.CAPPED),
        ("keras_io_tf/metrics", "epochs-plus-1@loop", ""),
        ("keras_io_tf/metrics", "dropped@on_epoch_end[2]", ""),
    ],
)
def test_reasons(scenario: str, name: str, reason: str) -> None:
    (section,) = CATALOG.select([scenario])
    found = {each.name: each.equivalent for each in mutants(section).valid}
    assert reason == found[name]


def test_independent_ops_change_places_and_a_reset_is_done_twice_without_effect() -> None:
    (section,) = CATALOG.select(["keras_io_tf/metrics"])
    found = {each.name: each.equivalent for each in mutants(section).valid}
    assert "neither op reads or changes what the other changes" == found["swapped@step[2]"]
    assert "a metric at zero stays at zero" == found["doubled@on_epoch_end[2]"]
    assert "" == found["doubled@step[2]"]
