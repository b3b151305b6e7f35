"""Environments in the user's cache: one folder per lock, made once, shared by every rehearsal.

A folder counts only with its marker, which is written last; whatever a killed call or a full disk
left behind is made again. A lock file keeps two calls from making the same one at once.
"""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from attrs import frozen
from filelock import FileLock

from core.storage import cache_errors, write_atomically
from core.upgrade.environments.bytecode import byte_compile
from core.upgrade.environments.lock import Lock
from core.upgrade.environments.resolve import Resolved
from core.upgrade.environments.uv import Answer, Uv, refuse, run_uv

MARKER = "loop-parity.json"


@frozen
class Environment:
    """An environment that is ready.

    Attributes:
        root: its folder.
        lock: what is in it.
        seconds: how long it took to make, in this call or an earlier one.
        made: whether this call made it.
    """

    root: Path
    lock: Lock
    seconds: float
    made: bool

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return _python(self.root)


def _python(root: Path) -> Path:
    return root / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


@frozen
class EnvironmentStore:
    """A folder of environments.

    Attributes:
        folder: where they lie.
        uv: runs uv.
        options: where packages come from, as options of uv.
    """

    folder: Path
    uv: Uv = run_uv
    options: tuple[str, ...] = ()

    def root(self, lock: Lock) -> Path:
        """The folder of a lock's environment."""
        return self.folder / lock.digest[:16]

    def ensure(self, resolved: Resolved, say: Callable[[str], None]) -> Environment:
        """The environment of a lock, made now where it is not there or not whole.

        Args:
            resolved: the lock, its request and interpreter.
            say: called with a line when it has to be made.

        Raises:
            ExecutionError: uv cannot make it, with uv's own words: no network, a full disk, a
                package that does not install.
        """
        lock = resolved.lock
        if (ready := self._ready(lock)) is not None:
            return ready
        self._prepare()
        with FileLock(self.folder / f"{lock.digest[:16]}.lock"):
            if (ready := self._ready(lock)) is not None:
                return ready  # another call made it meanwhile
            say(f"making the environment {resolved.request.spec!r} ({len(lock.lines)} packages)")
            return self._make(resolved)

    def remove_all(self) -> tuple[int, int]:
        """Removes every environment; returns how many there were and how many bytes were freed."""
        if not self.folder.is_dir():
            return 0, 0
        # By the disk's free space: files are shared with uv's cache by hard links, and a sum of
        # sizes would count what stays there.
        before = shutil.disk_usage(self.folder).free
        count = sum(1 for path in self.folder.iterdir() if path.is_dir())
        shutil.rmtree(self.folder, ignore_errors=True)
        return count, max(0, shutil.disk_usage(self.folder.parent).free - before)

    def _prepare(self) -> None:
        with cache_errors(self.folder, "cannot be made"):
            self.folder.mkdir(parents=True, exist_ok=True)

    def _ready(self, lock: Lock) -> Environment | None:
        root = self.root(lock)
        try:
            marker: object = json.loads((root / MARKER).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        if not isinstance(marker, dict) or marker.get("lock") != list(lock.lines):
            return None
        if not os.access(_python(root), os.X_OK) or not _whole(root, lock):
            return None
        return Environment(root, lock, float(marker.get("seconds", 0.0)), made=False)

    def _make(self, resolved: Resolved) -> Environment:
        lock = resolved.lock
        root = self.root(lock)
        started = time.perf_counter()
        where = f"the environment of {resolved.request.spec!r}"
        with _nothing_left_behind(root):
            interpreter = resolved.interpreter.path
            self._run(["venv", "--no-project", "--python", interpreter, str(root)], where)
            listing = root / "requirements.lock"
            listing.write_text(lock.text, encoding="utf-8")
            python = str(_python(root))
            self._run(
                [
                    # Nothing is resolved again: the lock names every package.
                    *("pip", "install", "--no-deps", "--python", python),
                    *(*self.options, "-r", str(listing)),
                ],
                where,
            )
            byte_compile(root, self._others(root))
            seconds = time.perf_counter() - started
            marker: Mapping[str, object] = {
                "lock": lock.lines,
                "python": lock.python,
                "spec": resolved.request.spec,
                "seconds": seconds,
            }
            # Last of all: what has no marker is not whole, and is made again.
            write_atomically(root / MARKER, json.dumps(marker))
        return Environment(root, lock, seconds, made=True)

    def _others(self, root: Path) -> list[Path]:
        """The whole environments besides this one, the newest first."""
        marked = [path.parent for path in self.folder.glob(f"*/{MARKER}") if path.parent != root]
        return sorted(marked, key=lambda path: path.stat().st_mtime, reverse=True)

    def _run(self, arguments: list[str], where: str) -> Answer:
        answer = self.uv(arguments, "")
        if answer.code != 0:
            raise refuse(answer, "packages that install", where)
        return answer


def _whole(root: Path, lock: Lock) -> bool:
    """Whether every locked package still has its metadata there."""
    found = list(root.glob("lib*/python*/site-packages/*.dist-info")) or list(
        root.glob("Lib/site-packages/*.dist-info")
    )
    return len({path.name for path in found}) >= len(lock.lines)


@contextmanager
def _nothing_left_behind(root: Path) -> Iterator[None]:
    """Starts from nothing, and removes what was made where it does not become whole.

    Raises:
        ExecutionError: the disk is full, or the folder cannot be written.
    """
    shutil.rmtree(root, ignore_errors=True)
    try:
        with cache_errors(root):
            yield
    except BaseException:
        shutil.rmtree(root, ignore_errors=True)
        raise
