"""Convolutions in double precision, for which torch has no channels-last code on a CPU.

Keras hands torch its kernels in the channels-last memory layout. In single precision oneDNN takes
that; in double precision torch falls back to `slow_conv2d`, whose gradient refuses it with
"grad_weight must be contiguous". So double-precision kernels and images keep torch's own layout.
Single precision is left exactly as Keras has it.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_DONE = "layout_by_parity"


def keep_double_precision_contiguous(torch: Any) -> None:
    """Gives Keras's convolution on torch the layout that its double-precision gradient needs."""
    nn: Any = import_module("keras.src.backend.torch.nn")
    channels_last = nn._maybe_convert_to_channels_last
    if hasattr(channels_last, _DONE):
        return

    def layout(tensor: Any) -> Any:
        return tensor.contiguous() if tensor.dtype is torch.float64 else channels_last(tensor)

    setattr(layout, _DONE, True)
    nn._maybe_convert_to_channels_last = layout
