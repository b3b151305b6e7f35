"""Sample sheets: those that goldens hold, and those recorded step by step."""

from __future__ import annotations

import base64
import io

import pytest
from PIL import Image as Picture

from core.site.recorded import Records
from core.site.sheets.record import WANTED, Wanted, save, with_sheets
from core.site.sheets.saved import saved
from core.site.sheets.stored import FOLDER, stored, strips
from core.spec import Scenario, ops
from core.spec.catalog import Catalog
from core.trace import Image
from tests.conftest import REPOSITORY

CATALOG = Catalog.load(REPOSITORY)
LIMIT = 300_000


def scenario(name: str) -> Scenario:
    (found,) = CATALOG.select([name])
    return found


def test_a_golden_s_images_become_png_step_by_step_on_every_backend() -> None:
    section = scenario("dcgan_article/dcgan")
    traces = Records().of(CATALOG.entry(section), section).traces
    found = list(saved("dcgan", traces))
    assert [50, 50, 50, 100, 100, 100] == [one.step for one in found]
    assert ["tensorflow", "jax", "torch"] == [one.backend for one in found[:3]]
    image = traces["tensorflow"].images[0]
    picture = Picture.open(io.BytesIO(found[0].png))
    assert base64.b64decode(image.pixels) == picture.tobytes()


@pytest.mark.parametrize("one", WANTED, ids=lambda one: one.scenario)
def test_a_section_is_recorded_with_a_sheet_after_every_step(one: Wanted) -> None:
    name = one.scenario
    section = with_sheets(scenario(name))
    assert 1 == section.loop.log_every
    assert [ops.Sheet] == [type(op) for op in section.on_log if isinstance(op, ops.Sheet)]
    assert scenario(name).step == section.step
    assert scenario(name).stream == section.stream


def test_the_stored_sheets_are_small_pictures_in_the_order_of_the_steps() -> None:
    assert {one.scenario for one in WANTED} == {strip.scenario for strip in stored()}
    size = 0
    for strip in stored():
        steps = [step for step, _ in strip.sheets]
        assert sorted(set(steps)) == steps
        for _, file in strip.sheets:
            path = FOLDER / file
            size += path.stat().st_size
            with Picture.open(path) as picture:
                assert (112, 56) == picture.size
    assert size < LIMIT


def test_no_sheet_lies_there_that_nothing_names() -> None:
    named = {file for strip in stored() for _, file in strip.sheets}
    assert named == {path.name for path in FOLDER.glob("*.png")}


def test_a_translation_shows_its_original_s_sheets() -> None:
    assert strips(scenario("keras_io_tf/gan")) == strips(scenario("keras_io_tf_zh/gan"))


def test_a_sheet_is_saved_with_sixteen_levels(
    tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.site.sheets.record.FOLDER", tmp_path)
    pixels = base64.b64encode(bytes([0, 15, 16, 255])).decode()
    save(Image("a", 0, 0, 2, 2, pixels), "a.png")
    with Picture.open(f"{tmp_path}/a.png") as picture:
        assert bytes([0, 0, 17, 255]) == picture.convert("L").tobytes()
