"""Results on disk: what is known already is never run again.

A result is kept under a hash of everything it depends on: the lock, the code, the data, the run.
It appears under its name only when it is whole, it carries its own hash, and one that is damaged
is made anew. A lock per result keeps two calls from running the same thing twice.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from attrs import define, field
from filelock import FileLock, Timeout

from core.check.golden.store import write_atomically
from core.errors import ExecutionError
from core.trace.decoding import strict_converter, structured, trace_from
from core.trace.encoding import plain
from core.upgrade.rehearsal.attempt import Attempt, Key, Status, Trouble

FORMAT = 1
_LOOK = 0.5  # seconds between looks at the stop signal
_TROUBLE = strict_converter(Trouble)


@define(eq=False)
class ResultStore:
    """A folder of results.

    Attributes:
        folder: where they lie.
        damaged: entries that were found broken, by path; each is made anew.
    """

    folder: Path
    damaged: list[Path] = field(factory=list)

    def path(self, key: Key) -> Path:
        """The file of a key."""
        name = _digest(json.dumps(dict(sorted(key.items()))))
        return self.folder / name[:2] / f"{name[:40]}.json"

    def read(self, key: Key) -> Attempt | None:
        """The result of a key, None where there is none that can be used."""
        path = self.path(key)
        try:
            return _attempt(json.loads(path.read_text(encoding="utf-8")), key)
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError):
            self.damaged.append(path)
            return None

    def write(self, key: Key, attempt: Attempt) -> None:
        """Keeps a result.

        Raises:
            ExecutionError: the disk is full, or the folder cannot be written.
        """
        path = self.path(key)
        value = plain(attempt)
        text = {
            "format": FORMAT,
            "key": dict(key),
            "sha256": _digest(json.dumps(value, sort_keys=True)),
            "attempt": value,
        }
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(path, json.dumps(text))
        except OSError as error:
            raise ExecutionError(
                f"a result cannot be written ({error.strerror or error})",
                where=str(path),
                expected="a cache folder with room: results are small, and kept so that no run is "
                "repeated",
                remedy="free some space (`parity upgrade --clean` removes every environment), or "
                "set PARITY_CACHE to a folder of another disk",
            ) from error

    @contextmanager
    def held(self, key: Key, stop: threading.Event) -> Iterator[None]:
        """Keeps other calls from the same run while the body does it.

        Raises:
            KeyboardInterrupt: `stop` was set while another call held it.
            ExecutionError: the folder cannot be written.
        """
        path = self.path(key)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ExecutionError(
                f"cannot be made ({error.strerror or error})",
                where=str(path.parent),
                expected="a folder this user may write, with room",
                remedy="free some space, or set PARITY_CACHE to another folder",
            ) from error
        lock = FileLock(path.with_suffix(".lock"))
        while True:
            try:
                lock.acquire(timeout=_LOOK)
                break
            except Timeout:
                if stop.is_set():
                    raise KeyboardInterrupt from None
        try:
            yield
        finally:
            lock.release()

    def remove_all(self) -> None:
        """Removes every result."""
        shutil.rmtree(self.folder, ignore_errors=True)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _attempt(document: Mapping[str, object], key: Key) -> Attempt:
    """An attempt from its file.

    Raises:
        ValueError: another format, key or hash, or a field that is not as it must be.
    """
    value = document["attempt"]
    if document["format"] != FORMAT or document["key"] != dict(key):
        raise ValueError("another format, or another run's result")
    if document["sha256"] != _digest(json.dumps(value, sort_keys=True)):
        raise ValueError("damaged")
    return attempt_from(value)


def attempt_from(value: object) -> Attempt:
    """An attempt from its JSON fields.

    Raises:
        ValueError: a field that is not as it must be.
        KeyError: a field that is missing.
        TypeError: no fields at all.
    """
    if not isinstance(value, dict):
        raise TypeError("no fields")
    trace, trouble = value["trace"], value["trouble"]
    return Attempt(
        status=Status(value["status"]),
        trace=None if trace is None else trace_from(trace),
        trouble=None if trouble is None else structured(_TROUBLE, trouble, Trouble),
        seconds=float(value["seconds"]),
        limit=float(value["limit"]),
    )
