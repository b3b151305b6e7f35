"""Data as Python statements: loading, scaling, reshaping, splitting."""

from __future__ import annotations

from collections.abc import Mapping

from core.dialects.layout import before, call
from core.dialects.plan import Event, Object, Train, origin
from core.dialects.python.layers import number
from core.dialects.python.page import Page
from core.spec import ops

SHAPES = {"flat": "(-1, 784)", "image": "(-1, 28, 28, 1)"}
R_SAMPLE = '''\
def r_sample_int(seed, count, size):
    """What R draws by set.seed(seed) and sample.int(count, size), counted from 0."""
    words = []
    for _ in range(51 + 624):
        seed = (69069 * seed + 1) % 2**32
        words.append(seed)
    twister = np.random.MT19937()
    twister.state = {
        "bit_generator": "MT19937",
        "state": {"key": np.array(words[51:], dtype=np.uint32), "pos": 624},
    }
    left = list(range(count))
    drawn = []
    for _ in range(size):
        width = (len(left) - 1).bit_length()
        index = len(left)
        while index >= len(left):
            bits = 0
            for _ in range(0, width + 1, 16):
                bits = (bits << 16) | (int(twister.random_raw()) >> 16)
            index = bits % 2**width
        drawn.append(left[index])
        left[index] = left[-1]
        left.pop()
    return drawn'''


def labelled(events: tuple[Event, ...]) -> Mapping[Object, bool]:
    """Whether the batches of a dataset hold labels, for every dataset that a loop goes over."""
    found: dict[Object, bool] = {}
    for event in events:
        if isinstance(event, Train):
            scenario = event.scenario
            uses = [(scenario.loop.dataset, scenario.loop.batch)]
            uses += [
                (op.dataset, op.batch)
                for op in scenario.on_epoch_end
                if isinstance(op, ops.Validate)
            ]
            for name, batch in uses:
                thing = origin(scenario, name)
                found[thing] = found.get(thing, False) or len(batch) > 1
    return found


def load(page: Page, op: ops.LoadImages, place: str, *, labels: bool) -> None:
    """Prints how images and labels come to be in `x_…` and `y_…`."""
    x, y = f"x_{op.out}", f"y_{op.out}"
    sequence = [place]
    joined = len(op.parts) > 1
    first = ("x_train", "y_train") if joined else (x, y)
    if page.options.data is not None:
        page.line(f'with np.load("{page.options.data}") as images:', sequence, gap=True)
        with page.block():
            page.assign(first[0], 'images["x_train"]', sequence)
            if labels:
                page.assign(first[1], 'images["y_train"]', sequence)
            if joined:
                page.assign("x_test", 'images["x_test"]', sequence)
                if labels:
                    page.assign("y_test", 'images["y_test"]', sequence)
    else:
        train = f"({first[0]}, {first[1] if labels else '_'})"
        test = f"(x_test, {'y_test' if labels else '_'})" if joined else "_"
        page.line(f"{train}, {test} = keras.datasets.mnist.load_data()", sequence, gap=True)
    if joined:
        page.assign(x, "np.concatenate([x_train, x_test])", sequence)
        if labels:
            page.assign(y, "np.concatenate([y_train, y_test])", sequence)
    _scale(page, op, x, sequence)
    if op.dtype == "int32" and labels:
        page.assign(y, f'{y}.astype("int32")', sequence)
    page.assign(x, f"np.reshape({x}, {SHAPES[op.layout]})", sequence)


def _scale(page: Page, op: ops.LoadImages, x: str, sequence: list[str]) -> None:
    if op.dtype == "int32":
        page.assign(x, f'{x}.astype("int32")', sequence)
    if op.dtype != "float32":
        return
    value = f'{x}.astype("float32")'
    if op.offset:
        value = f"({value} - {number(op.offset)})"
    if op.divisor != 1.0:
        value = f"{value} / {number(op.divisor)}"
    page.assign(x, value, sequence)


def split(page: Page, op: ops.SplitData, place: str) -> None:
    """Prints how validation samples are set aside."""
    sequence = [place]
    x, y = f"x_{op.source}", f"y_{op.source}"
    if op.how == "last":
        for name, part in ((op.train, f"[:-{op.reserve}]"), (op.validation, f"[-{op.reserve}:]")):
            value = f"x_{name}, y_{name} = {x}{part}, {y}{part}"
            page.line(value, sequence, gap=name == op.train)
        return
    if "r_sample_int" not in page.said:
        page.said.add("r_sample_int")
        page.line(R_SAMPLE, [f"{place}.r_sample_int"], gap=True)
    drawn = call("r_sample_int", str(page.options.seed), f"len({x})", str(op.reserve))
    page.line(before("reserved = ", drawn), sequence, gap=True)
    page.line(f"x_{op.validation}, y_{op.validation} = {x}[reserved], {y}[reserved]", sequence)
    page.assign(f"x_{op.train}", f"np.delete({x}, reserved, axis=0)", sequence)
    page.assign(f"y_{op.train}", f"np.delete({y}, reserved)", sequence)
