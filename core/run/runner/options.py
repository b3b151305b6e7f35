"""How a scenario is to be run."""

from __future__ import annotations

from attrs import field, frozen

from core.errors import UsageError
from core.spec import Scenario, rules

EXECUTIONS = ("eager", "graph", "fused")
RANDOMNESS = ("native", "controlled")
PRECISIONS = ("float32", "float64")


@frozen
class RunOptions:
    """The choices of one run.

    Attributes:
        seed: the one seed.
        randomness: `native` consumes random numbers exactly as the guide's code does;
            `controlled` addresses them.
        execution: `eager`, `graph` or `fused`; None is the guide's own, replayed fused where the
            step draws nothing.
        precision: `float32` or `float64`.
        steps: stop after this many training steps in all.
        epochs: another number of epochs than the guide's.
        nudge: controlled initial weights are moved by this many units in the last place, to see
            how far rounding alone carries a run (`core.run.randomness.nudge`).
    """

    seed: int = field(default=1, validator=rules.natural)
    randomness: str = field(default="native", validator=rules.one_of(*RANDOMNESS))
    execution: str | None = field(default=None, validator=rules.one_of(None, *EXECUTIONS))
    precision: str = field(default="float32", validator=rules.one_of(*PRECISIONS))
    steps: int | None = field(default=None, validator=rules.optional(rules.count))
    epochs: int | None = field(default=None, validator=rules.optional(rules.count))
    nudge: int = field(default=0, validator=rules.natural)


def check_promise(scenario: Scenario, options: RunOptions) -> None:
    """Refuses a combination that cannot keep its promise.

    Native randomness promises the guide's own draws. Within one compiled graph the draws do not
    depend on whether the loop is inside it, so `graph` and `fused` agree; eager execution seeds
    each drawing op differently (measured: the GAN's first losses differ).

    Raises:
        UsageError: native randomness under an execution in which the step's draws would differ.
    """
    asked = options.execution
    if options.randomness != "native" or asked is None or not scenario.step_draws:
        return
    if (asked == "eager") != (scenario.execution == "eager"):
        raise UsageError(
            f"--randomness native with --execution {asked}",
            where=scenario.id,
            expected=f"the guide's own execution ({scenario.execution}), because this step draws "
            "random numbers and the framework seeds them differently when eager",
            remedy="leave --execution out, or use --randomness controlled",
        )


def execution_of(scenario: Scenario, options: RunOptions) -> str:
    """The execution to use: as asked, else fused where the step draws nothing, else declared."""
    if options.execution is not None:
        return options.execution
    return scenario.execution if scenario.step_draws else "fused"
