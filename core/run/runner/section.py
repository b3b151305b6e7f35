"""One scenario's loop: epochs, segments, logging, end of an epoch.

An epoch is cut into *segments* of consecutive steps with the same batch size; a segment also ends
where `on_log` needs more than numbers (an image, a draw), because what it reads changes with the
next step.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import attrs
import numpy as np
from attrs import define, field
from numpy.typing import NDArray

from core.run.backends.protocol import (
    Array,
    Segment,
    Value,
)
from core.run.randomness.order import batches
from core.run.runner import printing
from core.run.runner.checkpoint import Checkpoints
from core.run.runner.epoch_end import EpochEnd
from core.run.runner.feeding import Feeder
from core.run.runner.interpret import Interpreter
from core.run.runner.options import execution_of
from core.run.runner.recording import Recorder
from core.run.runner.replay import spot_check
from core.run.runner.session import Dataset, Session
from core.run.runner.station import Station
from core.run.runner.steppers import Steppers, dropout_masks
from core.run.runner.taps import Taps
from core.spec import Scenario, ops
from core.trace import LogLine

Progress = Callable[[str, int, int], None]
OnTaps = Callable[[int, range, Mapping[str, Array]], None]
LONGEST_SEGMENT = 512  # bounds the memory of fed draws and kept tensors
LONGEST_TAPPED = 4


def quiet(scenario: str, done: int, total: int) -> None:
    """Progress that nobody watches."""
    del scenario, done, total


@define(eq=False)
class SectionRun:
    """One scenario's loop.

    Attributes:
        session: the objects and options.
        scenario: what runs.
        progress: called with (scenario id, steps done, steps in all).
        whole: run the guide's whole length whatever the options ask.
        out: where checkpoints and saved models go.
        resume: continue from the checkpoint in `out`.
        station: where in training to start, and for how many steps; None is the guide's loop.
        on_taps: called after each segment with the epoch, its steps, and what every op of the step
            made by tap name, shape (steps, …); None taps nothing.
        taps: the names of those taps, in execution order.
        steppers: the compiled steps.
    """

    session: Session
    scenario: Scenario
    progress: Progress
    whole: bool = field(kw_only=True)
    out: Path | None = field(kw_only=True, default=None)
    resume: bool = field(kw_only=True, default=False)
    station: Station | None = field(kw_only=True, default=None)
    on_taps: OnTaps | None = field(kw_only=True, default=None)
    recorder: Recorder = field(init=False)
    execution: str = field(init=False)
    _interpreter: Interpreter = field(init=False)
    taps: tuple[str, ...] = field(init=False, default=())
    steppers: Steppers = field(init=False)
    _feeders: tuple[Feeder, Feeder] = field(init=False)
    _ending: EpochEnd = field(init=False)
    _done: int = field(init=False, default=0)

    def __attrs_post_init__(self) -> None:
        session, scenario = self.session, self.scenario
        self.execution = execution_of(scenario, session.options)
        # Only controlled runs are fed masks; native ones draw theirs inside the layer, as the guide
        # does.
        masks = dropout_masks(session, scenario) if session.controlled else {}
        handles = session.bound[scenario.id]
        counts = {name: len(mask.layers) for name, mask in masks.items()}
        dataset = self._dataset
        self._interpreter = Interpreter(session.backend, handles, dataset.batch, counts)
        draws = session.draws(scenario)
        self._feeders = (
            Feeder(draws, dataset.batch, masks),
            Feeder(draws, dataset.batch, masks, prefix="on_log/"),
        )
        pairs = [
            (handles[op.optimizer], handles[op.model])
            for op in scenario.step
            if isinstance(op, ops.Apply)
        ]
        # Before the first step is compiled: a compiled function cannot make variables, and slots
        # are some.
        session.state = session.backend.initial_state(pairs, session.state)
        # Evaluation runs the untapped interpreter, so that looking at a step costs nothing
        # elsewhere.
        tapped = self._interpreter
        if self.on_taps is not None:
            taps = Taps(session.backend, handles, scenario)
            taps.keep_layers()
            tapped = attrs.evolve(self._interpreter, watch=taps.watch)
            self.taps = tuple(tap.name for tap in taps.all)
        self.steppers = Steppers(session, scenario, self._interpreter, tapped, self.taps)
        self._begin()

    def at(self, station: Station) -> SectionRun:
        """The same loop at another station; what is compiled stays."""
        self.station = station
        self._begin()
        return self

    def _begin(self) -> None:
        session, scenario = self.session, self.scenario
        self.recorder = Recorder(losses={name: [] for name in scenario.returned.losses})
        for text in session.printed[scenario.id]:
            self.recorder.log.append(LogLine(text))
        self._ending = EpochEnd(session, scenario, self.recorder, self.steppers, self.out)

    @property
    def _dataset(self) -> Dataset:
        return self.session.dataset(self.scenario, self.scenario.loop.dataset)

    @property
    def _epochs(self) -> int:
        asked = None if self.whole else self.session.options.epochs
        return asked or self.scenario.loop.epochs

    @property
    def _limit(self) -> int | None:
        """Training steps in all, those before a station included: as asked, else the cap."""
        options, cap = self.session.options, self.scenario.loop.cap
        if self.station is not None:
            return self._start + self.station.steps
        if self.whole:
            return cap
        if options.steps is not None:
            return options.steps
        return cap if options.epochs is None else None

    @property
    def _start(self) -> int:
        """Training steps before the first one to take."""
        if self.station is None:
            return 0
        steps = self.scenario.loop.steps(self._dataset.batches)
        return self.station.epoch * steps + self.station.step

    def all_epochs(self) -> None:
        """The loop of the guide, or a station's part of it."""
        loop = self.scenario.loop
        started = time.perf_counter()
        steps = loop.steps(self._dataset.batches)
        self.recorder.steps_per_epoch = steps
        wanted = steps * self._epochs
        total = wanted if self._limit is None else min(self._limit, wanted)
        self._done = self._start
        finished = self._resume(steps) if self.resume else self._done // max(steps, 1)
        self.progress(self.scenario.id, self._done, total)
        for epoch in range(finished, self._epochs):
            left = total - self._done
            if steps and not left:
                break
            first = self._done - epoch * steps
            stop = min(steps, first + left)
            self._epoch(epoch, range(first, stop), total)
            if self._checkpoints and stop == steps:
                self._checkpoints.write(epoch + 1, self.execution, self.recorder)
        if self._done < wanted:
            return  # stopped before the loop's end, which the guide's closing lines follow
        for op in loop.closing:
            numbers = {"seconds": time.perf_counter() - started}
            self.recorder.log.extend(printing.lines(op, numbers))

    @property
    def _checkpoints(self) -> Checkpoints | None:
        return None if self.out is None else Checkpoints(self.out, self.session, self.scenario)

    def _resume(self, steps: int) -> int:
        """Goes on from the last checkpoint; returns how many epochs it had finished."""
        found = self._checkpoints.read(self.recorder) if self._checkpoints else None
        if found is None:
            return 0
        epochs, self.execution = found
        self._done = epochs * steps
        for epoch in range(epochs):  # a native order is consumed pass by pass
            self._dataset.order(self.session.draws(self.scenario), epoch)
        return epochs

    def _epoch(self, epoch: int, steps: range, total: int) -> None:
        scenario, session = self.scenario, self.session
        loop = scenario.loop
        full = loop.steps(self._dataset.batches)
        started = time.perf_counter()
        numbers: dict[str, float] = {
            "epoch": epoch + loop.first_epoch,
            "epoch_index": epoch,
            "batches": self._dataset.batches,
        }
        for op in loop.announce:
            self.recorder.log.extend(printing.lines(op, numbers))
        if steps:
            order = self._dataset.order(session.draws(scenario), epoch)
            pieces = batches(order, self._dataset.batch)[: steps.stop]
            self._replay_check(epoch, pieces)
            for segment_steps in self._segments(pieces, steps.start):
                self._segment(epoch, segment_steps, pieces, numbers)
                self._done += len(segment_steps)
                self.progress(scenario.id, self._done, total)
        if steps.stop == full:
            self._ending.run(numbers, started, self.execution)

    def _replay_check(self, epoch: int, pieces: list[NDArray[np.int64]]) -> None:
        asked = self.session.options.execution
        declared = self.scenario.execution
        # An execution that was asked for is used as it is; only the silent replacement is checked.
        # A run from a station is compared with the reference, whatever executes it.
        first = epoch == 0 and not self._done and self.station is None
        if first and asked is None and self.execution != declared:
            self.recorder.replay, agreed = spot_check(
                self.session, self.scenario, self.steppers.training, pieces, used=self.execution
            )
            if not agreed:
                self.execution = declared

    def _segments(self, pieces: list[NDArray[np.int64]], start: int) -> Iterator[range]:
        """Steps from `start` on of one batch size each, cut where a log needs tensors."""
        # A Log needs numbers, which are kept for every step; an image or a draw needs the model as
        # it is at that step, so that nothing may have trained on.
        stops = any(not isinstance(op, ops.Log) for op in self.scenario.on_log)
        longest = LONGEST_SEGMENT if self.on_taps is None else LONGEST_TAPPED
        for step, piece in list(enumerate(pieces))[start:]:
            last = step + 1 == len(pieces)
            # A compiled loop has one batch size: a smaller last batch is a segment of its own.
            cut = last or len(pieces[step + 1]) != len(piece)
            cut = cut or (stops and self.scenario.loop.logs(step))
            if cut or step + 1 - start >= longest:
                yield range(start, step + 1)
                start = step + 1

    def segment(self, epoch: int, steps: range, pieces: list[NDArray[np.int64]]) -> Segment:
        """Consecutive steps of an epoch whose batches are `pieces`, with their controlled draws."""
        indices = np.stack([pieces[step] for step in steps])
        fed = {}
        if self.session.controlled:
            sizes = dict.fromkeys(self.scenario.loop.batch, len(indices[0]))
            fed = self._feeders[0].rows(self.scenario.step, sizes, epoch, steps)
        return Segment(indices, fed)

    def _segment(
        self,
        epoch: int,
        steps: range,
        pieces: list[NDArray[np.int64]],
        numbers: Mapping[str, float],
    ) -> None:
        session, scenario = self.session, self.scenario
        segment = self.segment(epoch, steps, pieces)
        result, session.state = self.steppers.training(self.execution).run(segment, session.state)
        self.recorder.keep(result.losses)
        self.recorder.count("samples", segment.indices.size)
        if self.on_taps is not None:
            self.on_taps(epoch, steps, result.taps)
        for position, step in enumerate(steps):
            if scenario.loop.logs(step):
                losses = {name: float(values[position]) for name, values in result.losses.items()}
                self._log(epoch, step, {**numbers, **losses}, result.tensors)

    def _log(
        self, epoch: int, step: int, numbers: dict[str, float], tensors: Mapping[str, Value]
    ) -> None:
        session, scenario = self.session, self.scenario
        numbers["step"] = scenario.loop.number(step)
        numbers["seen"] = (step + 1) * self._dataset.batch
        env: dict[str, Value] = dict(tensors)
        if session.controlled:
            fed = self._feeders[1].one(scenario.on_log, {}, epoch, step)
            env |= {name: session.backend.put(array) for name, array in fed.items()}
        for op in scenario.on_log:
            match op:
                case ops.Log():
                    self.recorder.log.extend(printing.lines(op, numbers))
                case ops.SaveImage():
                    images = session.backend.get(env[op.images])
                    saved = printing.first_image(op, images, numbers, epoch, step)
                    self.recorder.images.append(saved)
                case ops.Sheet():
                    images = session.backend.get(env[op.images])
                    self.recorder.images.append(printing.sheet(op, images, numbers, epoch, step))
                case _:
                    env, session.state = self._interpreter.run((op,), env, session.state)
