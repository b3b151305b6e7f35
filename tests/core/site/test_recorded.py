"""What a section's goldens and claims say."""

from __future__ import annotations

import shutil
from pathlib import Path

import attrs
import pytest

from core.errors import GoldenError
from core.site.recorded import Records
from core.spec.catalog import Catalog
from core.trace.claims import ClaimKind
from tests.conftest import REPOSITORY

CATALOG = Catalog.load(REPOSITORY)
BACKENDS = ["tensorflow", "jax", "torch"]


def test_goldens_of_every_backend_and_the_published_figures_are_there() -> None:
    (section,) = CATALOG.select(["keras_io_tf/metrics"])
    found = Records().of(CATALOG.entry(section), section)
    assert (BACKENDS, BACKENDS) == (list(found.controlled), list(found.native))
    assert (("loss",), ("train_acc", "val_acc")) == (found.losses, found.metrics)
    assert 2 == len(found.claims(ClaimKind.ACCURACY, "val_acc"))
    assert 55_050 == found.models[0].total_params


def test_a_section_without_goldens_has_nothing_to_show(tmp_path: Path) -> None:
    (section,) = CATALOG.select(["keras_io_tf/metrics"])
    entry = attrs.evolve(CATALOG.entry(section), golden=tmp_path)
    found = Records().of(entry, section)
    assert ((), (), (), ()) == (found.losses, found.metrics, found.models, found.published)


def test_a_damaged_golden_is_an_error_with_its_place(tmp_path: Path) -> None:
    (section,) = CATALOG.select(["keras_io_tf/gan"])
    entry = attrs.evolve(CATALOG.entry(section), golden=tmp_path)
    folder = tmp_path / "keras_io_tf" / "gan"
    shutil.copytree(REPOSITORY / "golden" / "keras_io_tf" / "gan", folder)
    (folder / "jax.controlled.graph.float32.json").write_text("{")
    with pytest.raises(GoldenError) as caught:
        Records().of(entry, section)
    assert "jax.controlled.graph.float32.json" in caught.value.where
