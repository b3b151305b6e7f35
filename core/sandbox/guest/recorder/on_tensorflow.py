"""Wrappers around TensorFlow: gradient tapes, `tf.function`, data iterators."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import cast

from ..dynamic import Dynamic, Function, replace
from .compiled import Compiled, Compiler
from .matching import target_of
from .recorder import Recorder
from .values import leaves_of


class OnTensorFlow:
    """Wraps TensorFlow."""

    def __init__(self, recorder: Recorder, tensorflow: Dynamic) -> None:
        self._recorder = recorder
        self._tf = tensorflow

    def install(self) -> None:
        """Wraps the public names that a training loop uses."""
        tape = self._tf.GradientTape
        replace(tape, "gradient", self._gradient)
        replace(tape, "__enter__", self._deeper(1))
        replace(tape, "__exit__", self._deeper(-1))
        replace(self._tf, "function", self._function)
        replace(self._tf.data.Dataset, "__iter__", self._iter)
        scope = cast("Callable[[], AbstractContextManager[object]]", self._tf.init_scope)
        self._recorder.outside = self._recorder.models.outside = scope
        self._recorder.convert = self._convert

    def _convert(self, function: Function) -> Function:
        autograph = self._tf.__internal__.autograph
        made: Function = autograph.tf_convert(function, autograph.control_status_ctx())
        return made

    def _gradient(self, original: Function) -> object:
        recorder = self._recorder

        def gradient(
            tape: object, target: object, sources: object, *args: object, **named: object
        ) -> object:
            result = original(tape, target, sources, *args, **named)
            if recorder.ledger.inside:
                return result
            leaves = leaves_of(target)
            value = leaves[0] if len(leaves) == 1 else leaves
            made = target_of(value, recorder.line() or 0, sources, result)
            if self._tf.executing_eagerly():
                recorder.ledger.gradient(made)
            elif frame := recorder.frames.enclosing:
                frame.gradient(made)
            return result

        return gradient

    def _deeper(self, by: int) -> Callable[[Function], object]:
        def make(original: Function) -> object:
            def method(*args: object) -> object:
                self._recorder.tape += by
                return original(*args)

            return method

        return make

    def _function(self, original: Function) -> object:
        recorder = self._recorder

        def function(func: object = None, *args: object, **named: object) -> object:
            if not recorder.places.called_by_document():
                return original(func, *args, **named)
            plain = named.get("autograph", True) is False or (len(args) > 1 and not args[1])
            compiler = Compiler(
                "tf.function",
                lambda body: cast(Function, original(body, *args, **named)),
                lambda _: bool(self._tf.executing_eagerly()),
                lambda tree: list(self._tf.nest.flatten(tree)),
                self._reachable,
                (lambda body: body) if plain else self._convert,
            )
            if func is None:
                return lambda inner: Compiled(recorder, cast(Function, inner), compiler)
            return Compiled(recorder, cast(Function, func), compiler)

        return function

    def _reachable(self, symbol: object) -> bool:
        graph = self._tf.compat.v1.get_default_graph()
        return getattr(symbol, "graph", None) is graph

    def _iter(self, original: Function) -> object:
        def __iter__(dataset: object) -> object:  # noqa: N807
            iterator = original(dataset)
            if self._tf.executing_eagerly():
                kind = type(iterator)
                replace(kind, "__next__", self._next)
                replace(kind, "get_next", self._get_next)
                self._recorder.passes.begin(iterator, dataset, "tf.data")
            return iterator

        return __iter__

    def _next(self, original: Function) -> object:
        passes = self._recorder.passes

        def __next__(iterator: object) -> object:  # noqa: N807
            if not self._tf.executing_eagerly():
                return original(iterator)
            if not passes.want(iterator):
                raise StopIteration
            try:
                batch = original(iterator)
            except StopIteration:
                passes.exhausted(iterator)
                raise
            passes.given(iterator, batch)
            return batch

        return __next__

    def _get_next(self, original: Function) -> object:
        passes = self._recorder.passes
        ended = cast(type[Exception], self._tf.errors.OutOfRangeError)

        def get_next(iterator: object, *args: object, **named: object) -> object:
            if not self._tf.executing_eagerly():
                return original(iterator, *args, **named)
            if not passes.want(iterator):
                raise ended(None, None, "End of sequence")
            try:
                batch = original(iterator, *args, **named)
            except ended:
                passes.exhausted(iterator)
                raise
            passes.given(iterator, batch)
            return batch

        return get_next
