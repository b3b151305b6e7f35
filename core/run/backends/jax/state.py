"""The state that JAX threads: arrays by the key of the object they belong to.

A Keras variable holds its initial value until its object is first needed; from then on the state
holds the truth, and the variable only names it. So the state can start as None, and a section can
go on with objects of an earlier one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from core.run.backends.building import ModelHandle, Stateful

Arrays = dict[str, Any]
Object = ModelHandle | Stateful
DRAWS = "draws"  # the key that native draws are split from
_TRACKED = "/tracked"


def trainable(model: ModelHandle) -> str:
    """Where a model's trainable variables are."""
    return f"{model.key}/trainable"


def others(model: ModelHandle) -> str:
    """Where a model's other variables are: moving statistics and seed generators."""
    return f"{model.key}/others"


def tracked(model: ModelHandle) -> str:
    """Where the losses of a model's last call are, within a step."""
    return f"{model.key}{_TRACKED}"


def without_tracked(state: Mapping[str, Any]) -> Arrays:
    """The state without tracked losses, whose number must not change from step to step."""
    return {key: value for key, value in state.items() if not key.endswith(_TRACKED)}


def keys(handle: Object) -> tuple[str, ...]:
    """Where an object's variables are."""
    if isinstance(handle, ModelHandle):
        return trainable(handle), others(handle)
    return (handle.key,)


def part(state: Mapping[str, Any], handles: Iterable[Any]) -> Arrays:
    """The state of some objects and of the draws."""
    return {key: state[key] for key in (DRAWS, *(key for h in handles for key in keys(h)))}


def entries(handle: Object) -> dict[str, list[Any]]:
    """The Keras variables of an object by their key in the state."""
    if isinstance(handle, ModelHandle):
        return {
            trainable(handle): handle.model.trainable_variables,
            others(handle): handle.model.non_trainable_variables,
        }
    return {handle.key: handle.variables}


def adopted(state: Mapping[str, Any] | None, handles: Iterable[Object]) -> Arrays:
    """The state with the initial values of objects that it does not hold yet."""
    held = dict(state or {})
    for handle in handles:
        for key, variables in entries(handle).items():
            if key not in held:
                held[key] = [variable.value for variable in variables]
    return held
