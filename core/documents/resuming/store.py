"""The results themselves: a JSON file for each key in the user's cache."""

from __future__ import annotations

import tempfile
from contextlib import suppress
from pathlib import Path

from core.documents.resuming.encoding import decoded, encoded
from core.documents.validation.report import DocumentReport
from core.errors import UsageError
from core.run.data.cache import cache_folder
from core.sandbox.host.record import Ending

_LASTING = (None, Ending.COMPLETED, Ending.EXITED)


def kept(key: str, path: Path) -> DocumentReport | None:
    """The kept report of a document; None where there is none that can be read."""
    try:
        return decoded(_file(key).read_text(encoding="utf-8"), path)
    except (OSError, ValueError, UsageError):
        return None


def keep(key: str, report: DocumentReport) -> None:
    """Keep a report; one of a document that a limit ended is not kept, for it may fare better.

    A cache that cannot be written is done without.
    """
    if report.ending not in _LASTING:
        return
    path = _file(key)
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(
            "w", dir=path.parent, prefix=".", suffix=".tmp", encoding="utf-8", delete=False
        ) as stream:
            stream.write(encoded(report))
        try:
            Path(stream.name).replace(path)
        except OSError:
            Path(stream.name).unlink(missing_ok=True)


def _file(key: str) -> Path:
    return cache_folder() / "validate" / f"{key}.json"
