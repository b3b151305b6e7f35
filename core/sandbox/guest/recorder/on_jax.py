"""Wrappers around JAX: gradients, `jit`, and the control flow whose symbols must not leave."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import cast

from ..dynamic import Dynamic, Function, replace
from .carrying import Carry
from .compiled import Compiled, Compiler
from .matching import target_of
from .recorder import Recorder

_FLOW = ("scan", "while_loop", "fori_loop", "cond", "switch", "map", "associative_scan")
_TRANSFORMS = ("vmap", "pmap", "checkpoint", "remat")
_DIRECT = ("vjp", "jvp", "linearize", "eval_shape")


class OnJax:
    """Wraps JAX."""

    def __init__(self, recorder: Recorder, jax: Dynamic) -> None:
        self._recorder = recorder
        self._jax = jax
        self._applied: dict[str, Carry] = {}

    def install(self) -> None:
        """Wraps the public names that a training loop uses."""
        jax = self._jax
        replace(jax, "jit", self._jit)
        replace(jax, "value_and_grad", self._differentiate(valued=True))
        replace(jax, "grad", self._differentiate(valued=False))
        for name in _FLOW:
            replace(jax.lax, name, self._apart)
        for name in _DIRECT:
            replace(jax, name, self._apart)
        for name in _TRANSFORMS:
            replace(jax, name, self._made_apart)

    def applied(self, optimizer: str, given: tuple[object, ...], result: object) -> None:
        """A Keras optimizer was applied without state of its own."""
        if self._recorder.frames.enclosing is None and not self._traced(given):
            if optimizer not in self._applied:
                self._applied[optimizer] = self._carry(optimizer)
            self._applied[optimizer].seen(given, result)

    def _carry(self, name: str) -> Carry:
        recorder = self._recorder
        carry = Carry(name, recorder.channel, recorder.ledger, self._leaves)
        recorder.at_cell_end.append(carry.end_cell)
        return carry

    def _leaves(self, tree: object) -> list[object]:
        return list(self._jax.tree_util.tree_leaves(tree))

    def _traced(self, tree: object) -> bool:
        tracer = cast(type, self._jax.core.Tracer)
        return any(isinstance(leaf, tracer) for leaf in self._leaves(tree))

    def _jit(self, original: Function) -> object:
        recorder = self._recorder

        def jit(fun: object = None, *args: object, **named: object) -> object:
            if not recorder.places.called_by_document():
                return original(*(() if fun is None else (fun,)), *args, **named)
            compiler = Compiler(
                "jax.jit",
                lambda body: cast(Function, original(body, *args, **named)),
                lambda given: not recorder.frames.deep and not self._traced(given),
                self._leaves,
                lambda _: True,
                lambda body: body,
            )

            def compiled(function: object) -> Compiled:
                made = Compiled(recorder, cast(Function, function), compiler)
                made.seen = self._carry(made.name).seen
                return made

            return compiled if fun is None else compiled(fun)

        return jit

    def _differentiate(self, *, valued: bool) -> Callable[[Function], object]:
        recorder = self._recorder

        def make(original: Function) -> object:
            signature = inspect.signature(original)

            def transform(*given: object, **named: object) -> object:
                if not recorder.places.called_by_document():
                    return original(*given, **named)
                bound = signature.bind(*given, **named)
                auxiliary = bool(bound.arguments.get("has_aux", False))
                first = next(iter(bound.arguments))
                function = cast(Function, bound.arguments[first])
                bound.arguments[first] = self._inner(function, tape=1)
                inner = cast(Function, original(*bound.args, **bound.kwargs))

                def differentiated(*args: object, **options: object) -> object:
                    result = inner(*args, **options)
                    left, right = cast(Dynamic, result) if valued or auxiliary else (None, result)
                    if valued:
                        value = cast(Dynamic, left)[0] if auxiliary else left
                        self._note(value, right)
                    else:
                        self._note(None, left if auxiliary else right)
                    return result

                functools.update_wrapper(differentiated, function)
                return differentiated

            return transform

        return make

    def _note(self, value: object, gradients: object) -> None:
        recorder = self._recorder
        if recorder.ledger.inside:
            return
        target = target_of(value, recorder.line() or 0, (), self._leaves(gradients))
        if recorder.frames.top is not None:
            recorder.frames.top.gradient(target)
        elif recorder.frames.enclosing is not None:
            recorder.frames.enclosing.trains = True
        elif not recorder.frames.deep and not self._traced((value, gradients)):
            recorder.ledger.gradient(target)

    def _inner(self, function: Function, tape: int = 0) -> Function:
        """The function, with its symbols kept apart while it runs."""
        recorder = self._recorder

        def inside(*args: object, **named: object) -> object:
            for called in (function, *args):
                code = getattr(called, "__code__", None)
                if code is not None:
                    recorder.places.seen_running(code)
            recorder.frames.enter_barrier()
            recorder.tape += tape
            try:
                return function(*args, **named)
            finally:
                recorder.tape -= tape
                recorder.frames.leave()

        functools.update_wrapper(inside, function)
        return inside

    def _apart(self, original: Function) -> object:
        """A function that traces what it is given while it runs."""
        return self._inner(original)

    def _made_apart(self, original: Function) -> object:
        """A function that returns a function which traces when it is called."""

        def transform(*args: object, **named: object) -> object:
            made = original(*args, **named)
            return self._inner(cast(Function, made)) if callable(made) else made

        return transform
