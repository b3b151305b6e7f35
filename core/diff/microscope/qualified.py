"""Qualified ids: a scenario, and how it is run.

`keras_io_tf/gan@jax,execution=eager,precision=float64`: after the `@` the backend, then any of
execution and precision.
"""

from __future__ import annotations

import attrs
from attrs import frozen

from core.errors import UsageError, did_you_mean
from core.extras import install_command
from core.run.backends.registry import installed
from core.run.runner.options import EXECUTIONS, PRECISIONS
from core.spec import BACKENDS, Scenario
from core.spec.catalog import Catalog

SETTINGS = {"execution": EXECUTIONS, "precision": PRECISIONS}
EXAMPLE = "keras_io_tf/first_loop@tensorflow,precision=float64"


@frozen
class Qualified:
    """A scenario with the way to run it.

    Attributes:
        text: as it was asked for.
        scenario: what to run.
        backend: where.
        execution: in which mode; None is the guide's own.
        precision: `float32` or `float64`.
    """

    text: str
    scenario: Scenario
    backend: str
    execution: str | None = None
    precision: str = "float32"


def qualified(catalog: Catalog, text: str) -> Qualified:
    """Reads a qualified id.

    Raises:
        UsageError: an unknown scenario, backend, setting or value, or several scenarios.
    """
    name, _, rest = text.partition("@")
    selected = catalog.select([name])
    if len(selected) != 1:
        raise _wrong(text, f"{name!r} stands for {len(selected)} scenarios", "one guide/section")
    scenario = selected[0]
    backend, *settings = rest.split(",") if rest else (_usual(scenario),)
    if backend not in BACKENDS:
        raise _unknown(text, f"unknown backend {backend!r}", backend, BACKENDS)
    if backend not in scenario.backends:
        rule = f"one of {', '.join(scenario.backends)}"
        raise _wrong(text, f"{scenario.id} does not run on {backend}", rule)
    found = Qualified(text, scenario, backend)
    for setting in settings:
        key, _, value = setting.partition("=")
        if key not in SETTINGS:
            raise _unknown(text, f"unknown setting {key!r}", key, tuple(SETTINGS))
        if value not in SETTINGS[key]:
            raise _unknown(text, f"{key} = {value!r}", value, SETTINGS[key])
        if key == "execution":
            found = attrs.evolve(found, execution=value)
        else:
            found = attrs.evolve(found, precision=value)
    return found


def check_installed(asked: Qualified) -> None:
    """Refuses a run on a backend that is not here.

    Raises:
        UsageError: the backend is not installed.
    """
    if asked.backend not in installed():
        raise UsageError(
            f"backend {asked.backend!r} is not installed",
            where=asked.text,
            expected=f"an installed backend: {', '.join(installed()) or 'there is none'}",
            remedy=install_command(asked.backend),
        )


def _usual(scenario: Scenario) -> str:
    return scenario.backends[0]


def _unknown(text: str, what: str, asked: str, known: tuple[str, ...]) -> UsageError:
    remedy = did_you_mean(asked, known, f"for example {EXAMPLE}")
    rule = f"one of {', '.join(known)}"
    return UsageError(what, where=text, expected=rule, remedy=remedy)


def _wrong(text: str, what: str, expected: str) -> UsageError:
    return UsageError(what, where=text, expected=expected, remedy=f"for example {EXAMPLE}")
