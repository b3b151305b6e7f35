"""Runs under control in a process of its own and prints what was drawn, as JSON."""

from __future__ import annotations

import json
import sys
import warnings

PARTS: dict[str, object] = {}


def on_tensorflow() -> None:
    """Draws eagerly and in a graph."""
    import keras
    import numpy as np
    import tensorflow as tf

    def draw() -> tf.Tensor:
        return tf.random.normal((4,), mean=1.0, stddev=2.0)

    compiled = tf.function(lambda: draw())
    PARTS["eager"] = [draw().numpy().tolist() for _ in range(2)]
    PARTS["graph"] = [compiled().numpy().tolist() for _ in range(2)]
    layer = keras.layers.Dense(3)
    layer.build((None, 5))
    PARTS["kernel"] = np.asarray(layer.kernel).tolist()
    shared = keras.initializers.RandomNormal(stddev=0.1)
    PARTS["shared"] = [np.asarray(shared((2, 2))).tolist() for _ in range(2)]
    scaled = keras.initializers.HeNormal()
    PARTS["he_std"] = float(np.std(np.asarray(scaled((400, 100)))))
    PARTS["uniform"] = tf.random.uniform((1000,), -2.0, 4.0).numpy().tolist()
    order = [int(n) for n in tf.data.Dataset.range(20).shuffle(20)]
    PARTS["order"] = order
    PARTS["shuffle"] = sorted(tf.random.shuffle(tf.range(9)).numpy().tolist())
    dropped = keras.layers.Dropout(0.25)(tf.ones((2000,)), training=True)
    PARTS["kept"] = sorted(set(np.round(np.asarray(dropped), 5).tolist()))
    PARTS["share"] = float(np.mean(np.asarray(dropped) > 0))
    PARTS["rest"] = np.asarray(keras.layers.Dropout(0.25)(tf.ones((5,)))).tolist()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        tf.random.gamma((2,), 1.0)
    PARTS["told"] = [str(w.message) for w in caught if "uncontrolled" in str(w.message)]


def on_torch() -> None:
    """Draws of torch."""
    import torch

    PARTS["randn"] = torch.randn(3).tolist()
    PARTS["rand"] = torch.rand(2, 2, dtype=torch.float64).tolist()
    PARTS["order"] = sorted(torch.randperm(7).tolist())
    layer = torch.nn.Linear(4, 3)
    PARTS["kernel"] = layer.weight.tolist()
    PARTS["normal"] = torch.nn.init.normal_(torch.empty(2, 2), mean=1.0, std=2.0).tolist()
    kept = torch.nn.Dropout(0.25)(torch.ones(2000))
    PARTS["kept"] = sorted(set(kept.tolist()))
    PARTS["share"] = float((kept > 0).float().mean())
    PARTS["rest"] = torch.nn.Dropout(0.25).eval()(torch.ones(5)).tolist()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        torch.empty(3).random_(0, 2)
    PARTS["told"] = [str(w.message) for w in caught if "uncontrolled" in str(w.message)]
    PARTS["like"] = list(torch.randn_like(torch.zeros(3, 2)).shape)


{"tensorflow": on_tensorflow, "torch": on_torch}[sys.argv[1]]()
sys.stdout.write(json.dumps(PARTS) + "\n")
