"""The named objects that live across a guide's sections, and the state that training changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from attrs import define, field, frozen
from numpy.typing import NDArray

from core.run.backends.protocol import Array, Backend, Handle, State, Value
from core.run.data import ImageData
from core.run.randomness.addressed import Addressed
from core.run.randomness.nudge import nudged
from core.run.randomness.order import buffer_shuffle
from core.run.randomness.r_sample import r_sample_int
from core.run.randomness.weights import initial_weights
from core.run.runner.options import RunOptions
from core.spec import Scenario, ops
from core.spec.kinds import Kind, Op


@frozen(eq=False)
class Arrays:
    """Images and labels, the first axis shared."""

    x: Array
    y: Array


@define(eq=False)
class Dataset:
    """An opened dataset: arrays, batch size and where the order of a pass comes from."""

    name: str
    arrays: Arrays
    batch: int
    shuffle: int | None
    native: Iterator[Array] | None

    @property
    def count(self) -> int:
        """Number of samples."""
        return len(self.arrays.x)

    @property
    def batches(self) -> int:
        """Number of batches in a pass, a smaller last one included."""
        return -(-self.count // self.batch)

    def order(self, draws: Addressed, epoch: int) -> NDArray[np.int64]:
        """The sample order of the next pass."""
        if self.native is not None:
            return np.asarray(next(self.native), dtype=np.int64)
        if self.shuffle is None:
            return np.arange(self.count, dtype=np.int64)
        generator = draws.generator(f"order/{self.name}", epoch)
        return buffer_shuffle(self.count, self.shuffle, generator)


@define(eq=False)
class Session:
    """One process's objects: everything that sections build, by section and name.

    Attributes:
        backend: where the objects live.
        data: the images.
        options: the run's choices.
        bound: objects by scenario id, then name.
        trained: scenarios whose loop has run, in order.
        state: what training changes (a token where the backend changes it in place).
    """

    backend: Backend
    data: ImageData
    options: RunOptions
    bound: dict[str, dict[str, object]] = field(factory=dict)
    trained: list[str] = field(factory=list)
    state: State = None
    printed: dict[str, list[str]] = field(factory=dict)
    _put: dict[int, tuple[Array, Value]] = field(factory=dict)

    def __attrs_post_init__(self) -> None:
        # Once for the process: native draws depend on every draw before them, as in the guide.
        self.backend.seed(self.options.seed)

    @property
    def controlled(self) -> bool:
        """Whether draws are addressed."""
        return self.options.randomness == "controlled"

    def draws(self, scenario: Scenario) -> Addressed:
        """The addressed draws of a scenario."""
        return Addressed(self.options.seed, scenario.stream)

    def put(self, array: Array) -> Value:
        """The array on the backend; a second call with the same array costs nothing."""
        # An id may be used again once its array is freed; the array is held and compared, so that a
        # new one at an old address is not taken for it.
        held = self._put.get(id(array))
        if held is None or held[0] is not array:
            held = (array, self.backend.put(array))
            self._put[id(array)] = held
        return held[1]

    def names(self, scenario: Scenario, kind: Kind) -> list[str]:
        """Names of one kind in a scenario's setup, in order."""
        return [name for name, found in scenario.setup_names.items() if found is kind]

    def handle(self, scenario: Scenario, name: str) -> Handle:
        """The object a name stands for in a scenario."""
        return self.bound[scenario.id][name]

    def stateful(self, scenario: Scenario) -> list[Handle]:
        """The models, optimizers and metrics of a scenario: everything a snapshot holds."""
        return [
            self.handle(scenario, name)
            for kind in (Kind.MODEL, Kind.OPTIMIZER, Kind.METRIC)
            for name in self.names(scenario, kind)
        ]

    def named_stateful(self, scenario: Scenario) -> dict[str, Handle]:
        """The models, optimizers and metrics of a scenario by name."""
        kept = {id(handle) for handle in self.stateful(scenario)}
        return {n: h for n, h in self.bound[scenario.id].items() if id(h) in kept}

    def variables(self, scenario: Scenario) -> dict[str, Array]:
        """What training changes, by `object/variable`: weights, slots, counters."""
        found = {}
        for name, handle in self.named_stateful(scenario).items():
            values = self.backend.values(handle, self.state)
            for variable in self.backend.variables(handle):
                found[f"{name}/{variable}"] = np.array(self.backend.get(values[variable]))
        return found

    def margins(self, metric: Handle) -> tuple[float, ...] | None:
        """How close the closest samples of an accuracy are; None on a framework."""
        found = self.backend.values(metric, self.state).get("margins")
        return None if found is None else tuple(float(v) for v in self.backend.get(found))

    def set_variables(self, scenario: Scenario, values: Mapping[str, Array]) -> None:
        """Sets what is given and is here in the same shape, in this backend's precision."""
        own = self.variables(scenario)
        for name, handle in self.named_stateful(scenario).items():
            given = {}
            for variable in self.backend.variables(handle):
                full = f"{name}/{variable}"
                if full in values and values[full].shape == own[full].shape:
                    given[variable] = values[full].astype(own[full].dtype)
            self.state = self.backend.set_values(handle, given, self.state)

    def dataset(self, scenario: Scenario, name: str) -> Dataset:
        """The dataset a name stands for."""
        found = self.handle(scenario, name)
        assert isinstance(found, Dataset)
        return found

    def set_up(self, scenario: Scenario) -> None:
        """Runs a scenario's setup once, after the setups of the guide's earlier sections."""
        if scenario.id in self.bound:
            return
        # Native weights depend on the order in which models are built, so that earlier setups run
        # even where this section uses nothing of them.
        for earlier in scenario.after:
            self.set_up(earlier)
        names: dict[str, object] = {}
        self.bound[scenario.id] = names
        self.printed[scenario.id] = []
        for op in scenario.setup:
            self._make(scenario, op, names)

    def _make(self, scenario: Scenario, op: Op, names: dict[str, object]) -> None:
        key = f"{scenario.id}:{getattr(op, 'out', '')}"
        match op:
            case ops.BuildModel():
                names[op.out] = self._model(scenario, op, key)
            case ops.MakeOptimizer():
                names[op.out] = self.backend.make_optimizer(key, op.optimizer)
            case ops.MakeLoss():
                names[op.out] = self.backend.make_loss(op.loss)
            case ops.MakeMetric():
                names[op.out] = self.backend.make_metric(key, op.metric)
            case ops.LoadImages():
                names[op.out] = load_images(self.data, op)
            case ops.SplitData():
                names[op.train], names[op.validation] = self._split(scenario, op, names[op.source])
            case ops.OpenDataset():
                names[op.out] = self._dataset(op, names[op.source])
            case ops.Continue():
                self.set_up(op.section)
                earlier = self.bound[op.section.id]
                names.update({name: earlier[name] for name in op.names})
            case ops.SeedFramework():
                if not self.controlled:
                    self.state = self.backend.seed_framework(op.seed, self.state)
            case ops.Log():
                self.printed[scenario.id].extend(op.template.split("\n"))

    def _model(self, scenario: Scenario, op: ops.BuildModel, key: str) -> Handle:
        model = self.backend.build_model(key, op.model, masks_fed=self.controlled)
        if self.controlled:
            # Keras drew weights of its own while it built the model; addressed ones replace them.
            shapes = {k: v.shape for k, v in self.backend.weights(model, self.state).items()}
            values = initial_weights(self.draws(scenario), op.out, op.model, shapes)
            if self.options.nudge:
                values = nudged(self.draws(scenario), op.out, values, self.options.nudge)
            self.state = self.backend.set_weights(model, values, self.state)
        return model

    def _split(
        self, scenario: Scenario, op: ops.SplitData, source: object
    ) -> tuple[Arrays, Arrays]:
        assert isinstance(source, Arrays)
        if op.how == "last":
            return split_last(source, op.reserve)
        count = len(source.x)
        if self.controlled:
            generator = self.draws(scenario).generator(f"split/{op.source}")
            drawn = generator.permutation(count)[: op.reserve]
        else:
            # R counts from 1.
            drawn = r_sample_int(self.options.seed, count, op.reserve) - 1
        return split_drawn(source, np.asarray(drawn, dtype=np.int64))

    def _dataset(self, op: ops.OpenDataset, source: object) -> Dataset:
        assert isinstance(source, Arrays)
        native = None
        if op.shuffle is not None and not self.controlled:
            # Opened here, where the guide opens its own: tf.data takes its seed from the global
            # stream now.
            native = self.backend.native_order(len(source.x), op.shuffle, op.batch)
        return Dataset(op.out, source, op.batch, op.shuffle, native)


def load_images(data: ImageData, op: ops.LoadImages) -> Arrays:
    """The arrays of a LoadImages op: flat (n, 784) or image (n, 28, 28, 1), in its dtype."""
    parts = [(data.x_train, data.y_train), (data.x_test, data.y_test)][: len(op.parts)]
    x: Array = np.concatenate([part[0] for part in parts]) if len(parts) > 1 else parts[0][0]
    y: Array = np.concatenate([part[1] for part in parts]) if len(parts) > 1 else parts[0][1]
    shape = (len(x), 784) if op.layout == "flat" else (len(x), 28, 28, 1)
    if op.dtype == "float32":
        scaled = x.astype(np.float32)
        x = (scaled - np.float32(op.offset)) / np.float32(op.divisor)
    elif op.dtype == "int32":
        x, y = x.astype(np.int32), y.astype(np.int32)
    return Arrays(np.reshape(x, shape), y)


def split_last(source: Arrays, reserve: int) -> tuple[Arrays, Arrays]:
    """Training and validation arrays, the last `reserve` samples set aside."""
    kept = len(source.x) - reserve
    return Arrays(source.x[:kept], source.y[:kept]), Arrays(source.x[kept:], source.y[kept:])


def split_drawn(source: Arrays, drawn: NDArray[np.int64]) -> tuple[Arrays, Arrays]:
    """Training and validation arrays, the `drawn` samples (from 0) set aside in that order."""
    kept = np.ones(len(source.x), dtype=bool)
    kept[drawn] = False
    return Arrays(source.x[kept], source.y[kept]), Arrays(source.x[drawn], source.y[drawn])
