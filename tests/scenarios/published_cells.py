"""Executes a guide's own Python cells by hand and prints every step's loss as JSON.

Run as a program: `python published_cells.py GUIDE.md DATA.npz SEED TRAIN_COUNT [CELLS]`, of which
the last is the number of cells to run. One line is
inserted into each training loop, where the guide comments on its logging, to note the step's
loss; everything else runs as published, in order, in one namespace.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import SupportsFloat

FENCE = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
NOTES = {
    "        # Log every 100 batches.\n": "        NOTED['loss'].append(loss_value)\n",
    "        # Log every 200 batches.\n": "        NOTED['loss'].append(loss_value)\n",
    "        # Logging.\n": "        NOTED['d_loss'].append(d_loss)\n"
    "        NOTED['g_loss'].append(g_loss)\n",
}


def cells(text: str) -> list[str]:
    """The guide's Python cells, with the noting line inserted."""
    found = FENCE.findall(text)
    for mark, line in NOTES.items():
        found = [cell.replace(mark, line + mark) for cell in found]
    return found


def main() -> None:
    """Runs the cells and prints the losses, accuracies and layer names."""
    guide, data, seed, count = sys.argv[1:5]
    most = int(sys.argv[5]) if len(sys.argv) > 5 else None
    import keras
    import numpy as np

    arrays = np.load(data)
    train = (arrays["x_train"][: int(count)], arrays["y_train"][: int(count)])
    test = (arrays["x_test"], arrays["y_test"])
    keras.datasets.mnist.load_data = lambda: (train, test)
    # The older guide's name for it, which Keras 3 dropped; without it its cells end in an error.
    keras.metrics.Metric.reset_states = keras.metrics.Metric.reset_state
    keras.utils.set_random_seed(int(seed))
    noted: dict[str, list[SupportsFloat]] = {"loss": [], "d_loss": [], "g_loss": []}
    space: dict[str, object] = {"NOTED": noted}
    for number, cell in enumerate(cells(Path(guide).read_text(encoding="utf-8"))[:most]):
        source = Path(f"cell_{number}.py")  # AutoGraph reads a compiled function's source
        source.write_text(cell, encoding="utf-8")
        exec(compile(cell, str(source), "exec"), space)
    result = {name: [float(v) for v in values] for name, values in noted.items()}
    Path("noted.json").write_text(json.dumps(result), encoding="utf-8")


if __name__ == "__main__":
    main()
