"""`fit` and its like: epochs by a callback, the budget by `stop_training`."""

from __future__ import annotations

import inspect
import time
from collections.abc import Callable
from typing import cast

from .. import events
from ..dynamic import Dynamic, Function, replace
from .losses import from_logits_of
from .models import last_activation
from .recorder import Recorder
from .values import leaves_of, number_of


def wrap_fit(recorder: Recorder, keras: Dynamic) -> None:
    """Wraps a model's own loops."""
    model = keras.Model
    observer = _observer(keras)

    def fit(original: Function) -> object:
        signature = inspect.signature(original)

        def fit(*args: object, **named: object) -> object:
            if recorder.ledger.inside:
                return original(*args, **named)
            bound = signature.bind(*args, **named)
            one = Fit(recorder, args[0])
            given = bound.arguments.get("callbacks")
            callback = observer(one)
            if given is not None and hasattr(given, "append") and not isinstance(given, list):
                cast(Dynamic, given).append(callback)
            else:
                bound.arguments["callbacks"] = [*leaves_of(given), callback]
            recorder.ledger.boundary()
            with recorder.inside():
                try:
                    return original(*bound.args, **bound.kwargs)
                finally:
                    one.end()

        return fit

    def aside(original: Function) -> object:
        name = getattr(original, "__name__", "")

        def method(*args: object, **named: object) -> object:
            line = recorder.line()
            with recorder.inside():
                result = original(*args, **named)
            if recorder.ledger.inside == 0 and name == "evaluate":
                logs = result if isinstance(result, dict) else {"values": leaves_of(result)}
                recorder.channel.send(
                    events.Evaluation(
                        cell=recorder.ledger.cell,
                        line=line,
                        model=recorder.models.name(args[0]),
                        logs=_numbers(logs),
                        after_cut=recorder.ledger.cut is not None,
                    ),
                )
            return result

        return method

    def on_batch(original: Function) -> object:
        def train_on_batch(*args: object, **named: object) -> object:
            if recorder.ledger.inside:
                return original(*args, **named)
            name = recorder.models.name(args[0])
            recorder.ledger.mark(("train_on_batch", name))
            with recorder.inside():
                result = original(*args, **named)
            values = leaves_of(result)[:1]
            recorder.ledger.compiled("train_on_batch", name, recorder.line() or 0, values)
            return result

        return train_on_batch

    replace(model, "fit", fit)
    replace(model, "train_on_batch", on_batch)
    for name in ("evaluate", "predict"):
        replace(model, name, aside)


class Fit:
    """The account of one call of `fit`."""

    def __init__(self, recorder: Recorder, model: object) -> None:
        self._recorder = recorder
        self._name = recorder.models.name(model)
        self._model = cast(Dynamic, model)
        self._line = recorder.line()
        self._losses: list[float | None] = []
        self._steps = 0
        self._batches = 0
        self._epoch_steps = 0
        self._started = self._epoch_started = time.perf_counter()
        self._epoch = 0
        self._cut = False

    def epoch_begins(self, epoch: int) -> None:
        """An epoch starts."""
        self._epoch = epoch
        self._batches = 0
        self._epoch_steps = self._steps
        self._epoch_started = time.perf_counter()

    def batch_ends(self, batch: int, logs: object, params: object) -> None:
        """A training step, or several executed as one, ended.

        Args:
            batch: number of the last step within the epoch, from 0.
            logs: the running means.
            params: Keras's own idea of how many epochs and steps there are.
        """
        ledger = self._recorder.ledger
        taken = max(1, batch + 1 - self._batches)
        self._batches = batch + 1
        self._steps += taken
        ledger.fitted(taken)
        if isinstance(logs, dict):
            self._losses.append(number_of(logs.get("loss")))
        last = isinstance(params, dict) and (self._epoch + 1, batch + 1) == (
            params.get("epochs"),
            params.get("steps"),
        )
        if ledger.budget.left == 0 and not last:
            self._cut = True
            self._model.stop_training = True
        if len(self._losses) >= 256:
            self._send()

    def epoch_ends(self, epoch: int, logs: object) -> None:
        """An epoch ended."""
        self._send()
        self._recorder.channel.send(
            events.Epoch(
                cell=self._recorder.ledger.cell,
                line=self._line,
                model=self._name,
                epoch=epoch,
                logs=_numbers(logs),
                steps=self._steps - self._epoch_steps,
                seconds=time.perf_counter() - self._epoch_started,
                cut=self._cut,
            ),
        )

    def end(self) -> None:
        """The call is over."""
        if self._cut:
            self._recorder.ledger.cut_here("fit")
        self._send()
        loss, from_logits = _loss_of(self._model)
        self._recorder.channel.send(
            events.Fit(
                cell=self._recorder.ledger.cell,
                line=self._line,
                model=self._name,
                steps=self._steps,
                cut=self._cut,
                seconds=time.perf_counter() - self._started,
                activation=last_activation(self._model),
                loss=loss,
                from_logits=from_logits,
            ),
        )

    def _send(self) -> None:
        if self._losses:
            losses, self._losses = tuple(self._losses), []
            self._recorder.channel.send(
                events.Running(
                    cell=self._recorder.ledger.cell,
                    line=self._line,
                    model=self._name,
                    losses=losses,
                ),
            )


def _loss_of(model: object) -> tuple[str | None, bool | None]:
    """The name of the loss of `compile`, where it is one, and whether it takes logits."""
    loss: object = getattr(model, "loss", None)
    if isinstance(loss, list | tuple) and len(loss) == 1:
        loss = loss[0]
    if loss is None or isinstance(loss, list | tuple | dict):
        return None, None
    if isinstance(loss, str):  # by name, with Keras's defaults
        return loss, False
    name = getattr(loss, "__name__", None) or type(loss).__name__
    given = from_logits_of(loss)
    if given is None and callable(loss) and hasattr(loss, "__defaults__"):
        return str(name), False  # a function, called as it stands
    return str(name), given


def _observer(keras: Dynamic) -> Callable[[Fit], object]:
    """A callback class over whichever `Callback` this Keras has; made of one `Fit`."""

    def on_epoch_begin(self: Dynamic, epoch: int, logs: object = None) -> None:  # noqa: ARG001
        self.account.epoch_begins(epoch)

    def on_train_batch_end(self: Dynamic, batch: int, logs: object = None) -> None:
        self.account.batch_ends(batch, logs, self.params)

    def on_epoch_end(self: Dynamic, epoch: int, logs: object = None) -> None:
        self.account.epoch_ends(epoch, logs)

    methods = {
        "on_epoch_begin": on_epoch_begin,
        "on_train_batch_end": on_train_batch_end,
        "on_epoch_end": on_epoch_end,
    }

    kind = type("Observer", (cast(type, keras.callbacks.Callback),), methods)

    def make(account: Fit) -> object:
        callback = cast(Dynamic, kind())
        callback.account = account
        return callback

    return make


def _numbers(logs: object) -> dict[str, events.Reading]:
    if not isinstance(logs, dict):
        return {}
    found: dict[str, events.Reading] = {}
    for name, value in logs.items():
        parts = tuple(number_of(leaf) for leaf in leaves_of(value))
        found[str(name)] = parts[0] if len(parts) == 1 else parts
    return found
