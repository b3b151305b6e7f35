"""A program that asks a backend about its promises and prints the answers as JSON.

Run as `python -m tests.core.run.backends.promises BACKEND`: Keras fixes its backend at import, so
the tests ask in a process of its own.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from importlib import import_module

import numpy as np

from core.run.backends.protocol import Array, Backend, Segment
from core.run.backends.registry import open_backend
from core.run.data import load_data
from core.run.runner import RunOptions, Session
from core.run.runner.runner import step_runner
from core.spec import ops
from scenarios.keras_io_tf.metrics import METRICS

Answers = dict[str, object]


def _listed(backend: Backend, value: object) -> object:
    return backend.get(value).tolist()


def _draws(backend: Backend, state: object) -> tuple[list[object], object]:
    first, state = backend.draw(ops.Normal(1.0, 2.0), (3, 5), state)
    second, state = backend.draw(ops.Uniform(-1.0, 1.0), (3, 5), state)
    return [_listed(backend, first), _listed(backend, second)], state


def snapshot(backend: Backend) -> Answers:
    """Trains one step and sets everything back: what changed, and whether all came back."""
    session = Session(backend, load_data("digits"), RunOptions(randomness="controlled"))
    step = step_runner(session, METRICS)("eager")
    names = ("model", "optimizer", "train_acc_metric")
    handles = [session.handle(METRICS, name) for name in names]
    before = backend.snapshot(handles, session.state)
    _, state = step.run(Segment(np.arange(32).reshape(1, 32)), session.state)
    after = backend.snapshot(handles, state)
    back = backend.snapshot(handles, backend.restore(handles, before, state))
    return {
        "changed": sum(not np.array_equal(a, b) for a, b in zip(before, after, strict=True)),
        "came back": all(np.array_equal(a, b) for a, b in zip(before, back, strict=True)),
    }


def torch_answers() -> Answers:
    """Native order and draws, ours and by torch's own names."""
    import torch
    from torch.utils.data import DataLoader

    backend = open_backend("torch", "float32")
    backend.seed(4)
    orders = backend.native_order(100, 1024, 8)
    order = [[next(orders).tolist(), torch.rand(2).tolist()] for _ in range(2)]
    backend.seed(4)
    loader = DataLoader(range(100), batch_size=8, shuffle=True)
    plain_order = [
        [[int(index) for batch in loader for index in batch], torch.rand(2).tolist()]
        for _ in range(2)
    ]
    draws, _ = _draws(backend, backend.seed_framework(9, None))
    torch.manual_seed(9)
    plain_draws = [(1.0 + 2.0 * torch.randn(3, 5)).tolist(), (2.0 * torch.rand(3, 5) - 1).tolist()]
    x = torch.zeros((), requires_grad=True)
    leaky = import_module("keras").ops.leaky_relu
    return {
        "order": order,
        "plain order": plain_order,
        "draws": draws,
        "plain draws": plain_draws,
        "slope at zero": float(torch.autograd.grad(leaky(x, 0.2), x)[0]),
        **snapshot(backend),
    }


def jax_answers() -> Answers:
    """Native draws, ours and by hand; the transposed convolution, Keras's and ours."""
    import jax

    plain = import_module("keras.src.backend.jax.nn").conv_transpose
    backend = open_backend("jax", "float32")
    backend.seed(7)
    orders = backend.native_order(100, 1024, 8)
    order = [next(orders).tolist() for _ in range(2)]
    np.random.seed(7)
    plain_order = [np.random.permutation(100).tolist() for _ in range(2)]
    draws, state = _draws(backend, None)
    again, _ = _draws(backend, backend.seed_framework(42, state))
    plain_draws = []
    for seed in (7, 42):
        key, drawn = jax.random.split(jax.random.key(seed))
        plain_draws.append((1.0 + 2.0 * jax.random.normal(drawn, (3, 5))).tolist())
        _, drawn = jax.random.split(key)
        plain_draws.append(jax.random.uniform(drawn, (3, 5), minval=-1.0, maxval=1.0).tolist())
    sequence = import_module("keras").ops
    slope = jax.grad(lambda x: sequence.leaky_relu(x, 0.2))(jax.numpy.float32(0.0))
    convolutions = {}
    for padding in ("same", "valid"):
        settings = {"strides": 2, "padding": padding, "data_format": "channels_last"}
        convolutions[padding] = _differences(jax, plain, sequence.conv_transpose, settings)
    return {
        "order": order,
        "plain order": plain_order,
        "draws": [*draws, *again],
        "plain draws": plain_draws,
        "slope at zero": float(slope),
        "transposed convolution": convolutions,
        **snapshot(backend),
    }


def _differences(
    jax: object, plain: object, fast: object, settings: Mapping[str, object]
) -> list[float]:
    """Largest differences of value, input gradient and kernel gradient, over the largest size."""
    random = np.random.default_rng(0)
    x: Array = random.normal(size=(2, 5, 5, 3)).astype(np.float32)
    k: Array = random.normal(size=(4, 4, 6, 3)).astype(np.float32)
    results = []
    for call in (plain, fast):
        value, pull = jax.vjp(lambda x, k, call=call: call(x, k, **settings), x, k)  # type: ignore[attr-defined]
        towards = np.random.default_rng(1).normal(size=value.shape).astype(np.float32)
        results.append([value, *pull(towards)])
    return [float(abs(a - b).max() / abs(a).max()) for a, b in zip(*results, strict=True)]


if __name__ == "__main__":
    print(json.dumps({"jax": jax_answers, "torch": torch_answers}[sys.argv[1]]()))  # noqa: T201
