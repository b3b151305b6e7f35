"""One trace with something in every field, the golden of it, and any trace for hypothesis."""

from __future__ import annotations

import base64

from hypothesis import strategies as st

from core.check.golden.golden import Golden
from core.check.golden.horizon import Horizon, Sample
from core.trace import Image, LayerRow, LogLine, ModelSummary, Replay, Trace, WeightNorm


def image(name: str, levels: bytes, height: int) -> Image:
    """An image of the given grey levels."""
    pixels = base64.b64encode(levels).decode("ascii")
    return Image(name, 0, 10, height, len(levels) // height, pixels)


TRACE = Trace(
    scenario="toy/first",
    backend="tensorflow",
    randomness="controlled",
    execution="fused",
    precision="float32",
    seed=1,
    data_name="digits",
    data_sha256="d1" * 32,
    sequence=("toy/first",),
    models=(
        ModelSummary(
            "model",
            total_params=6370,
            trainable_params=6366,
            layers=(
                LayerRow("dense", "Dense", (None, 8), 6280),
                LayerRow("predictions", "Dense", (None, 10), 90),
            ),
        ),
    ),
    losses={
        "loss": tuple(100.0 / (1 + step) for step in range(250)),
        "penalty": tuple(1.0 + 0.001 * step for step in range(250)),
    },
    metrics={"train_acc": (0.8, 0.9), "val_acc": (0.85, 0.91)},
    steps_per_epoch=125,
    log=(
        LogLine("\nStart of epoch 0"),
        LogLine("loss at step 0: 100.0000"),
        LogLine("Seen so far: 32 samples"),
        LogLine("Time taken: 1.25s", timed=True),
    ),
    warnings=("UserWarning: something",),
    images=(image("image_0.png", bytes(range(0, 240, 20)), 3),),
    seconds=1.5,
    initial_weights="a1" * 32,
    final_weights=(WeightNorm("model/0/kernel", (784, 8), 5.5), WeightNorm("bias", (8,), 0.25)),
    final_digest="f1" * 32,
    replay=Replay("eager", "fused", 5, 0.0),
    environment={"python": "3.11.9", "keras": "3.15.1"},
)
HORIZON = Horizon(
    losses={"loss": (1e-5,) * 10, "penalty": (1e-5,) * 10},
    window=100,
    trends={"loss": (3.0, 0.3, 0.2), "penalty": (0.4, 0.4, 0.4)},
    spikes={"loss": 3.0, "penalty": 1.5},
    metrics={"train_acc": 0.02, "val_acc": 0.02},
    norms={"kernel": 0.5, "bias": 0.6},
    image_levels=2,
    exact_start=True,
    samples=(Sample("on another machine", 3, 1e-6, 0.25, 2.5),),
)
GOLDEN = Golden(
    TRACE,
    reason="the first recording, “quoted”",
    recorded="2026-02-03",
    command="parity record --new",
    version="0.1.0",
    horizon=HORIZON,
)

# What a run leaves behind: texts that UTF-8 can hold, numbers that float32 can hold.
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
_names = st.from_regex(r"[a-z_]{1,6}", fullmatch=True)
_counts = st.integers(0, 10**9)
numbers = st.floats(allow_nan=False, allow_infinity=False, width=32)
any_numbers = st.floats()
_layers = st.builds(
    LayerRow,
    name=_names,
    kind=_names,
    output_shape=st.lists(st.none() | st.integers(1, 99), max_size=4).map(tuple),
    params=_counts,
)
_models = st.builds(
    ModelSummary,
    name=_names,
    total_params=_counts,
    trainable_params=_counts,
    layers=st.lists(_layers, max_size=3).map(tuple),
)


@st.composite
def _images(draw: st.DrawFn) -> Image:
    height, width = draw(st.integers(1, 3)), draw(st.integers(1, 4))
    levels = draw(st.binary(min_size=height * width, max_size=height * width))
    return image(draw(texts), levels, height)


def traces(values: st.SearchStrategy[float] = numbers) -> st.SearchStrategy[Trace]:
    """Traces with such losses, metrics and norms, and anything that fits in all other fields."""
    series = st.lists(values, max_size=12).map(tuple)
    return st.builds(
        Trace,
        scenario=st.tuples(_names, _names).map("/".join),
        backend=st.sampled_from(["tensorflow", "jax", "torch"]),
        randomness=st.sampled_from(["native", "controlled"]),
        execution=st.sampled_from(["eager", "graph", "fused"]),
        precision=st.sampled_from(["float32", "float64"]),
        seed=_counts,
        data_name=texts,
        data_sha256=texts,
        sequence=st.lists(_names, max_size=2).map(tuple),
        models=st.lists(_models, max_size=2, unique_by=lambda model: model.name).map(tuple),
        losses=st.dictionaries(_names, series, max_size=2),
        metrics=st.dictionaries(_names, series, max_size=2),
        steps_per_epoch=_counts,
        log=st.lists(st.builds(LogLine, texts, st.booleans()), max_size=3).map(tuple),
        warnings=st.lists(texts, max_size=2, unique=True).map(tuple),
        images=st.lists(_images(), max_size=2).map(tuple),
        seconds=st.floats(0, 1e6),
        initial_weights=texts,
        final_weights=st.lists(
            st.builds(WeightNorm, _names, st.lists(st.integers(1, 99)).map(tuple), values.map(abs)),
            max_size=2,
        ).map(tuple),
        final_digest=texts,
        replay=st.none() | st.builds(Replay, _names, _names, _counts, values),
        environment=st.dictionaries(_names, texts, max_size=2),
    )


_limits = st.floats(0, 10.0, width=32)
_by_loss = st.dictionaries(_names, st.lists(_limits, max_size=4).map(tuple), max_size=2)
_one_each = st.dictionaries(_names, _limits, max_size=2)
horizons = st.builds(
    Horizon,
    losses=_by_loss,
    window=st.integers(1, 200),
    trends=_by_loss,
    spikes=_one_each,
    metrics=_one_each,
    norms=_one_each,
    image_levels=st.integers(0, 255),
    exact_start=st.booleans(),
    samples=st.lists(
        st.builds(Sample, texts.filter(str.strip), _counts, _limits, _limits, _limits), max_size=2
    ).map(tuple),
)
goldens = st.builds(
    Golden,
    traces(),
    reason=texts,
    recorded=texts,
    command=texts,
    version=texts,
    horizon=st.none() | horizons,
)
