"""Executes the article's own full listing and prints every step's losses as JSON.

Run as a program: `python published_article.py ARTICLE.md DATA.npz SEED STEPS`. One line is
inserted after each training step to note its losses and to stop after STEPS; Matplotlib, which
only draws, is replaced by a module that draws nothing.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType

FENCE = re.compile(r"^```\n(.*?)^```", re.MULTILINE | re.DOTALL)
AFTER_STEP = "      batch_no += 1\n"
NOTE = "      NOTE(generator_loss, discriminator_loss)\n"


class Enough(Exception):  # noqa: N818 - it is no error
    """Ends the article's loop."""


def nothing(*positional: object, **named: object) -> None:
    """Draws nothing."""
    del positional, named


def without_drawing() -> Mapping[str, ModuleType]:
    """Modules in place of Matplotlib's."""
    pyplot = ModuleType("matplotlib.pyplot")
    for name in ("figure", "subplot", "imshow", "axis", "savefig"):
        setattr(pyplot, name, nothing)
    package = ModuleType("matplotlib")
    package.__dict__["pyplot"] = pyplot
    return {"matplotlib": package, "matplotlib.pyplot": pyplot}


def main() -> None:
    """Runs the listing and writes `noted.json`."""
    article, data, seed, steps = sys.argv[1:5]
    import keras
    import numpy as np
    import tensorflow

    sys.modules.update(without_drawing())
    arrays = np.load(data)
    train = (arrays["x_train"], arrays["y_train"])
    test = (arrays["x_test"], arrays["y_test"])
    tensorflow.keras.datasets.mnist.load_data = lambda: (train, test)
    keras.utils.set_random_seed(int(seed))
    noted: dict[str, list[float]] = {"g_loss": [], "d_loss": []}

    def note(generator_loss: object, discriminator_loss: object) -> None:
        if len(noted["g_loss"]) == int(steps):
            raise Enough
        noted["g_loss"].append(float(str(np.asarray(generator_loss, dtype=np.float64))))
        noted["d_loss"].append(float(str(np.asarray(discriminator_loss, dtype=np.float64))))

    text = Path(article).read_text(encoding="utf-8")
    (listing,) = (code for code in FENCE.findall(text) if "run_gan()" in code and "import" in code)
    source = Path("listing.py")  # AutoGraph reads a compiled function's source
    source.write_text(listing.replace(AFTER_STEP, AFTER_STEP + NOTE), encoding="utf-8")
    space: dict[str, object] = {"__name__": "__main__", "NOTE": note}
    try:
        exec(compile(source.read_text(encoding="utf-8"), str(source), "exec"), space)
    except Enough:
        Path("noted.json").write_text(json.dumps(noted), encoding="utf-8")


if __name__ == "__main__":
    main()
