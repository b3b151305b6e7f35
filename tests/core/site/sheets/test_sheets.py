"""Sample sheets: those that goldens hold, and those recorded step by step."""

from __future__ import annotations

import base64
import io

from PIL import Image as Picture

from core.site.recorded import Records
from core.site.sheets.saved import saved
from core.site.sheets.stored import FOLDER, stored, strips
from core.spec import Scenario
from core.spec.catalog import Catalog
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


def test_the_stored_sheets_are_small_pictures_in_the_order_of_the_steps() -> None:
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
