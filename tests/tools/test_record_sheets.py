"""Recording sample sheets: what is recorded, and how a sheet is saved."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from PIL import Image as Picture

from core.site.sheets.stored import stored
from core.spec import Scenario, ops
from core.spec.catalog import Catalog
from core.trace import Image
from tests.conftest import REPOSITORY
from tools.record_sheets import WANTED, Wanted, save, with_sheets


def scenario(name: str) -> Scenario:
    (found,) = Catalog.load(REPOSITORY).select([name])
    return found


@pytest.mark.parametrize("one", WANTED, ids=lambda one: one.scenario)
def test_a_section_is_recorded_with_a_sheet_after_every_step(one: Wanted) -> None:
    name = one.scenario
    section = with_sheets(scenario(name))
    assert 1 == section.loop.log_every
    assert [ops.Sheet] == [type(op) for op in section.on_log if isinstance(op, ops.Sheet)]
    assert scenario(name).step == section.step
    assert scenario(name).stream == section.stream


def test_what_is_wanted_is_what_is_stored() -> None:
    assert {one.scenario for one in WANTED} == {strip.scenario for strip in stored()}


def test_a_sheet_is_saved_with_sixteen_levels(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tools.record_sheets.FOLDER", tmp_path)
    pixels = base64.b64encode(bytes([0, 15, 16, 255])).decode()
    save(Image("a", 0, 0, 2, 2, pixels), "a.png")
    with Picture.open(f"{tmp_path}/a.png") as picture:
        assert bytes([0, 0, 17, 255]) == picture.convert("L").tobytes()
