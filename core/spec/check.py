"""What must be true of a scenario as a whole: define before use, kinds, single assignment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.errors import SpecError
from core.spec.kinds import Kind, Op, Reference
from core.spec.ops.log import (
    Log,
    ReadMetric,
    ResetMetric,
    SaveImage,
    SaveModel,
    Sheet,
    Validate,
    template_names,
)
from core.spec.ops.setup import (
    BuildModel,
    Continue,
    LoadImages,
    MakeLoss,
    MakeMetric,
    MakeOptimizer,
    OpenDataset,
    SeedFramework,
    SplitData,
)
from core.spec.ops.step import (
    AddTracked,
    Affine,
    Apply,
    Call,
    Concat,
    Draw,
    Fill,
    Gradients,
    GradScope,
    Loss,
    Return,
    Sum,
    UpdateMetric,
)

if TYPE_CHECKING:
    from core.spec.scenario import Scenario

_VALUES = (AddTracked, Affine, Call, Concat, Draw, Fill, Loss, Sum)
ALLOWED: dict[str, tuple[type[Op], ...]] = {
    "setup": (
        BuildModel,
        Continue,
        LoadImages,
        Log,
        MakeLoss,
        MakeMetric,
        MakeOptimizer,
        OpenDataset,
        SeedFramework,
        SplitData,
    ),
    "step": (*_VALUES, GradScope, Gradients, Apply, UpdateMetric, Return),
    "evaluate": (*_VALUES, UpdateMetric),
    "on_log": (Log, SaveImage, Sheet, Draw, Call),
    "on_epoch_end": (ReadMetric, ResetMetric, Log, Validate, SaveModel),
}
_FILE_NUMBERS = {"epoch", "epoch_index", "step", "batches"}


class _Walk:
    """Follows the ops of one phase and keeps the names that exist so far."""

    def __init__(self, scenario: Scenario, phase: str, known: dict[str, Kind]) -> None:
        self._scenario = scenario
        self._phase = phase
        self._known = known
        self._position = ""

    def fail(self, op: Op, what: str, rule: str, remedy: str) -> SpecError:
        where = f"{self._scenario.id}: {self._phase}[{self._position}] {type(op).__name__}"
        return SpecError(what, where=where, expected=rule, remedy=remedy)

    def follow(self, ops: tuple[Op, ...], prefix: str = "") -> None:
        for index, op in enumerate(ops):
            self._position = f"{prefix}{index}"
            if not isinstance(op, ALLOWED[self._phase]):
                words = ", ".join(kind.__name__ for kind in ALLOWED[self._phase])
                raise self.fail(op, f"op = {op!r}", f"one of {words}", "move it to its own phase")
            self._use(op, op.uses())
            self._files(op)
            if isinstance(op, GradScope):
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

    def _files(self, op: Op) -> None:
        if isinstance(op, SaveImage | Sheet | SaveModel):
            unknown = sorted(set(template_names(op.file)) - _FILE_NUMBERS)
            if unknown:
                rule = f"a file name over {', '.join(sorted(_FILE_NUMBERS))}"
                raise self.fail(op, f"file = {op.file!r}", rule, f"drop {', '.join(unknown)}")


def _check_step(scenario: Scenario) -> None:
    returns = [index for index, op in enumerate(scenario.step) if isinstance(op, Return)]
    if returns != [len(scenario.step) - 1]:
        raise SpecError(
            f"Return at positions {returns} of {len(scenario.step)} ops",
            where=f"{scenario.id}: step",
            expected="exactly one Return, as the step's last op",
            remedy="end the step with one Return that names its losses",
        )
    applied: set[str] = set()
    for op in scenario.step:
        if isinstance(op, Gradients) and op.model in applied:
            raise SpecError(
                f"differentiates with regard to {op.model!r} after an update changed it",
                where=f"{scenario.id}: step Gradients {op.out!r}",
                expected="gradients taken before the update that uses them",
                remedy="move Gradients before Apply",
            )
        if isinstance(op, Apply):
            applied.add(op.model)
        if isinstance(op, GradScope):
            applied.clear()


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
    for line in (*loop.announce, *loop.closing):
        _Walk(scenario, "on_epoch_end", dict(setup)).follow((line,))

    validations = [op for op in scenario.on_epoch_end if isinstance(op, Validate)]
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
