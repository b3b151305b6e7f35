"""What must be true of a scenario as a whole: define before use, kinds, single assignment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.errors import SpecError
from core.spec import ops
from core.spec.kinds import Kind, Op, Reference
from core.spec.ops.log import LOOP_NUMBERS, template_names

if TYPE_CHECKING:
    from core.spec.scenario import Scenario

_VALUES = (ops.AddTracked, ops.Affine, ops.Call, ops.Concat, ops.Draw, ops.Fill, ops.Loss, ops.Sum)
ALLOWED: dict[str, tuple[type[Op], ...]] = {
    "setup": (
        ops.BuildModel,
        ops.Continue,
        ops.LoadImages,
        ops.Log,
        ops.MakeLoss,
        ops.MakeMetric,
        ops.MakeOptimizer,
        ops.OpenDataset,
        ops.SeedFramework,
        ops.SplitData,
    ),
    "step": (*_VALUES, ops.GradScope, ops.Gradients, ops.Apply, ops.UpdateMetric, ops.Return),
    "evaluate": (*_VALUES, ops.UpdateMetric),
    "on_log": (ops.Log, ops.SaveImage, ops.Sheet, ops.Draw, ops.Call),
    "on_epoch_end": (ops.ReadMetric, ops.ResetMetric, ops.Log, ops.Validate, ops.SaveModel),
}


_EPOCH = frozenset({"epoch", "epoch_index", "batches"})
# Which of the loop's numbers exist where a line is printed or a file is named.
NUMBERS: dict[str, frozenset[str]] = {
    "announce": _EPOCH,
    "on_log": _EPOCH | {"step", "seen"},
    "on_epoch_end": _EPOCH | {"seconds"},
    "closing": frozenset({"seconds"}),
}


class _Walk:
    """Follows the ops of one phase and keeps the names that exist so far."""

    def __init__(
        self, scenario: Scenario, phase: str, known: dict[str, Kind], place: str = ""
    ) -> None:
        self._scenario = scenario
        self._phase = phase
        self._known = known
        self._numbers = NUMBERS.get(place or phase, frozenset())
        self._position = ""

    def fail(self, op: Op, what: str, rule: str, remedy: str) -> SpecError:
        where = f"{self._scenario.id}: {self._phase}[{self._position}] {type(op).__name__}"
        return SpecError(what, where=where, expected=rule, remedy=remedy)

    def follow(self, sequence: tuple[Op, ...], prefix: str = "") -> None:
        for index, op in enumerate(sequence):
            self._position = f"{prefix}{index}"
            if not isinstance(op, ALLOWED[self._phase]):
                words = ", ".join(kind.__name__ for kind in ALLOWED[self._phase])
                raise self.fail(op, f"op = {op!r}", f"one of {words}", "move it to its own phase")
            self._use(op, op.uses())
            self._templates(op)
            if isinstance(op, ops.GradScope):
                self.follow(op.body, prefix=f"{index}.")
                self._position = f"{prefix}{index}"
            self._make(op, op.makes())

    def _use(self, op: Op, references: tuple[Reference, ...]) -> None:
        for name, kind in references:
            found = self._known.get(name)
            if found is None:
                known = ", ".join(n for n, k in self._known.items() if k is kind) or "none"
                raise self.fail(
                    op,
                    f"uses {name!r}, which no op has made",
                    f"a {kind.value} made before this op; made so far: {known}",
                    "add the op that makes it, or correct the name",
                )
            if found is not kind:
                raise self.fail(
                    op,
                    f"uses {name!r} as {kind.value}, but it is {found.value}",
                    f"a name that stands for {kind.value}",
                    "correct the name",
                )

    def _make(self, op: Op, references: tuple[Reference, ...]) -> None:
        for name, kind in references:
            if name in self._known:
                raise self.fail(
                    op,
                    f"makes {name!r}, which exists already as {self._known[name].value}",
                    "single assignment: each name is made once",
                    "give this op's result another name",
                )
            self._known[name] = kind

    def _templates(self, op: Op) -> None:
        """Loop numbers that a template reads must exist where it is printed."""
        if isinstance(op, ops.Log):
            said = f"template = {op.template!r}"
            unknown = set(template_names(op.template)) & set(LOOP_NUMBERS)
        elif isinstance(op, ops.SaveImage | ops.Sheet | ops.SaveModel):
            said, unknown = f"file = {op.file!r}", set(template_names(op.file))
        else:
            return
        unknown -= self._numbers
        if unknown:
            there = ", ".join(sorted(self._numbers)) or "none"
            rule = f"loop numbers that exist there: {there}"
            remedy = f"drop {', '.join(sorted(unknown))}"
            raise self.fail(op, said, rule, remedy)


def _check_step(scenario: Scenario) -> None:
    returns = [index for index, op in enumerate(scenario.step) if isinstance(op, ops.Return)]
    if returns != [len(scenario.step) - 1]:
        raise SpecError(
            f"Return at positions {returns} of {len(scenario.step)} ops",
            where=f"{scenario.id}: step",
            expected="exactly one Return, as the step's last op",
            remedy="end the step with one Return that names its losses",
        )
    recorded: dict[str, set[str]] = {}  # what each tape's scope made
    changed: dict[str, set[str]] = {}  # models updated since each tape's scope
    for op in scenario.step:
        if isinstance(op, ops.GradScope):
            made = {name for inner in op.body for name, _ in inner.makes()}
            recorded.update(dict.fromkeys(op.tapes, made))
            changed.update({tape: set() for tape in op.tapes})
        elif isinstance(op, ops.Apply):
            for models in changed.values():
                models.add(op.model)
        elif isinstance(op, ops.Gradients):
            where = f"{scenario.id}: step Gradients {op.out!r}"
            if op.loss not in recorded[op.tape]:
                raise SpecError(
                    f"loss = {op.loss!r}",
                    where=where,
                    expected=f"a loss that the scope of {op.tape!r} computed",
                    remedy="compute the loss inside the scope, or name another tape",
                )
            if op.model in changed[op.tape]:
                raise SpecError(
                    f"differentiates with regard to {op.model!r} after an update changed it",
                    where=where,
                    expected="gradients taken before the update that uses them",
                    remedy="move Gradients before Apply",
                )


def check_scenario(scenario: Scenario) -> None:
    """Checks every phase.

    Raises:
        SpecError: an op in the wrong phase, a name used before it is made, used as another kind
            or made twice, a step without exactly one final Return, a phase that never runs.
    """
    setup: dict[str, Kind] = {}
    _Walk(scenario, "setup", setup).follow(scenario.setup)
    loop = scenario.loop
    if setup.get(loop.dataset) is not Kind.DATASET:
        raise SpecError(
            f"dataset = {loop.dataset!r}",
            where=f"{scenario.id}: loop.dataset",
            expected="a dataset that the setup opens or continues",
            remedy="add OpenDataset to the setup, or correct the name",
        )
    tensors = setup | dict.fromkeys(loop.batch, Kind.TENSOR)
    _Walk(scenario, "step", dict(tensors)).follow(scenario.step)
    _check_step(scenario)

    returned = scenario.returned
    logged = setup | dict.fromkeys(returned.losses, Kind.NUMBER)
    logged |= dict.fromkeys(returned.tensors, Kind.TENSOR)
    _Walk(scenario, "on_log", logged).follow(scenario.on_log)
    _Walk(scenario, "on_epoch_end", dict(setup)).follow(scenario.on_epoch_end)
    for place, lines in (("announce", loop.announce), ("closing", loop.closing)):
        _Walk(scenario, "on_epoch_end", dict(setup), place).follow(lines)

    validations = [op for op in scenario.on_epoch_end if isinstance(op, ops.Validate)]
    if bool(validations) != bool(scenario.evaluate):
        raise SpecError(
            f"evaluate has {len(scenario.evaluate)} ops, on_epoch_end has "
            f"{len(validations)} Validate",
            where=f"{scenario.id}: evaluate",
            expected="an evaluate phase exactly where a Validate runs it",
            remedy="add the missing one, or drop the other",
        )
    for op in validations:
        held = setup | dict.fromkeys(op.batch, Kind.TENSOR)
        _Walk(scenario, "evaluate", held).follow(scenario.evaluate)
