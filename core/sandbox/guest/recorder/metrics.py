"""Metric objects of Keras: their readings and resets."""

from __future__ import annotations

from collections.abc import Callable

from .. import events
from ..dynamic import Function, replace
from .identities import Identities
from .recorder import Recorder
from .values import number_of

_METHODS = ("update_state", "result", "reset_state", "reset_states")
_STATELESS = ("stateless_update_state", "stateless_result", "stateless_reset_state")


class Metrics:
    """Records what the document itself reads of metrics, in order."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._names = Identities("metric")
        self._updates: dict[str, int] = {}
        self._depth = 0

    def install(self, metric: object) -> None:
        """Wraps the base class; a subclass is wrapped when its first object is made."""
        replace(metric, "__init__", self._init)
        for name in _STATELESS:
            replace(metric, name, self._method(name.removeprefix("stateless_")))

    def _init(self, original: Function) -> object:
        def __init__(metric: object, *args: object, **named: object) -> object:  # noqa: N807
            own = vars(metric)  # Keras 2 binds some methods again for each object
            for name in _METHODS:
                if name in own:
                    replace(metric, name, self._bound(metric, name))
                    continue
                for owner in type(metric).__mro__:
                    if name in vars(owner):
                        replace(owner, name, self._method(name))
            return original(metric, *args, **named)

        return __init__

    def _bound(self, metric: object, action: str) -> Callable[[Function], object]:
        def make(original: Function) -> object:
            def method(*args: object, **named: object) -> object:
                return self._through(original, metric, action, args, named)

            return method

        return make

    def _method(self, action: str) -> Callable[[Function], object]:
        def make(original: Function) -> object:
            ours = str(original.__module__).split(".")[0] in ("keras", "tf_keras")

            def method(metric: object, *args: object, **named: object) -> object:
                call = original if ours else self._recorder.convert(original)
                return self._through(call, metric, action, (metric, *args), named)

            return method

        return make

    def _through(
        self,
        call: Function,
        metric: object,
        action: str,
        args: tuple[object, ...],
        named: dict[str, object],
    ) -> object:
        if self._depth or self._recorder.ledger.inside:
            return call(*args, **named)
        self._depth += 1
        try:
            result = call(*args, **named)
        finally:
            self._depth -= 1
        if self._recorder.places.called_by_document(2):
            self._note(metric, action, result)
        return result

    def _note(self, metric: object, action: str, result: object) -> None:
        name, _ = self._names.name(metric)
        if action == "update_state":
            self._updates[name] = self._updates.get(name, 0) + 1
            return
        value = number_of(result) if action == "result" else None
        ledger = self._recorder.ledger
        self._recorder.channel.send(
            events.MetricReading(
                cell=ledger.cell,
                line=self._recorder.line(),
                metric=name,
                name=str(getattr(metric, "name", "")),
                kind=type(metric).__name__,
                action="result" if action == "result" else "reset",
                value=value,
                updates=self._updates.get(name, 0),
                step=ledger.steps,
                after_cut=ledger.cut is not None,
            ),
        )
        if action != "result":
            self._updates[name] = 0
