"""Renews requirements.lock: asks pip to resolve pyproject.toml and writes what it chose.

Run by `make lock`. Nothing is installed. torch stays at the version whose CPU build the project's
machines offer; other versions may bring gigabytes of CUDA along.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TORCH = "torch==2.13.0"
HEAD = """\
# Every package of .venv, pinned. `make setup` installs exactly this; `make lock` renews it.
# torch: the plain version, so that a CPU build wins wherever the machine's pip offers one
# (see README, "Installing").
"""


def resolve() -> list[str]:
    """The pins pip chooses for the project with every extra and its build backend, sorted."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extras = ",".join(project["project"]["optional-dependencies"])
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pip", "install", "--dry-run", "--ignore-installed"),
            *("--quiet", "--report", "-", TORCH, *project["build-system"]["requires"]),
            f"{ROOT}[{extras}]",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    chosen = (item["metadata"] for item in json.loads(done.stdout)["install"])
    pins = [f"{item['name']}=={item['version'].partition('+')[0]}" for item in chosen]
    return sorted((pin for pin in pins if not pin.startswith("loop-parity")), key=str.lower)


def main() -> None:
    """Writes the lock file."""
    text = HEAD + "\n".join(resolve()) + "\n"
    (ROOT / "requirements.lock").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
