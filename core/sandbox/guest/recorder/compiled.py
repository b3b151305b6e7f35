"""A compiled function of the document, and the values that its calls hand out.

The function is compiled once more around: the same body, whose result goes out together with the
losses its updates came from. A loss that the function returns anyway needs no further output. The
key beside the result names the layout, so that each of several tracings is read rightly.
"""

from __future__ import annotations

import functools
import inspect
import weakref
from collections.abc import Callable
from typing import cast

from .. import events
from ..dynamic import Dynamic, Function
from .frames import Frame, Layout, layout_of
from .recorder import Recorder
from .values import array_of

_RESULT = "result"
_LARGEST = 65_536


class Compiler:
    """What a framework has to say about compiling.

    Attributes:
        kind: the compiler's name in reports.
        compile: compiles a function with the document's own options.
        eager: whether a call with these arguments computes values now, and traces nothing else.
        flatten: the leaves of a structure.
        reachable: whether a symbol may be handed out of the function that is being traced.
        prepare: makes of the document's function what is called while tracing.
    """

    def __init__(
        self,
        kind: str,
        compile_: Callable[[Function], Function],
        eager: Callable[[tuple[object, ...]], bool],
        flatten: Callable[[object], list[object]],
        reachable: Callable[[object], bool],
        prepare: Callable[[Function], Function],
    ) -> None:
        self.kind = kind
        self.compile = compile_
        self.eager = eager
        self.flatten = flatten
        self.reachable = reachable
        self.prepare = prepare


class Compiled:
    """Stands in place of the compiled function; calls and traces are counted.

    Attributes:
        calls: calls from outside any other compiled function.
        traces: how often the function's body was traced.
    """

    def __init__(self, recorder: Recorder, function: Function, compiler: Compiler) -> None:
        functools.update_wrapper(self, function)
        self._recorder = recorder
        self._function = function
        self._compiler = compiler
        self._layouts: dict[str, Layout] = {}
        self._trains = False
        self._bound: dict[int, tuple[weakref.ref[object], Compiled]] = {}
        self._plain: Function | None = None
        self.autograph_info__: object = None
        self.calls = 0
        self.traces = 0
        self.seen: Callable[[tuple[object, ...], object], None] | None = None
        self.name = str(getattr(function, "__name__", type(function).__name__))
        code = getattr(inspect.unwrap(function), "__code__", None)
        place = recorder.places.of_code(code, code.co_firstlineno) if code else None
        self.line = place.line if place else 0
        self._code = code
        self._compiled = compiler.compile(self._tapped())
        recorder.at_cell_end.append(self._end_cell)

    # The function's body with its losses

    def _tapped(self) -> Function:
        def tapped(*args: object, **named: object) -> object:
            self.traces += 1
            frame = self._recorder.frames.enter()
            try:
                result = self._compiler.prepare(self._function)(*args, **named)
            finally:
                self._recorder.frames.leave()
            return self._with_values(frame, result)

        functools.update_wrapper(tapped, self._function)
        signature = _signature(self._function)
        if signature is not None:
            vars(tapped)["__signature__"] = signature
        vars(tapped)["autograph_info__"] = None
        return tapped

    def _with_values(self, frame: Frame, result: object) -> dict[str, object]:
        frame.close()
        symbols = {
            id(value)
            for item in frame.items
            for value in item.values
            if self._compiler.reachable(value)
        }
        layout = layout_of(frame, self._compiler.flatten(result), symbols)
        extra, layout.extra = layout.extra, []
        key = f"values {len(self._layouts)}" if layout.trains else "no values"
        self._layouts[key] = layout
        return {_RESULT: result, key: extra}

    # Calls

    def __call__(self, *args: object, **named: object) -> object:
        """Calls the compiled function; counts the call, and the updates in it."""
        if self._code is not None:
            self._recorder.places.seen_running(self._code)
        if not self._compiler.eager(args):
            return self._nested(self._compiled(*args, **named))
        ledger = self._recorder.ledger
        self.calls += 1
        if self._trains and not ledger.inside:
            ledger.mark(("compiled", id(self)))
        made = self._compiled(*args, **named)
        result, layout, values = self._read(made)
        if layout.trains and not ledger.inside:
            if not self._trains:
                self._trains = True
                ledger.mark(("compiled", id(self)))
            self._replay(layout, values)
            if layout.loose or not layout.items:
                self._returned(result)
        if self.seen:
            self.seen(args, result)
        return result

    def _read(self, made: object) -> tuple[object, Layout, list[object]]:
        """Takes a call's outputs apart: the result, its layout, and all values in order."""
        outputs = dict(cast("dict[str, list[object]]", made))
        result: object = outputs.pop(_RESULT)
        ((key, extra),) = outputs.items()
        layout = self._layouts[key]
        positions = [p for _, _, places in layout.items for p in places]
        flat = self._compiler.flatten(result) if any(p >= 0 for p in positions) else []
        return result, layout, [flat[p] if p >= 0 else extra[-p - 1] for p in positions]

    def _replay(self, layout: Layout, values: list[object]) -> None:
        recorder = self._recorder
        rest = iter(values)
        for optimizer, line, places in layout.items:
            losses = [next(rest) for _ in places]
            recorder.ledger.compiled(self.name, optimizer, line or self.line, losses)
            if optimizer:
                recorder.optimizers.counted(optimizer)
        for optimizer in layout.loose:
            count = recorder.optimizers.missed(optimizer)
            recorder.ledger.many(self.name, optimizer, count)

    def _returned(self, result: object) -> None:
        """What a training function returns whose losses cannot be seen one by one."""
        for place, leaf in enumerate(self._compiler.flatten(result)):
            array = array_of(leaf)
            if array is not None and array.ndim <= 1 and array.size <= _LARGEST:
                self._recorder.channel.send(
                    events.Returned(
                        cell=self._recorder.ledger.cell,
                        function=self.name,
                        place=place,
                        values=tuple(float(value) for value in array.reshape(-1)),
                        step=self._recorder.ledger.steps,
                    ),
                )

    def _nested(self, made: object) -> object:
        """A call within another function's tracing: its values are that function's symbols."""
        result, layout, values = self._read(made)
        frame = self._recorder.frames.top
        rest = iter(values)
        for optimizer, line, places in layout.items:
            symbols = [next(rest) for _ in places]
            if frame is not None:
                frame.again(optimizer, line or self.line, symbols)
        enclosing = self._recorder.frames.enclosing
        if enclosing is not None:
            enclosing.trains |= layout.trains
            enclosing.loose |= layout.loose
            if frame is None:
                enclosing.loose |= {name for name, _, _ in layout.items if name}
        return result

    def _end_cell(self, cell: int) -> None:
        if self.calls or self.traces:
            self._recorder.channel.send(
                events.CompiledCalls(
                    cell=cell,
                    function=self.name,
                    line=self.line,
                    kind=self._compiler.kind,
                    calls=self.calls,
                    traces=self.traces,
                    trains=self._trains,
                ),
            )
            self.calls = self.traces = 0

    # Everything else that the framework's own object can do

    def __get__(self, thing: object, owner: type | None = None) -> object:
        """The method of an object."""
        if thing is None:
            return self
        known = self._bound.get(id(thing))
        if known is None or known[0]() is not thing:
            method = cast(Dynamic, self._function).__get__(thing, owner)
            made = Compiled(self._recorder, method, self._compiler)
            known = self._bound[id(thing)] = (weakref.ref(thing), made)
        return known[1]

    def __getattr__(self, name: str) -> object:
        """Anything else, of the function compiled as the document has it."""
        if name.startswith("__") or "_compiler" not in vars(self):
            raise AttributeError(name)
        if self._plain is None:
            self._plain = self._compiler.compile(self._function)
        return getattr(self._plain, name)


def _signature(function: Function) -> inspect.Signature | None:
    try:
        return inspect.signature(function)
    except (TypeError, ValueError):
        return None
