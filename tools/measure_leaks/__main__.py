"""Measures precision leaks: `python -m tools.measure_leaks [--write]`.

Every backend runs every probe in double precision, as Keras is and with the known causes replaced
(`core.run.backends.mending`), and is compared with NumPy. Without `--write` the result is compared
with `golden/leaks.json`: exit code 1 where a leak came, went, or changed its size tenfold.
"""

from __future__ import annotations

import datetime
import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from core.diff.microscope.ledger import FILE, Leak, leaks_from, read_ledger
from core.processes import program
from core.run.backends.mending import SWITCH
from core.run.backends.registry import installed, process_environment
from core.run.machine import document_environment
from core.storage import write_atomically

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = ROOT / "golden"
Measured = dict[str, dict[str, dict[str, float]]]


def measure(backend: str, *, mended: bool) -> dict[str, dict[str, float]]:
    """The differences of one backend by kind and part, in a process of its own."""
    done = subprocess.run(
        program("tools.measure_leaks.measuring", backend),
        env=process_environment(backend) | {SWITCH: "1" if mended else ""},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"{backend}: {done.stderr.strip().splitlines()[-1]}")
    found: dict[str, dict[str, float]] = json.loads(done.stdout)
    return found


def document(measured: Measured, mended: Measured) -> str:
    """The file's text: the leaks in words, then every number."""
    leaks = [
        {"id": leak.id, "size": leak.size, "part": leak.part, "cause": leak.cause}
        | {"mended": max(mended[leak.backend][leak.kind].values())}
        for leak in leaks_from(measured)
    ]
    whole = {
        "format": 1,
        "command": "python -m tools.measure_leaks --write",
        "date": datetime.datetime.now(tz=datetime.UTC).date().isoformat(),
        "environment": document_environment(),
        "leaks": leaks,
        "measured": measured,
        "mended": mended,
    }
    return json.dumps(whole, indent=1) + "\n"


def changes(before: tuple[Leak, ...], after: tuple[Leak, ...]) -> list[str]:
    """What is not as it was, one line each."""
    old, new = ({leak.id: leak.size for leak in leaks} for leaks in (before, after))
    return [
        f"{name}: {_size(old, name)} in the ledger, {_size(new, name)} now"
        for name in sorted(old | new)
        if not 0.1 < new.get(name, 0.0) / old.get(name, 1e-300) < 10.0
    ]


def _size(sizes: Mapping[str, float], name: str) -> str:
    return f"{sizes[name]:.1e}" if name in sizes else "no leak"


def main() -> int:
    """Measures, prints the leaks, and writes or compares."""
    write = sys.argv[1:] == ["--write"]
    if sys.argv[1:] and not write:
        sys.exit(f"unknown arguments {sys.argv[1:]}; expected --write or none")
    names = installed()
    measured = {name: measure(name, mended=False) for name in names}
    mended = {name: measure(name, mended=True) for name in names}
    leaks = leaks_from(measured)
    lines = [f"{leak.id}: {leak.size:.1e} ({leak.part})" for leak in leaks]
    sys.stdout.write("\n".join([f"{len(leaks)} precision leaks", *lines]) + "\n")
    if left := leaks_from(mended):
        sys.stdout.write(f"with the known causes replaced: {[leak.id for leak in left]}\n")
    if write:
        write_atomically(GOLDEN / FILE, document(measured, mended))
        return 0
    differing = changes(tuple(k for k in read_ledger(GOLDEN).leaks if k.backend in names), leaks)
    sys.stdout.write("".join(f"{line}\n" for line in differing))
    return 1 if differing or left else 0


if __name__ == "__main__":
    sys.exit(main())
