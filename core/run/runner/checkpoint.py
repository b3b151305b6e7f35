"""Checkpoints: a long run with an output folder can be killed and resumed from its last epoch.

A checkpoint holds every variable and everything recorded so far. Under controlled randomness the
draws are addressed by epoch, so that a resumed run repeats not one later loss differently; native
draws cannot be wound back, and a resumed native run goes on with others.
"""

from __future__ import annotations

import io
import json
from pathlib import Path

import attrs
import numpy as np
from attrs import frozen

from core.errors import UsageError
from core.run.backends.protocol import Array
from core.run.runner.recording import Recorder
from core.run.runner.session import Session
from core.spec import Scenario
from core.storage import write_atomically
from core.trace import Image, LogLine, Replay

FILE = "checkpoint.npz"


def run_folder(out: Path, scenario: str, backend: str) -> Path:
    """The folder below `out` that one run writes into."""
    return out / f"{scenario.replace('/', '.')}@{backend}"


@frozen
class Checkpoints:
    """Writes and reads the checkpoints of one run.

    Attributes:
        folder: the run's own folder.
        session: where the variables live.
        scenario: what runs.
    """

    folder: Path
    session: Session
    scenario: Scenario

    @property
    def path(self) -> Path:
        """The checkpoint's file."""
        return self.folder / FILE

    def _identity(self) -> dict[str, object]:
        """What a checkpoint must share with the run that resumes from it."""
        options = self.session.options
        return {
            "scenario": self.scenario.id,
            "backend": self.session.backend.name,
            "seed": options.seed,
            "randomness": options.randomness,
            "precision": options.precision,
            "data": self.session.data.sha256,
        }

    def write(self, epochs: int, execution: str, recorder: Recorder) -> None:
        """Writes the state after `epochs` whole epochs; the old file stays until it is there."""
        variables = self.session.backend.snapshot(
            self.session.stateful(self.scenario), self.session.state
        )
        meta = {
            "identity": self._identity(),
            "epochs": epochs,
            "execution": execution,
            "losses": {k: list(v) for k, v in recorder.flat_losses().items()},
            "metrics": recorder.metrics,
            "log": [attrs.asdict(line) for line in recorder.log],
            "images": [attrs.asdict(image) for image in recorder.images],
            "replay": attrs.asdict(recorder.replay) if recorder.replay else None,
        }
        arrays: dict[str, Array] = {f"v{index}": value for index, value in enumerate(variables)}
        buffer = io.BytesIO()
        np.savez(buffer, allow_pickle=False, meta=np.array(json.dumps(meta)), **arrays)
        write_atomically(self.path, buffer.getvalue())

    def read(self, recorder: Recorder) -> tuple[int, str] | None:
        """Restores variables and record.

        Returns:
            How many epochs were finished and in which execution; None where there is none yet.

        Raises:
            UsageError: the file is damaged, or belongs to another run.
        """
        if not self.path.exists():
            return None
        try:
            with np.load(self.path, allow_pickle=False) as file:
                meta = json.loads(str(file["meta"]))
                variables = [file[f"v{index}"] for index in range(len(file.files) - 1)]
        except Exception as error:
            raise self._unusable(f"cannot be read ({error})", "a whole checkpoint") from error
        wrong = {
            name: (meta["identity"].get(name), value)
            for name, value in self._identity().items()
            if meta["identity"].get(name) != value
        }
        if wrong:
            words = ", ".join(f"{name} {old!r}, now {new!r}" for name, (old, new) in wrong.items())
            raise self._unusable(f"belongs to another run ({words})", "the same run")
        handles, session = self.session.stateful(self.scenario), self.session
        session.state = session.backend.restore(handles, variables, session.state)
        for name, values in meta["losses"].items():
            recorder.losses[name] = [np.asarray(values, dtype=np.float64)]
        recorder.metrics = {name: list(values) for name, values in meta["metrics"].items()}
        recorder.log = [LogLine(**line) for line in meta["log"]]
        recorder.images = [Image(**image) for image in meta["images"]]
        recorder.replay = Replay(**meta["replay"]) if meta["replay"] else None
        return int(meta["epochs"]), str(meta["execution"])

    def _unusable(self, what: str, expected: str) -> UsageError:
        return UsageError(
            f"the checkpoint {what}",
            where=str(self.path),
            expected=expected,
            remedy="leave --resume out, or name another --out",
        )
