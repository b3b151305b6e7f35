"""Keeps what the command line prints, and compares two such folders byte by byte.

For changes of structure that must not change behaviour: the catalog, every printed program, ten
differences and the teaching site, before and after.

    python -m tools.snapshot_outputs keep FOLDER [--parity .venv/bin/parity]
    python -m tools.snapshot_outputs compare BEFORE AFTER
"""

from __future__ import annotations

import argparse
import filecmp
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

DIALECTS = ("tensorflow", "jax", "torch", "legacy", "r", "fit")
PAIRS = (
    ("keras_io_tf/first_loop", "multi_backend/first_loop"),
    ("keras_io_tf/metrics", "r_style/metrics"),
    ("keras_io_tf/compiled", "keras_io_tf/compiled@fit"),
    ("keras_io_tf/gan", "multi_backend/gan"),
    ("keras_io_tf/gan@jax", "keras_io_tf/gan@torch"),
    ("keras_io_tf/tracked_losses", "r_style/tracked_losses"),
    ("keras_io_tf/metrics@tensorflow", "keras_io_tf/metrics@jax"),
    ("multi_backend/first_loop@legacy", "multi_backend/first_loop@tensorflow"),
    ("r_style/compiled@r", "r_style/compiled~intended@r"),
    ("dcgan_article/dcgan~logits", "dcgan_article/dcgan~twice"),
)


def _kept(parity: str, arguments: tuple[str, ...], file: Path) -> None:
    """One call's exit code and stdout in one file."""
    done = subprocess.run([parity, *arguments], capture_output=True, check=False)
    file.write_bytes(f"exit {done.returncode}\n".encode() + done.stdout)


def keep(folder: Path, parity: str) -> int:
    """Writes every output into a folder; the number of files."""
    folder.mkdir(parents=True, exist_ok=True)
    listing = subprocess.run([parity, "list", "--json"], capture_output=True, check=True)
    ids = [scenario["id"] for scenario in json.loads(listing.stdout)["scenarios"]]
    calls: dict[str, tuple[str, ...]] = {"list.json": ("list", "--json")}
    for name in ids:
        for dialect in DIALECTS:
            asked = f"{name}@{dialect}"
            calls[f"show.{asked.replace('/', '.')}"] = ("show", asked)
    for number, (one, other) in enumerate(PAIRS):
        calls[f"diff.{number}.json"] = ("diff", "--json", one, other)
    with ThreadPoolExecutor(2) as pool:
        for name, arguments in calls.items():
            pool.submit(_kept, parity, arguments, folder / name)
    subprocess.run([parity, "site", str(folder / "site")], capture_output=True, check=True)
    return sum(path.is_file() for path in folder.rglob("*"))


def compare(before: Path, after: Path) -> list[str]:
    """The files that differ or that one side lacks."""
    names = {
        str(path.relative_to(side))
        for side in (before, after)
        for path in side.rglob("*")
        if path.is_file()
    }
    _, differing, missing = filecmp.cmpfiles(before, after, sorted(names), shallow=False)
    return sorted(differing + missing)


def main() -> int:
    """Keeps or compares; exits with 1 where something differs."""
    reader = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    verbs = reader.add_subparsers(dest="verb", required=True)
    keeping = verbs.add_parser("keep")
    keeping.add_argument("folder", type=Path)
    keeping.add_argument("--parity", default=str(Path(sys.executable).parent / "parity"))
    comparing = verbs.add_parser("compare")
    comparing.add_argument("before", type=Path)
    comparing.add_argument("after", type=Path)
    asked = reader.parse_args()
    if asked.verb == "keep":
        sys.stdout.write(f"{keep(asked.folder, asked.parity)} files in {asked.folder}\n")
        return 0
    differing = compare(asked.before, asked.after)
    for name in differing:
        sys.stdout.write(f"differs: {name}\n")
    sys.stdout.write(f"{len(differing)} of the kept outputs differ\n")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
