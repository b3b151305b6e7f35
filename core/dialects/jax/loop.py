"""A loop on JAX: compiled functions, and the state between them."""

from __future__ import annotations

from attrs import define

from core.dialects.jax.state import StateNames, has_others
from core.dialects.jax.steps import JaxSteps, JaxWords
from core.dialects.layout import Expr, Group, after, bare, before, call
from core.dialects.nesting import Nesting, fills_only
from core.dialects.python.loop import LoopPrinter, returned
from core.spec import ops
from core.spec.kinds import Kind, Op

PURE = "Functions that JAX compiles change nothing: state goes in, new state comes out."
COMPILED = "Compiled once for each shape of batch."
BACK = "The model itself still holds its first weights."


@define
class JaxLoop(LoopPrinter):
    """Prints a section's loop on JAX."""

    @property
    def state(self) -> StateNames:
        """The variables of objects' states."""
        return StateNames(self.page, self.scenario)

    def printer(self, phase: str, *, returns_state: bool = True) -> JaxSteps:
        """Prints a phase's ops."""
        sequence = self.scenario.phase(phase)
        return JaxSteps(self.page, phase, sequence, JaxWords(), returns_state=returns_state)

    def define(self) -> None:
        """Prints the first state, `train_step` and `test_step`."""
        self._first_state()
        scenario, page = self.scenario, self.page
        taken = self.state.taken(scenario.step)
        page.line("@jax.jit", ["step.function"], COMPILED, gap=True)
        header = Group("def train_step(", ("state", *scenario.loop.batch), "):")
        page.line(header, ["step.function"])
        with page.block():
            page.line(_unpacked(taken), ["step.state"])
            printer = self.printer("step")
            printer.run(printer.sequence)
            where = [f"step[{len(scenario.step) - 1}]"]
            names = [printer.name(n) for n in returned(scenario)]
            page.assign("state", bare(*taken), ["step.state"])
            page.line(before("return ", bare(*names, "state")), where)
        for index, op in enumerate(scenario.on_epoch_end):
            if isinstance(op, ops.Validate):
                self._test_step(op, f"on_epoch_end[{index}]")

    def _test_step(self, op: ops.Validate, place: str) -> None:
        page, sequence = self.page, self.scenario.evaluate
        arguments = [*self.state.taken(sequence), *op.batch]
        page.line("@jax.jit", [f"{place}.function"], COMPILED, gap=True)
        page.line(Group("def test_step(", tuple(arguments), "):"), [f"{place}.function"])
        with page.block():
            printer = self.printer("evaluate", returns_state=False)
            printer.run(printer.sequence)
            page.line(before("return ", bare(*self._counts())), [f"{place}.function"])

    def _counts(self) -> tuple[str, ...]:
        """The metrics that an evaluation changes."""
        changed = self.state.changed(self.scenario.evaluate)
        return tuple(name for name in changed if name.endswith("_counts"))

    def _first_state(self) -> None:
        """Prints the variables that hold the objects' state before the first step."""
        page, scenario, state = self.page, self.scenario, self.state
        models = {op.optimizer: op.model for op in scenario.step if isinstance(op, ops.Apply)}
        sequence = (*scenario.step, *scenario.evaluate)
        used = {name for op in sequence for name in state.taken((op,))}
        comment, gap = PURE, True
        for name, kind in scenario.setup_names.items():
            variables = state.of(name)
            if not variables or not used & set(variables) or variables[0] in page.known:
                continue
            page.known.update(variables)
            thing = page.name(name)
            where = [f"state.{name}"]
            if kind is Kind.OPTIMIZER:
                weights = f"{page.name(models[name])}.trainable_variables"
                page.line(f"{thing}.build({weights})", where, comment, gap=gap)
                comment, gap = "", False
            for variable, attribute in zip(variables, _ATTRIBUTES[kind], strict=True):
                value = f"[v.value for v in {thing}.{attribute}]"
                page.assign(variable, value, where, comment, gap=gap)
                comment, gap = "", False

    def held(self, names: str) -> str:
        """Every batch is a tuple, of images alone too."""
        return names if names.startswith("(") else f"({names},)"

    def before_epochs(self) -> None:
        """Prints how the state is packed, where no epoch's end looks into it."""
        if not self.scenario.on_epoch_end:
            self._pack(gap=True)

    def before_batches(self) -> None:
        """Prints how the state is packed for the step."""
        if self.scenario.on_epoch_end:
            self._pack(gap=bool(self.scenario.loop.announce))

    def after_batches(self) -> None:
        """Prints how the state is unpacked again."""
        if self.scenario.on_epoch_end:
            self._unpack()

    def after_epochs(self) -> None:
        """Prints how trained weights get back into their models."""
        if not self.scenario.on_epoch_end:
            self._unpack(gap=True)
        if self.scenario is not self.page.own:
            return
        trained = {op.model for op in self.scenario.step if isinstance(op, ops.Apply)}
        for name in self.scenario.setup_names:
            if name in trained and not self._saved(name):
                self.before_saving(name)

    def _saved(self, model: str) -> bool:
        ends = self.scenario.on_epoch_end
        return any(isinstance(op, ops.SaveModel) and op.model == model for op in ends)

    def _pack(self, *, gap: bool = False) -> None:
        taken = self.state.taken(self.scenario.step)
        self.page.assign("state", bare(*taken), ["step.pack"], gap=gap)

    def _unpack(self, *, gap: bool = False) -> None:
        taken = self.state.taken(self.scenario.step)
        self.page.line(_unpacked(taken), ["step.pack"], gap=gap)

    def before_log(self) -> None:
        """Prints the unpacking where a sample image needs the state."""
        if any(isinstance(op, ops.Draw | ops.Call) for op in self.scenario.on_log):
            self._unpack()

    def after_log(self) -> None:
        """Prints the packing where a sample image drew."""
        if any(isinstance(op, ops.Draw) for op in self.scenario.on_log):
            self._pack()

    def step(self) -> None:
        """Prints the call of the compiled step."""
        scenario = self.scenario
        nesting = Nesting(scenario.step, fills_only)
        names = [nesting.variable(n) for n in returned(scenario)]
        value = call("train_step", "state", *scenario.loop.batch)
        self.page.line(before(f"{', '.join([*names, 'state'])} = ", value), ["step.call"])

    def validation_step(self, op: ops.Validate, place: str) -> None:
        """Prints the call of the compiled evaluation."""
        arguments = [*self.state.taken(self.scenario.evaluate), *op.batch]
        counts = ", ".join(self._counts())
        self.page.assign(counts, call("test_step", *arguments), [f"{place}.call"])

    def on_log_op(self, op: Op) -> None:
        """Prints a draw or a call for a sample image."""
        printer = self.printer("on_log", returns_state=not isinstance(op, ops.Call))
        for written in printer.nesting.statements(printer.sequence):
            if written.op is op:
                printer.statement(written)

    def read(self, op: ops.ReadMetric, place: str) -> None:
        """Prints `stateless_result`."""
        value = f"{self.page.name(op.metric)}.stateless_result({self.state.counts(op.metric)})"
        self.page.assign(op.out, value, [place], gap=place.endswith("[0]"))

    def reset(self, op: ops.ResetMetric, place: str) -> None:
        """Prints `stateless_reset_state`."""
        value = f"{self.page.name(op.metric)}.stateless_reset_state()"
        self.page.assign(self.state.counts(op.metric), value, [place])

    def before_saving(self, model: str) -> None:
        """Prints how the state gets back into a model's variables."""
        page, state = self.page, self.state
        thing = page.name(model)
        for variables, values in (
            ("trainable_variables", state.weights(model)),
            ("non_trainable_variables", state.others(model)),
        ):
            if values.endswith("_others") and not has_others(self.scenario.model_spec(model)):
                continue
            header = Group("for variable, value in zip(", (f"{thing}.{variables}", values), "):")
            page.line(header, ["state.back"], BACK, gap=True)
            with page.block():
                page.line("variable.assign(value)", ["state.back"])


_ATTRIBUTES = {
    Kind.MODEL: ("trainable_variables", "non_trainable_variables"),
    Kind.OPTIMIZER: ("variables",),
    Kind.METRIC: ("variables",),
}


def _unpacked(names: tuple[str, ...]) -> Expr:
    """The state taken apart."""
    return after(bare(*names), " = state")
