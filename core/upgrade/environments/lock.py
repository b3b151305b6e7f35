"""A lock: every package of an environment at one version, and the interpreter it is for."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote

from attrs import frozen
from packaging.utils import InvalidWheelFilename, canonicalize_name, parse_wheel_filename

_FILE = " @ file://"


@frozen(slots=False)
class Lock:
    """What the resolver chose.

    Attributes:
        lines: one `name==version` for each package, sorted.
        python: the interpreter's version, `3.11.7`.
        platform: the platform's tag; wheels of another one are other files.
    """

    lines: tuple[str, ...]
    python: str
    platform: str

    @cached_property
    def digest(self) -> str:
        """SHA-256 over all of it, files included: what environments and results are kept under."""
        parts = [self.python, self.platform, *self.lines]
        parts += [_hash_of(line) for line in self.lines if _FILE in line]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    @cached_property
    def versions(self) -> Mapping[str, str]:
        """Versions by distribution name; of a wheel in a file, the one in its name."""
        found: dict[str, str] = {}
        for line in self.lines:
            name, _, version = line.partition("==")
            if _FILE in line:
                name, _, path = line.partition(_FILE)
                with suppress(InvalidWheelFilename):
                    version = str(parse_wheel_filename(Path(path).name)[1])
            found[canonicalize_name(name.strip())] = version.partition(" ")[0]
        return found

    @property
    def text(self) -> str:
        """The lock as a requirements file."""
        return "\n".join(self.lines) + "\n"

    @property
    def legacy(self) -> str:
        """`keras` where that is Keras 2, else empty."""
        return "keras" if self.versions.get("keras", "3").partition(".")[0] in {"1", "2"} else ""


def _hash_of(line: str) -> str:
    """The hash of the file that a line names; a wheel may change under its name."""
    try:
        return hashlib.sha256(Path(unquote(line.partition(_FILE)[2])).read_bytes()).hexdigest()
    except OSError:
        return ""


def lock_of(text: str, python: str, platform: str) -> Lock:
    """A lock from the resolver's output."""
    lines = (line.strip() for line in text.splitlines())
    kept = sorted(line for line in lines if line and not line.startswith(("#", "-")))
    return Lock(tuple(kept), python, platform)
