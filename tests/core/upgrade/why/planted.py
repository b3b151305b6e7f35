"""Keras with quiet changes planted in it: as wheels, or laid over the installed one.

`python -m tests.core.upgrade.why.planted DIR SITE_PACKAGES` writes one wheel for each change, for
`parity upgrade --candidate "keras @ file://… tensorflow-cpu==…" --why`.
"""

from __future__ import annotations

import sys
import zipfile
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path

from attrs import frozen


@frozen
class Plant:
    """A change of one line.

    Attributes:
        path: the file, below `keras/`.
        old: what stands there.
        new: what is to stand there.
        after: the text after which it is looked for; empty for the file's beginning.
    """

    path: str
    old: str
    new: str
    after: str = ""

    def applied(self, text: str) -> str:
        """The file's text with the change."""
        start = text.index(self.after) if self.after else 0
        place = text.index(self.old, start)
        return text[:place] + self.new + text[place + len(self.old) :]


PLANTS: Mapping[str, Plant] = {
    "slope": Plant(
        "src/layers/activations/leaky_relu.py", "negative_slope=0.3", "negative_slope=0.2"
    ),
    "beta": Plant("src/optimizers/adam.py", "beta_2=0.999", "beta_2=0.99"),
    "reduction": Plant(
        "src/losses/losses.py",
        'reduction="sum_over_batch_size"',
        'reduction="sum"',
        after='keras_export("keras.losses.BinaryCrossentropy")',
    ),
    "training": Plant(
        "src/models/sequential.py",
        "inputs, training=training",
        "inputs, training=False",
        after="def call(self",
    ),
}


def overlay(folder: Path, keras: Path, plants: Mapping[str, Plant]) -> Path:
    """A folder for `PYTHONPATH` with a Keras of links, the changed files excepted."""
    changed = {plant.path: plant for plant in plants.values()}
    _link(folder / "keras", keras, keras, changed)
    return folder


def _link(target: Path, source: Path, root: Path, changed: Mapping[str, Plant]) -> None:
    target.mkdir(parents=True)
    for path in source.iterdir():
        name = path.relative_to(root).as_posix()
        if name in changed:
            (target / path.name).write_text(changed[name].applied(path.read_text()))
        elif path.is_dir() and any(place.startswith(f"{name}/") for place in changed):
            _link(target / path.name, path, root, changed)
        elif path.name != "__pycache__":
            (target / path.name).symlink_to(path)


def wheel(folder: Path, site: Path, name: str, plant: Plant) -> Path:
    """A wheel of the Keras in a `site-packages` folder, with one change."""
    (found,) = site.glob("keras-*.dist-info")
    version = metadata.Distribution.at(found).version
    made = folder / name / f"keras-{version}-py3-none-any.whl"
    made.parent.mkdir(parents=True, exist_ok=True)
    kept = ("METADATA", "WHEEL", "top_level.txt")
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        lines = []
        for path in sorted([*(site / "keras").rglob("*.py"), *(found / each for each in kept)]):
            if path.exists():
                inside = path.relative_to(site).as_posix()
                text = path.read_text(encoding="utf-8")
                if inside == f"keras/{plant.path}":
                    text = plant.applied(text)
                archive.writestr(inside, text)
                lines.append(f"{inside},,")
        record = f"{found.name}/RECORD"
        archive.writestr(record, "\n".join([*lines, f"{record},,"]) + "\n")
    return made


if __name__ == "__main__":
    for title, planted in PLANTS.items():
        sys.stdout.write(f"{wheel(Path(sys.argv[1]), Path(sys.argv[2]), title, planted)}\n")
