"""The page of changes, as Markdown, from the recorded document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import cast

from core.upgrade.why.artifacts.exchange import ROUNDING, Exchange, Passage
from tools.changes.backends import Apart, table

_TITLES = {
    "loud": "stops with an error",
    "quiet": "means something else",
    "default": "another default",
    "stream": "other random numbers",
    "name": "another name",
    "warning": "another warning",
}
_HEAD = """\
# What changed in Keras, up to the newest, for the five guides

For whoever moves a training loop from one Keras to another and asks what changed in between.

Made by `{command}` on {recorded} and committed as it came; `docs/changes.json` holds everything.
Each section compares one release with `{newest}`. Of the public API only what the guides' code uses
is listed, signatures being read from both packages with griffe; what a call means is computed in
both environments and compared with references in NumPy (`core/upgrade/why/meanings/readings.py`);
names and warnings are those of models like the guides'. TensorFlow is 2.16.2 throughout, except
beside Keras 2.15.
"""
Fields = Mapping[str, object]


def render(document: Fields) -> str:
    """The page of a recorded document."""
    lines = [
        _HEAD.format(
            command=document["command"], recorded=document["recorded"], newest=document["newest"]
        )
    ]
    sections = cast("Sequence[Fields]", document["sections"])
    lines += _overview(sections)
    for section in sections:
        lines += _section(section)
    lines += _backends(cast(Fields, document["backends"]))
    lines += _exchange(exchange_from(cast(Fields, document["exchange"])))
    return "\n".join(lines).rstrip() + "\n"


def exchange_from(fields: Fields) -> Exchange:
    """The matrix of writers and readers, from its JSON fields."""
    passages = []
    for each in cast("Sequence[Fields]", fields["passages"]):
        difference = each["difference"]
        passages.append(
            Passage(
                writer=str(each["writer"]),
                reader=str(each["reader"]),
                model=str(each["model"]),
                form=str(each["form"]),
                difference=float(difference) if isinstance(difference, int | float) else None,
                error=str(each["error"]),
                keys=tuple(str(key) for key in cast("Sequence[object]", each["keys"])),
                after=str(each["after"]),
            )
        )
    return Exchange(tuple(str(s) for s in cast("Sequence[object]", fields["specs"])), (*passages,))


def _overview(sections: Sequence[Fields]) -> Iterator[str]:
    yield "| from | " + " | ".join(_TITLES.values()) + " |"
    yield "|---|" + "---:|" * len(_TITLES)
    for section in sections:
        kinds = [entry["kind"] for entry in _entries(section)]
        counts = " | ".join(str(kinds.count(kind)) for kind in _TITLES)
        yield f"| {_release(str(section['spec']))} | {counts} |"
    yield ""


def _entries(section: Fields) -> Sequence[Fields]:
    return cast("Sequence[Fields]", section["entries"])


def _release(spec: str) -> str:
    return f"Keras {spec.partition('keras==')[2].partition(' ')[0]}"


def _section(section: Fields) -> Iterator[str]:
    yield f"## From {_release(str(section['spec']))}"
    yield ""
    found = _entries(section)
    for kind, title in _TITLES.items():
        mine = [entry for entry in found if entry["kind"] == kind]
        if not mine:
            continue
        yield f"**{title[0].upper()}{title[1:]}**"
        yield ""
        for entry in mine:
            guides = ", ".join(str(guide) for guide in cast("Sequence[object]", entry["guides"]))
            guides = guides or "no guide's code uses it"
            what, evidence = (_plain(str(entry[name])) for name in ("what", "evidence"))
            yield f"- {what} ({evidence}; {guides})"
        yield ""
    if not found:
        yield "Nothing that the guides use."
        yield ""


def _backends(found: Fields) -> Iterator[str]:
    """The calls whose meaning depends on the backend."""
    rows = [
        Apart(str(row["probe"]), str(row["setting"]), cast("Mapping[str, str]", row["words"]))
        for row in cast("Sequence[Fields]", found["rows"])
    ]
    yield "## By backend"
    yield ""
    yield f"The same probes in one environment ({found['environment']}): what a call means on each"
    yield "backend, where it is not the same on all. Random streams are each backend's own."
    yield ""
    yield from table(rows, [str(name) for name in cast("Sequence[object]", found["backends"])])
    yield ""


def _plain(text: str) -> str:
    """Text that Markdown leaves alone."""
    for sign in ("\\", "*", "_", "<", "`", "["):
        text = text.replace(sign, f"\\{sign}")
    return text


def _exchange(found: Exchange) -> Iterator[str]:
    yield "## Saved models: who reads what whom wrote"
    yield ""
    if not found.passages:
        yield "Not recorded yet: `python -m tools.changes` without `--sections` does."
        return
    yield "Five models (a functional classifier, the same compiled and trained, the GAN's two, one"
    yield "with batch normalization and dropout) in each format. A number is the largest difference"
    yield f"of predictions, relative to the largest of them; up to {ROUNDING:g} counts as the same."
    yield "Rows write, columns read."
    yield ""
    for form in found.forms:
        yield f"### `{form}`"
        yield ""
        yield "| written by | " + " | ".join(_release(s) for s in found.specs) + " |"
        yield "|---|" + "---|" * len(found.specs)
        for writer in found.specs:
            cells = [_cell(found.between(writer, reader, form)) for reader in found.specs]
            yield f"| {_release(writer)} | " + " | ".join(cells) + " |"
        yield ""
    yield from _failures(found)


def _cell(passages: Sequence[Passage]) -> str:
    works = [p for p in passages if p.works]
    if len(works) == len(passages):
        return f"{max((p.difference or 0.0) for p in works):.0e}" if works else ""
    return f"{len(works)} of {len(passages)}"


def _failures(found: Exchange) -> Iterator[str]:
    """What fails, each once for all writers, readers and models that it concerns."""
    failed: dict[tuple[str, str, tuple[str, ...], str], list[Passage]] = {}
    for passage in found.passages:
        if not passage.works:
            what = "" if passage.keys else (passage.error or passage.words)
            key = (_release(passage.reader), passage.form, passage.keys, what)
            failed.setdefault(key, []).append(passage)
    if not failed:
        return
    yield "### What fails, and because of which key"
    yield ""
    for (reader, form, keys, error), passages in failed.items():
        writers = ", ".join(dict.fromkeys(_release(p.writer) for p in passages))
        models = ", ".join(dict.fromkeys(p.model for p in passages))
        if keys:
            names = ", ".join(f"`{key}`" for key in keys)
            mended = all(p.difference is not None for p in passages)
            tail = "loads without" if mended else f"then {_plain(passages[0].after)}"
            why = f"{names} ({tail})"
        else:
            why = _plain(error)
        yield f"- {reader} reading `{form}` of {writers} ({models}): {why}"
    yield ""
