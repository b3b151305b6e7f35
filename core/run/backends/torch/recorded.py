"""A step recorded as its list of tensor operations, and replayed without Keras in between.

Most of a small step's time on torch goes into Python: Keras's layers, losses and optimizers, and
the building of autograd's graph. `make_fx` runs the step once and writes down every operation that
reaches torch's kernels, those of the backward pass and of the optimizer included, in order;
TorchScript then runs the list. Same kernels, same inputs, same order: same numbers. That is not
taken on trust: before a recording is used, it and the step itself run from the same state over
the same batches, and anything but equal bits refuses it.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any

Tensors = dict[str, Any]
Function = Callable[[Any, Tensors], Tensors]
CHECKED_STEPS = 3  # several, so that a draw frozen into the recording shows


def recorded(
    torch: Any, function: Function, variables: Sequence[Any], indices: Any, fed: Tensors
) -> Function | None:
    """A faster function whose results are bit-identical.

    Args:
        torch: the module.
        function: one step over (sample indices of shape (batch,), draws by name); it changes the
            variables in place and returns tensors by name.
        variables: every tensor that the step changes.
        indices: batches to record and check with, shape (steps, batch).
        fed: their draws, each of shape (steps, …).

    Returns:
        The function, or None where the step cannot be recorded or the recording differs. All
        variables and torch's generator are as before.
    """
    kept = _Kept(torch, variables)
    names = list(fed)
    first = _row(fed, 0)

    def flat(indices: Any, *draws: Any) -> Tensors:
        return function(indices, dict(zip(names, draws, strict=True)))

    try:
        script = _script(torch, flat, (indices[0], *(first[name] for name in names)), kept)
    except RuntimeError:
        return None
    finally:
        kept.restore()

    def replay(indices: Any, fed: Tensors) -> Tensors:
        made: Tensors = script(indices, *(fed[name] for name in names))
        return made

    count = min(CHECKED_STEPS, len(indices))
    outcomes = []
    for candidate in (function, replay):
        made = [candidate(indices[step], _row(fed, step)) for step in range(count)]
        values = [value for each in made for _, value in sorted(each.items())]
        outcomes.append([*(value.clone() for value in values), *kept.now()])
        kept.restore()
    same = all(_same(torch, a, b) for a, b in zip(*outcomes, strict=True))
    return replay if same else None


class _Kept:
    """Copies of everything that a step changes."""

    def __init__(self, torch: Any, variables: Sequence[Any]) -> None:
        self._torch = torch
        self._variables = variables
        self._saved = self.now()
        self._generator = torch.get_rng_state()

    def now(self) -> list[Any]:
        """Copies of the variables as they are."""
        return [variable.detach().clone() for variable in self._variables]

    def restore(self) -> None:
        """Everything as it was."""
        for variable, value in zip(self._variables, self._saved, strict=True):
            variable.copy_(value)
        self._torch.set_rng_state(self._generator)


def _script(torch: Any, function: Callable[..., Any], inputs: tuple[Any, ...], kept: _Kept) -> Any:
    from torch.fx.experimental.proxy_tensor import make_fx

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about tracing; what it yields is checked
        graph = make_fx(function)(*inputs)
        kept.restore()
        return torch.jit.trace(graph, inputs, check_trace=False, strict=False)


def _row(arrays: Mapping[str, Any], position: int) -> Tensors:
    return {name: array[position] for name, array in arrays.items()}


def _same(torch: Any, one: Any, other: Any) -> bool:
    """Equal shape, type and bits, NaN included."""
    if one.shape != other.shape or one.dtype != other.dtype:
        return False
    return bool(torch.equal(_bits(torch, one), _bits(torch, other)))


def _bits(torch: Any, value: Any) -> Any:
    return value.detach().contiguous().reshape(-1).view(torch.uint8)
