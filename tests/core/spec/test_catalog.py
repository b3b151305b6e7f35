"""Finding scenarios in folders, and selecting them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.errors import SpecError, UsageError
from core.spec import Guide
from core.spec.catalog import Catalog
from core.spec.defect import Defect
from tests.conftest import REPOSITORY

GUIDE = """
from core.spec import Guide, Loop, Scenario
from core.spec.defect import Defect
from core.spec.layers import Dense, Input
from core.spec.ops import *
from core.spec.parts import ModelSpec, SparseCategoricalCrossentropy

GUIDE = Guide(id="{id}", title="A guide of one's own", year=2026)
SCENARIOS = tuple(
    Scenario(
        guide=GUIDE, section=section, title="A section", execution="eager",
        setup=(
            BuildModel("model", ModelSpec(Input((784,)), (Dense(10),))),
            MakeLoss("loss_fn", SparseCategoricalCrossentropy()),
            LoadImages("pool", parts=("train",), layout="flat"),
            OpenDataset("data", source="pool", batch=32),
        ),
        loop=Loop(dataset="data", batch=("x", "y"), epochs=1, log_every=10),
        step=(
            Call("logits", model="model", x="x"),
            Loss("loss", loss="loss_fn", target="y", prediction="logits"),
            Return(losses=("loss",)),
        ),
    )
    for section in ("first", "second", "second~intended")
)
"""
DEFECTS = 'DEFECTS = (Defect("own/first/slip", what="w", evidence="e", instead="i"),)\n'


@pytest.fixture(autouse=True)
def imports(tmp_path: Path) -> Iterator[None]:
    """What a test imports from its folders and puts on the path is forgotten after it."""
    path = list(sys.path)
    yield
    sys.path[:] = path
    for name, module in list(sys.modules.items()):
        if Path(getattr(module, "__file__", None) or "/").is_relative_to(tmp_path):
            del sys.modules[name]


def _guide(folder: Path, package: str, guide: str = "own", text: str = GUIDE) -> Path:
    """A folder with one guide package."""
    (folder / package).mkdir(parents=True)
    source = text.replace("{id}", guide)
    (folder / package / "__init__.py").write_text(source, encoding="utf-8")
    return folder


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    """The repository's guides and one of the user's own."""
    folder = _guide(tmp_path / "mine", "own_guide", text=GUIDE + DEFECTS)
    return Catalog.load(REPOSITORY, [folder])


def _ids(catalog: Catalog, *asked: str) -> list[str]:
    return [scenario.id for scenario in catalog.select(asked)]


def test_the_repositorys_guides_keep_their_goldens_beside_the_scenarios() -> None:
    catalog = Catalog.load(REPOSITORY)
    first = catalog.select(["keras_io_tf/first_loop"])[0]
    assert REPOSITORY / "golden" == catalog.entry(first).golden
    assert catalog.defects


def test_every_scenario_of_this_repository_has_an_id_of_its_own() -> None:
    ids = [scenario.id for scenario in Catalog.load(REPOSITORY).scenarios]
    assert len(ids) == len(set(ids))
    assert "keras_io_tf/gan" in ids


def test_an_added_folder_keeps_its_goldens_inside(catalog: Catalog, tmp_path: Path) -> None:
    (scenario,) = catalog.select(["own/first"])
    entry = catalog.entry(scenario)
    assert Guide("own", "A guide of one's own", 2026) == entry.guide
    assert tmp_path / "mine" / "golden" == entry.golden
    assert ["own/first/slip"] == [defect.id for defect in entry.defects]
    assert isinstance(catalog.defects[-1], Defect)


def test_a_guide_without_a_ledger_has_no_defects(tmp_path: Path) -> None:
    catalog = Catalog.load(REPOSITORY, [_guide(tmp_path, "no_ledger")])
    assert () == catalog.guides[-1].defects


def test_an_added_folder_may_be_a_package_itself(tmp_path: Path) -> None:
    folder = _guide(tmp_path / "own_scenarios", "inner")
    (folder / "__init__.py").write_text('"""Guides."""\n')
    catalog = Catalog.load(REPOSITORY, [folder])
    assert ["own/first"] == _ids(catalog, "own/first")


def test_no_request_selects_everything_in_the_guides_order(catalog: Catalog) -> None:
    ids = _ids(catalog)
    assert [scenario.id for scenario in catalog.scenarios] == ids
    assert ["own/first", "own/second", "own/second~intended"] == ids[-3:]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (["own/second"], ["own/second"]),
        (["own"], ["own/first", "own/second", "own/second~intended"]),
        (["own/second*"], ["own/second", "own/second~intended"]),
        (["ow?/f*"], ["own/first"]),
        (["own/second", "own/first"], ["own/first", "own/second"]),
        (["own/first", "own", "own/f*"], ["own/first", "own/second", "own/second~intended"]),
        (["own/second~intended"], ["own/second~intended"]),
    ],
)
def test_scenarios_are_selected_by_id_guide_and_glob_in_order_and_once(
    catalog: Catalog, asked: list[str], expected: list[str]
) -> None:
    assert expected == _ids(catalog, *asked)


def test_a_glob_reaches_over_guides(catalog: Catalog) -> None:
    found = _ids(catalog, "*/first*")
    assert "own/first" in found
    assert "keras_io_tf/first_loop" in found


@pytest.mark.parametrize(
    ("request_", "suggestion"),
    [
        ("own/frist", "own/first"),
        ("onw/second", "own/second"),
        ("keras_io_ft", "keras_io_tf"),
        ("elsewhere_entirely/second~intended", "own/second~intended"),
    ],
)
def test_an_unknown_id_is_refused_with_the_closest_known_one(
    catalog: Catalog, request_: str, suggestion: str
) -> None:
    with pytest.raises(UsageError) as caught:
        catalog.select([request_])
    assert f"unknown scenario {request_!r}" == caught.value.what
    assert suggestion in caught.value.remedy


@pytest.mark.parametrize("request_", ["zzz*", "", "9", "OWN/FIRST"])
def test_a_request_that_selects_nothing_is_refused(catalog: Catalog, request_: str) -> None:
    with pytest.raises(UsageError) as caught:
        catalog.select(["own/first", request_])
    assert caught.value.remedy


def _refused(folder: Path) -> UsageError:
    with pytest.raises(UsageError) as caught:
        Catalog.load(REPOSITORY, [folder])
    assert str(folder) in caught.value.where
    return caught.value


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    assert "no such folder" == _refused(tmp_path / "missing").what


def test_a_file_in_the_place_of_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert "no such folder" == _refused(tmp_path / "file").what


def test_a_folder_without_guides_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    (tmp_path / "module.py").write_text("GUIDE = None\n")
    assert "no guide in it" == _refused(tmp_path).what


@pytest.mark.parametrize(
    "text",
    ["", "GUIDE = 'own'\nSCENARIOS = ()\n", GUIDE + "SCENARIOS = list(SCENARIOS)\n"],
    ids=["empty", "no guide", "a list"],
)
def test_a_package_that_offers_no_guide_is_refused(tmp_path: Path, text: str) -> None:
    error = _refused(_guide(tmp_path, "half_a_guide", text=text))
    assert "package 'half_a_guide' offers no guide" == error.what
    assert "SCENARIOS" in error.expected


def test_a_guide_id_used_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        Catalog.load(REPOSITORY, [_guide(tmp_path, "twin", guide="keras_io_tf")])
    assert "guide 'keras_io_tf' exists twice" == caught.value.what
    assert "rename" in caught.value.remedy


def test_a_wrong_spec_in_an_added_guide_is_told_with_its_line(tmp_path: Path) -> None:
    broken = GUIDE.replace("Dense(10)", "Dense(0)")
    error = _refused(_guide(tmp_path, "broken_guide", text=broken))
    assert "Dense.units: units = 0" == error.what
    assert error.where.endswith("broken_guide/__init__.py:13")
    assert isinstance(error.__cause__, SpecError)


@pytest.mark.parametrize("package", ["json", "core", "attrs"])
def test_a_package_name_that_stands_for_something_else_is_refused(
    tmp_path: Path, package: str
) -> None:
    error = _refused(_guide(tmp_path, package))
    assert f"the name {package!r} stands for another package in this process" == error.what


def test_two_folders_with_packages_of_one_name_are_refused(tmp_path: Path) -> None:
    one = _guide(tmp_path / "one", "same_name", guide="one")
    two = _guide(tmp_path / "two", "same_name", guide="two")
    with pytest.raises(UsageError, match="stands for another package") as caught:
        Catalog.load(REPOSITORY, [one, two])
    assert str(two) in caught.value.where


def test_a_second_package_called_scenarios_is_refused(tmp_path: Path) -> None:
    folder = _guide(tmp_path / "scenarios", "inner_guide")
    (folder / "__init__.py").write_text("")
    assert "stands for another package" in _refused(folder).what


def test_a_module_that_a_guide_lacks_is_named(tmp_path: Path) -> None:
    error = _refused(_guide(tmp_path, "needs_more", text="import no_such_module_anywhere\n"))
    assert "ModuleNotFoundError: No module named 'no_such_module_anywhere'" == error.what
    assert error.where.endswith("needs_more/__init__.py:1")


@pytest.mark.parametrize(
    ("more", "what"),
    [
        ("SCENARIOS += SCENARIOS[:1]\n", "scenario 'own/first' exists twice"),
        ("SCENARIOS += (1,)\n", "package 'own_guide' offers no guide"),
        ("DEFECTS = [1]\n", "DEFECTS of package 'own_guide' is no ledger"),
    ],
)
def test_what_a_package_offers_is_checked(tmp_path: Path, more: str, what: str) -> None:
    error = _refused(_guide(tmp_path, "own_guide", text=GUIDE + more))
    assert what == error.what
