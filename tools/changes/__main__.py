"""Renews docs/changes.json and docs/changes.md: `python -m tools.changes`.

For Keras 2.15 and every Keras 3 minor, what changed up to the newest that touches the five guides:
public API (griffe), meanings (probes, read against NumPy), random streams, names, warnings; and the
matrix of who reads what whom wrote. Environments are those of `parity upgrade`; answers are kept in
its cache, so that a second call takes seconds. `--sections` leaves the matrix as it was recorded;
`--render` only writes the page again.
"""

from __future__ import annotations

import datetime
import json
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import attrs

from core.dialects.options import Printing
from core.dialects.registry import dialect
from core.run.backends.registry import installed, version_of
from core.trace.encoding import Json, plain
from core.upgrade.environments.request import read_spec
from core.upgrade.environments.resolve import Resolved, Resolver
from core.upgrade.environments.store import Environment, EnvironmentStore
from core.upgrade.environments.uv import index_options
from core.upgrade.rehearsal.engine import upgrade_folder
from core.upgrade.why.api import api_changes
from core.upgrade.why.artifacts.exchange import Exchange, exchange
from core.upgrade.why.asking import Fields, Inside, inside
from core.upgrade.why.explaining import SEEN
from core.upgrade.why.meanings.changes import changes
from core.upgrade.why.names import name_changes, surface_warnings
from core.upgrade.why.source import Source, packages_of
from core.upgrade.why.usage import Usage, usage_of
from tools.changes.backends import apart
from tools.changes.changelog import render
from tools.changes.entries import Entry, entries
from tools.cli import options

ROOT = Path(__file__).resolve().parents[2]
LEGACY = "keras==2.15.0 tensorflow-cpu==2.15.1"
MINORS = (
    *("3.0.5", "3.1.1", "3.2.1", "3.3.3", "3.4.1", "3.5.0", "3.6.0", "3.7.0", "3.8.0", "3.9.2"),
    *("3.10.0", "3.11.3", "3.12.4", "3.13.2", "3.14.1", "3.15.1"),
)
EXCHANGED = ("3.0.5", "3.3.3", "3.6.0", "3.12.4", "3.15.1")
"""Besides Keras 2.15: who writes and reads saved models."""

Ready = tuple[Resolved, Environment]


def spec(release: str) -> str:
    """One TensorFlow for every Keras 3, so that what changes is Keras."""
    return f"keras=={release} tensorflow-cpu==2.16.2"


def _ready(spec: str) -> Ready:
    cache = upgrade_folder()
    resolved = Resolver(cache / "resolutions").resolve(read_spec(spec))
    store = EnvironmentStore(cache / "environments", options=index_options())
    return resolved, store.ensure(resolved, _say)


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


@cache
def usages(name: str) -> dict[str, Usage]:
    """What each guide's code uses, printed for legacy Keras or for Keras 3."""
    own, choices = dialect(name), Printing()
    sources: dict[str, list[str]] = {}
    for scenario in options.catalog(()).scenarios:
        if own.refusal(scenario) is None:
            sources.setdefault(scenario.guide.id, []).append(own.program(scenario, choices).source)
    return {guide: usage_of(found) for guide, found in sources.items()}


def _seen(place: Ready) -> list[Fields]:
    _say(f"asking {place[0].request.spec}")
    return inside(*place).ask_once(*SEEN)


@cache
def _source(root: Path) -> Source:
    return Source(packages_of(root))


def _section(base: Ready, newest: Ready, seen: Sequence[Sequence[Fields]]) -> list[Entry]:
    used = usages("legacy" if base[0].legacy else "tensorflow")
    before, after = (_source(place[1].root) for place in (base, newest))
    (meant, named), (means, names) = seen
    return entries(
        used,
        {guide: api_changes(before, after, usage) for guide, usage in used.items()},
        changes(meant, means),
        name_changes(named, names),
        surface_warnings(named, names),
    )


def gather(matrix: Json | None) -> Mapping[str, Json]:
    """Everything that the page shows.

    Args:
        matrix: the recorded matrix of saved models; None records it again.

    Raises:
        ParityError: an environment that cannot be made or does not answer.
    """
    specs = [LEGACY, *(spec(release) for release in MINORS)]
    places = {each: _ready(each) for each in specs}
    with ThreadPoolExecutor(2) as threads:
        seen = dict(zip(specs, threads.map(_seen, places.values()), strict=True))
    newest = specs[-1]
    sections = [
        {
            "spec": each,
            "entries": plain(_section(places[each], places[newest], (seen[each], seen[newest]))),
        }
        for each in specs[:-1]
    ]
    today = datetime.datetime.now(tz=datetime.UTC).date().isoformat()
    return {
        "format": 1,
        "command": "python -m tools.changes",
        "recorded": today,
        "newest": newest,
        "sections": sections,
        "backends": _backends(),
        "exchange": plain(attrs.asdict(_exchanged(places))) if matrix is None else matrix,
    }


def _backends() -> Json:
    """The probes on every backend of this repository's own environment."""
    answers: dict[str, Fields] = {}
    for backend in installed():
        _say(f"asking this environment on {backend}")
        place = Inside(Path(sys.executable), backend, "", "this environment")
        (answers[backend],) = place.ask(SEEN[:1])
    versions = [f"Keras {version_of('keras')}", *(f"{b} {version_of(b)}" for b in answers)]
    return {
        "environment": ", ".join(versions),
        "backends": list(answers),
        "rows": [plain(row) for row in apart(answers)],
    }


def _exchanged(places: Mapping[str, Ready]) -> Exchange:
    chosen = [LEGACY, *(spec(release) for release in EXCHANGED)]
    _say("saved models: writing and reading")
    folder = upgrade_folder() / "inside" / "saved"
    return exchange({each: inside(*places[each]) for each in chosen}, folder)


def main() -> None:
    """Writes both files."""
    path = ROOT / "docs" / "changes.json"
    if "--render" not in sys.argv:
        text = json.dumps(gather(_recorded(path)), ensure_ascii=False, indent=1)
        path.write_text(text + "\n", encoding="utf-8")
    document: Mapping[str, object] = json.loads(path.read_text(encoding="utf-8"))
    (ROOT / "docs" / "changes.md").write_text(render(document), encoding="utf-8")


def _recorded(path: Path) -> Json | None:
    """The matrix on disk, where `--sections` asks for the rest alone."""
    if "--sections" not in sys.argv:
        return None
    empty: Json = {"specs": [], "passages": []}
    try:
        document: Mapping[str, Json] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return empty
    return document.get("exchange", empty)


if __name__ == "__main__":
    main()
