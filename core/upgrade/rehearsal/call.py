"""What `upgrade` and `bisect` are called with, as far as a run depends on it."""

from __future__ import annotations

from attrs import frozen

from core.run.runner.options import RunOptions
from core.upgrade.rehearsal.run import Limits
from core.upgrade.rehearsal.subjects import Subject

STEPS = 40
"""Controlled steps of a scenario where one model is trained: inside most scenarios' horizons."""

ADVERSARIAL_STEPS = 4
"""Of one where two are trained in turn: a step of convolutions takes two seconds of a processor."""

DOCUMENT_STEPS = 200
"""Of a document, all its loops together."""

NATIVE_STEPS = 2
"""By then a native run has drawn weights, an order, and a step's noise and dropout twice."""


@frozen
class Call:
    """A call.

    Attributes:
        ids: scenarios and documents, as given; none for every scenario.
        data: the data set's name or path.
        seed: the seed of every run.
        steps: training steps of a controlled run; None is what its kind of subject gets, 0 the
            guide's own length.
        native_steps: training steps of a native run.
        time_limit: seconds for one run.
        memory_limit: GiB for one process; 0 for no limit.
        folders: further scenario folders.
        controls: whether every candidate is also compared with itself, run once more.
    """

    ids: tuple[str, ...]
    data: str
    seed: int
    steps: int | None = None
    native_steps: int = NATIVE_STEPS
    time_limit: float = Limits().seconds
    memory_limit: float = Limits().memory / 2**30
    folders: tuple[str, ...] = ()
    controls: bool = False

    @property
    def limits(self) -> Limits:
        """What one run may take."""
        return Limits(self.time_limit, int(self.memory_limit * 2**30))

    def _steps(self, subject: Subject) -> int | None:
        if self.steps is not None:
            return self.steps or None
        if not subject.updates_per_step:
            return DOCUMENT_STEPS
        return STEPS if subject.updates_per_step == 1 else ADVERSARIAL_STEPS

    def controlled(self, subject: Subject) -> RunOptions:
        """The controlled run: every number is judged."""
        return RunOptions(seed=self.seed, randomness="controlled", steps=self._steps(subject))

    def native(self, subject: Subject) -> RunOptions:
        """The native run: it shows another random stream, and needs a few steps for that."""
        longest = self._steps(subject) or self.native_steps
        steps = min(self.native_steps, longest)
        return RunOptions(seed=self.seed, randomness="native", steps=steps)

    @property
    def length_words(self) -> str:
        """What the head of a report says of the length of runs."""
        native = f"native ones stop after {self.native_steps}"
        if self.steps == 0:
            return f"controlled runs have the guide's own length; {native} steps"
        if self.steps is not None:
            return f"controlled runs stop after {self.steps} training steps, {native}"
        return (
            f"controlled runs stop after {STEPS} training steps ({ADVERSARIAL_STEPS} where two "
            f"models are trained in turn, {DOCUMENT_STEPS} in documents), {native}; "
            "--steps changes that, --steps 0 runs the guide's own length"
        )
