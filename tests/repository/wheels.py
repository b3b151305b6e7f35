"""The wheel, built once, in environments that see its base requirements and nothing more."""

from __future__ import annotations

import re
import subprocess
import sys
import venv
from collections.abc import Iterator, Sequence
from importlib import metadata
from pathlib import Path

from attrs import frozen
from packaging.requirements import Requirement

from tests.conftest import REPOSITORY

OURS = "loop-parity"


def build(folder: Path) -> Path:
    """Builds the wheel without the package index."""
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=REPOSITORY,
        capture_output=True,
        check=True,
    )
    (wheel,) = folder.glob("*.whl")
    return wheel


@frozen
class Installed:
    """An environment of its own.

    Attributes:
        folder: where it lies.
    """

    folder: Path

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.folder / "bin" / "python"

    @property
    def site(self) -> Path:
        """The folder for packages."""
        (site,) = (self.folder / "lib").glob("python*/site-packages")
        return site

    @property
    def parity(self) -> Path:
        """The program, where the wheel is installed here."""
        return self.folder / "bin" / "parity"


def environment(folder: Path, requirements: Sequence[str], wheel: Path | None) -> Installed:
    """Makes an environment of links to the packages that are installed here, without a network.

    Args:
        folder: where it is to lie.
        requirements: distributions whose packages, and whose requirements' packages, it has.
        wheel: installed in it, with the packages it requires, if not None.
    """
    venv.create(folder, with_pip=False, symlinks=True)
    made = Installed(folder)
    if wheel is not None:
        pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
        subprocess.run(
            [*pip, "--python", str(made.python), "install", "--no-index", "--no-deps", str(wheel)],
            check=True,
        )
        (info,) = made.site.glob("loop_parity-*.dist-info")
        required = metadata.PathDistribution(info).requires or []
        requirements = [*requirements, *(text for text in required if "extra ==" not in text)]
    for distribution in _needed(requirements):
        for top in sorted({file.parts[0] for file in distribution.files or ()} - {"..", "/"}):
            link, target = made.site / top, Path(str(distribution.locate_file(top)))
            if target.exists() and not link.exists() and top != "__pycache__":
                link.symlink_to(target)
    return made


def _needed(requirements: Sequence[str]) -> Iterator[metadata.Distribution]:
    """The installed distributions of requirements, and of theirs."""
    waiting = [Requirement(text) for text in requirements]
    seen = {OURS}
    while waiting:
        requirement = waiting.pop()
        name = re.sub(r"[-_.]+", "-", requirement.name).lower()
        if requirement.marker and not requirement.marker.evaluate({"extra": ""}):
            continue
        if name in seen:
            continue
        seen.add(name)
        distribution = metadata.distribution(name)
        yield distribution
        waiting += [Requirement(text) for text in distribution.requires or ()]
