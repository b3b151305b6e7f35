"""Small packages on disk that look like Keras, for griffe to read."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

OLD = {
    "keras/__init__.py": "from keras.api import *\n",
    "keras/api/__init__.py": "from keras.api import layers, optimizers, metrics\n",
    "keras/api/layers/__init__.py": (
        "from keras.src.dense import Dense as Dense\n"
        "from keras.src.dense import Layer\n"
        "from keras.src.dense import LeakyReLU\n"
    ),
    "keras/api/optimizers/__init__.py": (
        "from keras.src.adam import Adam\nfrom keras.src.base import Optimizer\n"
    ),
    "keras/api/metrics/__init__.py": "from keras.src.base import Metric\n",
    "keras/src/__init__.py": "",
    "keras/src/dense.py": (
        "class Layer:\n"
        "    def __init__(self, *, name=None, **kwargs): ...\n"
        "class Dense(Layer):\n"
        "    def __init__(self, units, use_bias=True, **kwargs): ...\n"
        "class LeakyReLU(Layer):\n"
        "    def __init__(self, negative_slope=0.3, **kwargs): ...\n"
    ),
    "keras/src/base.py": (
        "class Optimizer:\n"
        "    def __init__(self, rate, beta=0.9): ...\n"
        "    def apply_gradients(self, pairs, name=None): ...\n"
        "class Metric:\n"
        "    def reset_states(self): ...\n"
        "    def result(self): ...\n"
    ),
    "keras/src/adam.py": (
        "from keras.src import base\n"
        "if True:\n    Chosen = base.Optimizer\nelse:\n    Chosen = base.Optimizer\n"
        "class Adam(Chosen):\n    '''Inherits everything.'''\n"
    ),
}


def packages(folder: Path, changed: Mapping[str, tuple[str, str]]) -> Path:
    """The packages, with texts replaced in some files."""
    for name, text in OLD.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        old, new = changed.get(name, ("", ""))
        assert old in text
        path.write_text(text.replace(old, new) if old else text)
    return folder
