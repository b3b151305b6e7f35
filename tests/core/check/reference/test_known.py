"""Which recorded reference a section has, and whose it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.check.reference.known import originals, recorded
from core.check.reference.reference import FILE, folder_of, write
from core.errors import GoldenError
from core.spec import Guide
from core.spec.catalog import Catalog, GuideEntry
from core.spec.translation import translated
from tests.example_scenarios import CLASSIFIER, CONTINUED, GUIDE
from tests.example_stations import REFERENCE_TRACE, located, reference_of

OTHER = Guide("other", "Another guide", 2020)
TOLD = translated(CLASSIFIER, OTHER, "First")
SHA = REFERENCE_TRACE.data_sha256


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    """The toy guide and a translation of it; the first section's reference is recorded."""
    write(tmp_path, CLASSIFIER.id, reference_of(CLASSIFIER))
    return Catalog(
        (
            GuideEntry(GUIDE, (CLASSIFIER, CONTINUED), (), tmp_path),
            GuideEntry(OTHER, (TOLD,), (), tmp_path),
        )
    )


def test_a_translation_s_original_is_the_first_of_its_experiment(catalog: Catalog) -> None:
    assert CLASSIFIER is originals(catalog, [TOLD])[TOLD.id]
    assert CLASSIFIER is originals(catalog, [CLASSIFIER])[CLASSIFIER.id]
    assert {TOLD.id: CLASSIFIER, CONTINUED.id: CONTINUED} == originals(catalog, [TOLD, CONTINUED])


def test_recorded_references_are_found_under_every_name(catalog: Catalog, tmp_path: Path) -> None:
    found = recorded(catalog, [CLASSIFIER, CONTINUED, TOLD], 1, SHA)
    assert {CLASSIFIER.id, TOLD.id} == found.keys()
    folder = folder_of(tmp_path, CLASSIFIER.id)
    assert located(CLASSIFIER, folder) == found[CLASSIFIER.id] == found[TOLD.id]


@pytest.mark.parametrize(("seed", "sha"), [(2, SHA), (1, "d2")])
def test_those_of_another_seed_or_data_set_are_not(catalog: Catalog, seed: int, sha: str) -> None:
    assert {} == recorded(catalog, catalog.scenarios, seed, sha)


def test_a_damaged_one_is_an_error(catalog: Catalog, tmp_path: Path) -> None:
    (folder_of(tmp_path, CLASSIFIER.id) / FILE).write_text("{")
    with pytest.raises(GoldenError, match="cannot be read"):
        recorded(catalog, [CLASSIFIER], 1, SHA)
