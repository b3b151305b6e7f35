"""Runs the article over 56 images in several lengths and prints what happened as JSON.

Run as a program in a folder of its own: `python lengths.py`. Keras lives in this process only.
"""

from __future__ import annotations

import json
from pathlib import Path

import attrs
import keras
import numpy as np

from core.run.backends.registry import open_backend
from core.run.data import ImageData
from core.run.runner import Runner, RunOptions, Session
from core.spec import Scenario
from scenarios.dcgan_article.dcgan import DCGAN

LENGTHS = {
    "capped": RunOptions(),
    "one epoch": RunOptions(epochs=1),
    "three epochs": RunOptions(epochs=3),
    "one step": RunOptions(steps=1),
    "five steps": RunOptions(steps=5),
}


def images() -> ImageData:
    """Two batches of noise."""
    drawn = np.random.default_rng(3).integers(0, 256, size=(56, 28, 28), dtype=np.uint8)
    labels = np.zeros(56, dtype=np.uint8)
    return ImageData.from_arrays("noise", drawn, labels, drawn[:1], labels[:1])


def run(name: str, options: RunOptions, scenario: Scenario) -> dict[str, object]:
    """One run that saves into a folder of its name."""
    session = Session(open_backend("tensorflow", "float32"), images(), options)
    out = Path(name)
    trace = Runner(session, out=out).run(scenario)
    saved = sorted(str(path.relative_to(out)) for path in out.rglob("*.keras"))
    same = None
    if saved:
        loaded = keras.models.load_model(out / saved[-1])
        norms = [float(np.linalg.norm(w.astype(np.float64))) for w in loaded.get_weights()]
        final = [w.norm for w in trace.final_weights if w.name.startswith("generator/")]
        same = sorted(norms) == sorted(final)
    return {
        "steps": trace.steps,
        "log": [line.text for line in trace.log],
        "saved": saved,
        "last generator equals the run's": same,
    }


def main() -> None:
    """Prints every run's outcome by name."""
    loop = attrs.evolve(DCGAN.loop, epochs=2, cap=3)
    scenario = attrs.evolve(DCGAN, loop=loop)
    found = {name: run(name, options, scenario) for name, options in LENGTHS.items()}
    session = Session(open_backend("tensorflow", "float32"), images(), RunOptions(epochs=1))
    Runner(session).run(scenario)
    found["folders"] = {"names": sorted(path.name for path in Path().iterdir() if path.is_dir())}
    print(json.dumps(found))  # noqa: T201 - the program's answer


if __name__ == "__main__":
    main()
