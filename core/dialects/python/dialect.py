"""A dialect of Python: everything but the step, which each dialect prints its own way."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import ClassVar

import attrs

from core.dialects.options import Printing
from core.dialects.plan import Event, Object, SetUp, Train, identifiers, origin, plan
from core.dialects.program import Program, Watch
from core.dialects.python import data, heading, saving
from core.dialects.python.building import ModelPrinter, built_more_than_once
from core.dialects.python.layers import LayerWords, loss, metric, optimizer
from core.dialects.python.logging import Numbers
from core.dialects.python.needs import needs_time, saves_sheets
from core.dialects.python.page import Page
from core.spec import Scenario, ops
from core.spec.kinds import Op

_TOOLS = (ops.MakeOptimizer, ops.MakeLoss, ops.MakeMetric)


class PythonDialect(ABC):
    """Prints scenarios as programs of one framework.

    Attributes:
        id: the word after the `@` in `guide/section@dialect`.
        name: what a reader calls it.
        backend: the backend that runs its programs.
        words: how it writes layers.
    """

    id: ClassVar[str]
    name: ClassVar[str]
    backend: ClassVar[str]
    language: ClassVar[str] = "python"
    words: ClassVar[LayerWords]

    @abstractmethod
    def draws(self, op: Op) -> bool:
        """Whether constructing something draws random numbers that later ones would miss."""

    def refusal(self, scenario: Scenario) -> str | None:  # noqa: ARG002
        """Why the dialect cannot say what a scenario does; None where it can."""
        return None

    @abstractmethod
    def imports(self, page: Page, events: tuple[Event, ...]) -> None:
        """Prints the imports."""

    def seed(self, page: Page, events: tuple[Event, ...]) -> None:  # noqa: ARG002
        """Prints the seeding."""
        page.line(
            f"keras.utils.set_random_seed({page.options.seed})",
            ["seed"],
            "Initial weights, sample order and draws all follow from this seed.",
            gap=True,
        )

    def import_keras(self, page: Page, events: tuple[Event, ...], *first: str) -> None:
        """Prints the choice of the backend and Keras's import, other imports first."""
        page.line("import os", ["imports"])
        if self.prints_time(events):
            page.line("import time", ["imports"])
        page.line(
            f'os.environ["KERAS_BACKEND"] = "{self.backend}"',
            ["imports"],
            "Keras reads this when it is imported.",
            gap=True,
        )
        for number, line in enumerate((*first, "import keras")):
            page.line(line, ["imports"], gap=number == 0)

    def definitions(self, page: Page, events: tuple[Event, ...]) -> None:
        """Prints what the program defines once, before its sections."""
        for event in events:
            if isinstance(event, Train) and (place := saves_sheets(event.scenario)):
                page.line(saving.SHEET, [f"{place}.function"], gap=True)
                return

    @abstractmethod
    def open_dataset(self, page: Page, op: ops.OpenDataset, place: str, *, labels: bool) -> None:
        """Prints how a dataset is opened."""

    @abstractmethod
    def seed_framework(self, page: Page, op: ops.SeedFramework, place: str) -> None:
        """Prints how the framework's own generator is seeded."""

    @abstractmethod
    def train(self, page: Page, scenario: Scenario) -> Watch:
        """Prints a section's loop; positions in the watch are those of the page."""

    def program(self, scenario: Scenario, options: Printing) -> Program:
        """The whole program of a scenario."""
        events = plan(scenario, self.draws)
        page = Page(scenario, options, identifiers(events))
        models = ModelPrinter(page, self.words, built_more_than_once(events))
        labels = data.labelled(events)
        self.imports(page, events)
        self.seed(page, events)
        self.definitions(page, events)
        begin: int | None = None
        watch: Watch | None = None
        for event in events:
            page.scenario = event.scenario
            if event.scenario is scenario and begin is None:
                begin = len(page.statements)
            if isinstance(event, SetUp):
                heading.section(page, event, events)
                self._set_up(page, event, models, labels)
            else:
                watch = self.train(page, event.scenario)
        assert watch is not None
        assert begin is not None
        return Program(
            scenario=scenario.id,
            dialect=self.id,
            language="python",
            title=heading.title(scenario, self.name),
            about=heading.about(scenario),
            statements=tuple(page.statements),
            watch=attrs.evolve(watch, begin=begin),
        )

    def _set_up(
        self, page: Page, event: SetUp, models: ModelPrinter, labels: Mapping[Object, bool]
    ) -> None:
        scenario = event.scenario
        tool = False
        for position in event.positions:
            op, place = scenario.setup[position], f"setup[{position}]"
            tool, before = isinstance(op, _TOOLS), tool
            gap = not before
            match op:
                case ops.BuildModel():
                    models.build(op, place, heading.model_comment(page, op))
                    self.built(page, op)
                case ops.MakeOptimizer():
                    page.assign(page.name(op.out), optimizer(op.optimizer), [place], gap=gap)
                case ops.MakeLoss():
                    page.assign(page.name(op.out), loss(op.loss), [place], gap=gap)
                case ops.MakeMetric() if self.keeps(scenario, op):
                    page.assign(page.name(op.out), metric(op.metric), [place], gap=gap)
                case ops.LoadImages():
                    data.load(page, op, place, labels=self._labels(scenario, op.out, labels))
                case ops.SplitData():
                    data.split(page, op, place)
                case ops.OpenDataset():
                    known = labels.get(origin(scenario, op.out), True)
                    self.open_dataset(page, op, place, labels=known)
                case ops.SeedFramework():
                    self.seed_framework(page, op, place)
                case ops.Log():
                    numbers = Numbers(scenario.loop, "")
                    page.line(numbers.printed(op.template), [place], gap=True)

    def keeps(self, scenario: Scenario, op: ops.MakeMetric) -> bool:  # noqa: ARG002
        """Whether the dialect has a use for a metric."""
        return True

    def prints_time(self, events: tuple[Event, ...]) -> bool:
        """Whether some line that is printed holds a time."""
        return needs_time(events)

    def built(self, page: Page, op: ops.BuildModel) -> None:
        """A model was printed: what the page knew of another under its name is void."""
        page.known.discard(page.name(op.out))

    def _labels(self, scenario: Scenario, arrays: str, labels: Mapping[Object, bool]) -> bool:
        """Whether some dataset over these arrays, or over a part of them, holds labels."""
        sources = {arrays}
        for op in scenario.setup:
            if isinstance(op, ops.SplitData) and op.source in sources:
                sources |= {op.train, op.validation}
        opened = [
            op for op in scenario.setup if isinstance(op, ops.OpenDataset) and op.source in sources
        ]
        split = len(sources) > 1
        return split or any(labels.get(origin(scenario, op.out), True) for op in opened)

    def set_batch_size(self, page: Page, op: ops.OpenDataset, place: str) -> str:
        """Prints `batch_size` where it changes with the dataset that the loop goes over."""
        looped = page.scenario.loop.dataset == op.out
        if page.batch_size == op.batch:
            return "batch_size"
        if looped or page.batch_size is None:
            page.assign("batch_size", str(op.batch), [f"{place}.batch"], gap=True)
            page.batch_size = op.batch
            return "batch_size"
        return str(op.batch)
