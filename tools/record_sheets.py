"""Records the sample sheets: `python -m tools.record_sheets`.

A GAN section is run once on TensorFlow, under controlled randomness, with a sheet of its
generator's images after every step, up to where its guide stops. Sheets are kept as PNG with 16
grey levels, in `core/site/sheets/recorded`. It takes a minute on two idle cores.
"""

from __future__ import annotations

import base64
import json
import os
import sys
from pathlib import Path

import attrs
from attrs import frozen
from PIL import Image as Picture

from core.processes import program
from core.run.backends.registry import open_backend, process_environment
from core.run.data import load_data
from core.run.runner import Runner, RunOptions, Session
from core.site.sheets.stored import FOLDER, INDEX
from core.spec import Scenario, ops
from core.spec.catalog import Catalog
from core.storage import write_atomically
from core.trace import Image, Trace

BACKEND, SEED = "tensorflow", 12
ROWS, COLUMNS = 2, 4
LEVELS = 16
REPOSITORY = Path(__file__).resolve().parents[1]


@frozen
class Wanted:
    """A section and the steps, from 1, whose sheets are kept."""

    scenario: str
    steps: tuple[int, ...]


WANTED = (Wanted("keras_io_tf/gan", tuple(range(1, 13))),)


def with_sheets(scenario: Scenario) -> Scenario:
    """A GAN section that saves a sheet of its generator's images after every step."""
    latent = next(op for op in scenario.step if isinstance(op, ops.Draw))
    return attrs.evolve(
        scenario,
        loop=attrs.evolve(scenario.loop, log_every=1),
        on_log=(
            ops.Draw("sheet_noise", latent.distribution, shape=(ops.Batch(), *latent.shape[1:])),
            ops.Call("sheet_images", model="generator", x="sheet_noise", training=False),
            ops.Sheet("sheet_images", file="{epoch_index}_{step}.png", rows=ROWS, columns=COLUMNS),
        ),
        on_epoch_end=(),
        lineage=scenario.stream,
    )


def run(one: Wanted) -> Trace:
    """The trace of a section with its sheets."""
    (scenario,) = Catalog.load(REPOSITORY).select([one.scenario])
    options = RunOptions(seed=SEED, randomness="controlled", steps=max(one.steps))
    session = Session(open_backend(BACKEND, "float32"), load_data("digits"), options)
    return Runner(session).run(with_sheets(scenario))


def save(image: Image, name: str) -> None:
    """One sheet as a small PNG."""
    pixels = base64.b64decode(image.pixels)
    step = 256 // LEVELS
    coarse = bytes(value // step for value in pixels)
    picture = Picture.frombytes("P", (image.width, image.height), coarse)
    picture.putpalette([level * 255 // (LEVELS - 1) for level in range(LEVELS) for _ in range(3)])
    picture.save(FOLDER / name, optimize=True, bits=4)


def main() -> None:
    """Runs every section and writes its sheets."""
    wanted = process_environment(BACKEND)
    if any(os.environ.get(name) != value for name, value in wanted.items()):
        os.execve(sys.executable, program("tools.record_sheets"), wanted)  # noqa: S606
    FOLDER.mkdir(exist_ok=True)
    strips = []
    for one in WANTED:
        trace = run(one)
        by_step = {image.step + 1: image for image in trace.images}
        sheets = []
        for step in one.steps:
            name = f"{one.scenario.replace('/', '-')}-{step:03}.png"
            save(by_step[step], name)
            sheets.append([step, name])
        strips.append(
            {
                "scenario": one.scenario,
                "backend": BACKEND,
                "seed": SEED,
                "count": ROWS * COLUMNS,
                "sheets": sheets,
                "losses": {
                    name: [round(values[step - 1], 4) for step in one.steps]
                    for name, values in trace.losses.items()
                },
            }
        )
        document = {
            "format": 1,
            "command": "python -m tools.record_sheets",
            "data": trace.data_name,
            "strips": strips,
        }
        write_atomically(INDEX, json.dumps(document, indent=1) + "\n")
        sys.stderr.write(f"{one.scenario}: {trace.seconds:.0f} s\n")


if __name__ == "__main__":
    main()
