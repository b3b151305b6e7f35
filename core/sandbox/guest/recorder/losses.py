"""Loss objects of Keras: whether what they are given are logits, as far as can be seen."""

from __future__ import annotations

import weakref
from typing import cast

from .. import events
from ..dynamic import Function, replace
from .identities import Identities
from .models import last_activation
from .recorder import Recorder
from .values import array_of

_LOOKS = 3


class Losses:
    """Describes each loss object by its first few calls."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._names = Identities("loss")
        self._looks: dict[str, int] = {}
        self._made: dict[int, tuple[weakref.ref[object], str | None]] = {}

    def install(self, loss: object) -> None:
        """Wraps the base class of losses."""
        replace(loss, "__call__", self._call)

    def made(self, model: object, output: object) -> None:
        """A model made an output; its last activation is remembered with it."""
        try:
            held = weakref.ref(output)
        except TypeError:
            return
        if len(self._made) > 64:
            self._made.clear()
        self._made[id(output)] = (held, last_activation(model))

    def _call(self, original: Function) -> object:
        def __call__(loss: object, *args: object, **named: object) -> object:  # noqa: N807
            result = original(loss, *args, **named)
            if not self._recorder.ledger.inside:
                given = args[1] if len(args) > 1 else named.get("y_pred")
                self._look(loss, given)
            return result

        return __call__

    def _look(self, loss: object, given: object) -> None:
        name, _ = self._names.name(loss)
        looks = self._looks[name] = self._looks.get(name, 0) + 1
        if looks > _LOOKS or given is None:
            return
        known = self._made.get(id(given))
        array = array_of(given)
        op = None if array is not None else getattr(getattr(given, "op", None), "type", None)
        bounded = array is not None and array.size > 0 and array.dtype.kind == "f"
        self._recorder.channel.send(
            events.LossSeen(
                cell=self._recorder.ledger.cell,
                line=self._recorder.line(),
                loss=name,
                kind=type(loss).__name__,
                from_logits=from_logits_of(loss),
                activation=known[1] if known and known[0]() is given else None,
                logits_kept=hasattr(given, "_keras_logits"),
                made_by=op if isinstance(op, str) else None,
                traced=array is None,
                lowest=float(array.min()) if array is not None and bounded else None,
                highest=float(array.max()) if array is not None and bounded else None,
            ),
        )


def from_logits_of(loss: object) -> bool | None:
    """Whether a loss object takes logits; None where it does not say."""
    for owner in (loss, getattr(loss, "_fn_kwargs", None)):
        if isinstance(owner, dict):
            value = owner.get("from_logits")
        else:
            value = getattr(owner, "from_logits", None)
        if isinstance(value, bool):
            return value
    config = getattr(loss, "get_config", None)
    if callable(config):
        try:
            value = cast("dict[str, object]", config()).get("from_logits")
        except Exception:  # noqa: BLE001 - a loss of the document's own need not have a config
            return None
        return value if isinstance(value, bool) else None
    return None
