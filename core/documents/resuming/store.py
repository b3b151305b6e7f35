"""The results themselves, kept in the user's cache."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from pathlib import Path

from core.documents.resuming.encoding import decoded, encoded
from core.documents.validation.report import DocumentReport
from core.errors import ExecutionError
from core.sandbox.host.record import Ending
from core.storage import Key, KeyedStore, cache_folder

_LASTING = (None, Ending.COMPLETED, Ending.EXITED)


def kept(key: Key, path: Path) -> DocumentReport | None:
    """The kept report of a document; None where there is none that can be read."""
    return _store(path).read(key)


def keep(key: Key, report: DocumentReport) -> None:
    """Keep a report; one of a document that a limit ended is not kept, for it may fare better.

    A cache that cannot be written is done without.
    """
    if report.ending in _LASTING:
        with suppress(ExecutionError):
            _store(report.path).write(key, report)


def _store(path: Path) -> KeyedStore[DocumentReport]:
    return KeyedStore(cache_folder() / "validate", partial(decoded, path=path), encoded)
