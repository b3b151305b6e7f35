"""Files of ours: the user's cache folder, files written whole, and values kept by key.

What is cached is a convenience, never a condition: it carries its own hash, and is made again where
it is damaged.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Generic, TypeVar

from attrs import define, field

from core.errors import ExecutionError, ParityError

VARIABLE = "PARITY_CACHE"

FORMAT = 2
_ABANDONED_AFTER = 3600.0  # seconds; a writer needs a few
_LOOK = 0.5  # seconds between looks at the stop signal

T = TypeVar("T")
Key = Mapping[str, object]
"""Everything that a kept value depends on, by name; plain JSON values."""


def cache_folder() -> Path:
    """Name the cache folder: `$PARITY_CACHE`, else the platform's folder for user caches.

    The folder may not exist yet.
    """
    chosen = os.environ.get(VARIABLE)
    if chosen:
        return Path(chosen)
    import platformdirs  # not at import time: a worker in another environment does without it

    return platformdirs.user_cache_path("loop-parity")


@contextmanager
def os_errors_as(
    kind: type[ParityError],
    what: str = "cannot be written",
    *,
    where: object,
    expected: str,
    remedy: str,
) -> Iterator[None]:
    """Inside, what the system refuses, and a text that is no UTF-8, is an error of ours.

    Args:
        kind: the error to raise.
        what: what could not be done; the system's reason follows in brackets.
        where: the file, folder or option.
        expected: the rule that was broken.
        remedy: the next thing to do.
    """
    try:
        yield
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise kind(
            f"{what} ({reason})", where=str(where), expected=expected, remedy=remedy
        ) from error


def cache_errors(where: object, what: str = "cannot be written") -> AbstractContextManager[None]:
    """`os_errors_as` for what lies in the cache folder: an `ExecutionError`."""
    return os_errors_as(
        ExecutionError,
        what,
        where=where,
        expected="a cache folder that this user may write, with room",
        remedy="free some space (`parity upgrade --clean` removes every environment), or set "
        f"{VARIABLE} to a folder of another disk",
    )


def write_atomically(path: Path, content: str | bytes) -> None:
    """Writes a file, and its folder where there is none: a reader sees the old file or the new one.

    Any number of processes may do this at once, and each may be killed at any point.

    Raises:
        OSError: the disk is full, or the folder cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    data = content.encode("utf-8") if isinstance(content, str) else content
    # In the same folder, since a rename is atomic only within one file system.
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            # Before the rename: after a power cut a name without its bytes would be worse than
            # none.
            os.fsync(file.fileno())
        # mkstemp makes files that only their owner may read.
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def remove_abandoned(path: Path) -> None:
    """Removes what writers of a file left behind that were killed long ago."""
    with suppress(OSError):  # another process was faster, or the folder cannot be listed
        for temporary in path.parent.glob(f".{path.name}-*.tmp"):
            if time.time() - temporary.stat().st_mtime > _ABANDONED_AFTER:
                temporary.unlink(missing_ok=True)


@define(eq=False)
class KeyedStore(Generic[T]):
    """A folder of values, each under a hash of everything that it depends on.

    Attributes:
        folder: where they lie.
        decode: a value from plain JSON values; a ValueError, KeyError, TypeError or error of ours
            says that they are none.
        encode: the other way round.
        damaged: files that were found broken; each is made again.
    """

    folder: Path
    decode: Callable[[object], T]
    encode: Callable[[T], object] = lambda value: value
    damaged: list[Path] = field(factory=list)

    def path(self, key: Key) -> Path:
        """The file of a key."""
        name = _digest(dict(key))
        return self.folder / name[:2] / f"{name[:40]}.json"

    def read(self, key: Key) -> T | None:
        """The value of a key, None where there is none that can be used."""
        path = self.path(key)
        try:
            document = json.loads(path.read_text(encoding="utf-8"))
            value = document["value"]
            # The whole key lies beside the value, so that a shortened hash cannot stand for another
            # key.
            if document["format"] != FORMAT or _digest(document["key"]) != _digest(dict(key)):
                raise ValueError("another format, or another key's value")
            if document["sha256"] != _digest(value):
                raise ValueError("damaged")
            return self.decode(value)
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError, AttributeError, ParityError):
            self.damaged.append(path)
            return None

    def write(self, key: Key, value: T) -> None:
        """Keeps a value.

        Raises:
            ExecutionError: the disk is full, or the folder cannot be written.
        """
        path = self.path(key)
        plain = self.encode(value)
        document = {"format": FORMAT, "key": dict(key), "sha256": _digest(plain), "value": plain}
        with cache_errors(path):
            write_atomically(path, json.dumps(document))

    @contextmanager
    def held(self, key: Key, stop: threading.Event | None = None) -> Iterator[None]:
        """Keeps other calls from making the same value while the body does it.

        Raises:
            KeyboardInterrupt: `stop` was set while another call held it.
            ExecutionError: the folder cannot be written.
        """
        from filelock import FileLock, Timeout  # a worker in another environment has none

        path = self.path(key)
        with cache_errors(path.parent, "cannot be made"):
            path.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(path.with_suffix(".lock"))
        while True:
            try:
                lock.acquire(timeout=_LOOK)
                break
            except Timeout:
                if stop is not None and stop.is_set():
                    raise KeyboardInterrupt from None
        try:
            yield
        finally:
            lock.release()


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()
