"""A user's own file in every environment, and back."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

from attrs import frozen

from core.errors import UsageError
from core.upgrade.why.artifacts.exchange import Passage, passage_of
from core.upgrade.why.asking import Inside


@frozen
class Kept:
    """What became of a user's file.

    Attributes:
        path: the file.
        passages: read by each candidate, against the baseline's predictions; then, where the
            candidate could write it again, read back by the baseline.
        notes: what kept it from being compared.
    """

    path: Path
    passages: tuple[Passage, ...]
    notes: tuple[str, ...] = ()


def keep(path: Path, places: Mapping[str, Inside]) -> Kept:
    """Reads a file in every environment.

    Args:
        path: a `.keras` or `.h5` file that holds a whole model.
        places: environments by SPEC, the baseline first.

    Raises:
        UsageError: no such file, or one that holds no model.
        ExecutionError: an environment that does not answer.
    """
    if not path.is_file() or path.name.endswith(".weights.h5"):
        raise UsageError(
            "holds no whole model" if path.is_file() else "cannot be read (no such file)",
            where=f"--artifact {path}",
            expected="a .keras or .h5 file that `load_model` reads without further code",
            remedy="save the model itself, not its weights alone",
        )
    base, *others = places
    passages: list[Passage] = []
    notes: list[str] = []
    file = str(path.resolve())
    with tempfile.TemporaryDirectory(prefix="parity-artifact-") as folder:
        outs = {spec: Path(folder, str(number)) for number, spec in enumerate(places)}
        for out in outs.values():
            out.mkdir()
        (own,) = places[base].ask([{"do": "own", "path": file, "out": str(outs[base])}])
        made = outs[base] / "predictions.npz"
        if not made.exists():
            said = own.get("error") or own.get("predicts") or "no predictions"
            return Kept(path, (passage_of(base, base, path.name, own),), (f"{base}: {said}",))
        for spec in others:
            found, mine = places[spec].ask(
                [
                    {"do": "apart", "path": file, "predictions": str(made)},
                    {"do": "own", "path": file, "out": str(outs[spec])},
                ]
            )
            passages.append(passage_of(base, spec, path.name, found))
            again = outs[spec] / f"again{path.suffix}"
            if again.exists():
                asked = {"do": "apart", "path": str(again), "predictions": str(made)}
                (back,) = places[base].ask([asked])
                passages.append(passage_of(spec, base, path.name, back))
            elif "again" in mine and mine["again"] is not True:
                notes.append(f"{spec} cannot save it again: {mine['again']}")
    return Kept(path, tuple(passages), tuple(notes))
