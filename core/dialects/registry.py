"""The dialects by id, which one a guide speaks itself, and how `guide/section@dialect` is read."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Protocol

from core.dialects.fit import FitDialect
from core.dialects.jax import JaxDialect
from core.dialects.legacy import LegacyDialect
from core.dialects.options import Printing
from core.dialects.program import Program
from core.dialects.r import RDialect
from core.dialects.tensorflow import TensorFlowDialect
from core.dialects.torch import TorchDialect
from core.errors import UsageError, did_you_mean
from core.spec import Scenario, ops


class Dialect(Protocol):
    """Prints scenarios."""

    @property
    def id(self) -> str:
        """The word after the `@`."""
        ...

    @property
    def name(self) -> str:
        """What a reader calls it."""
        ...

    @property
    def language(self) -> str:
        """`python` or `r`."""
        ...

    @property
    def backend(self) -> str:
        """The backend that runs its programs."""
        ...

    def refusal(self, scenario: Scenario) -> str | None:
        """Why the dialect cannot say what a scenario does; None where it can."""
        ...

    def program(self, scenario: Scenario, options: Printing) -> Program:
        """A scenario's program."""
        ...


_ALL: tuple[Dialect, ...] = (
    TensorFlowDialect(),
    JaxDialect(),
    TorchDialect(),
    LegacyDialect(),
    RDialect(),
    FitDialect(),
)
DIALECTS: Mapping[str, Dialect] = MappingProxyType({dialect.id: dialect for dialect in _ALL})


def dialect(name: str) -> Dialect:
    """The dialect of a name.

    Raises:
        UsageError: there is none.
    """
    if name not in DIALECTS:
        raise UsageError(
            f"unknown dialect {name!r}",
            where="ID@dialect",
            expected=f"one of {', '.join(DIALECTS)}",
            remedy=did_you_mean(name, DIALECTS, "name one of them, or none for the guide's own"),
        )
    return DIALECTS[name]


def own_dialect(scenario: Scenario) -> Dialect:
    """The dialect nearest to a guide's own text among those that run with today's Keras.

    A guide that samples with R's `sample.int` is written in R. The Keras 2 guides are printed for
    Keras 3 unless asked for as `@legacy`.
    """
    sections = (scenario, *scenario.after, *scenario.continues)
    sequence = (op for section in sections for op in section.setup)
    in_r = any(isinstance(op, ops.SplitData) and op.how == "r_sample_int" for op in sequence)
    return DIALECTS["r" if in_r else "tensorflow"]


def printed(scenario: Scenario, dialect: Dialect, options: Printing) -> Program:
    """A scenario's program in a dialect.

    Raises:
        UsageError: the dialect cannot say what the scenario does.
    """
    refusal = dialect.refusal(scenario)
    if refusal is not None:
        others = ", ".join(name for name, one in DIALECTS.items() if not one.refusal(scenario))
        raise UsageError(
            refusal,
            where=f"{scenario.id}@{dialect.id}",
            expected=f"a dialect that has words for this section: {others}",
            remedy="choose one of them",
        )
    return dialect.program(scenario, options)
