"""How a process does its sums: what may change their order besides the program.

Everything here is set before a framework starts: through environment variables, and through the
processor that the process is emulated on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from attrs import field, frozen

from core.run.backends.emulation import emulated
from core.spec import rules

# One thread count on every machine: with another one, sums are cut elsewhere and the guides' first
# loop ends with another last loss (measured, 1 thread against 2, from step 1 on). Torch gets one:
# its threads wait for each other busily, so that beside another process on two cores a step takes
# ten times as long with two threads as with one. The reference, whose matrices are small, too.
THREADS = {"tensorflow": 2, "jax": 2, "torch": 1, "reference": 1}

KERNELS: Mapping[str, Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "portable": {"tensorflow": {"TF_ENABLE_ONEDNN_OPTS": "0"}, "jax": {}, "torch": {}},
        "default": {"tensorflow": {}, "jax": {}, "torch": {}},
        "varied": {
            "tensorflow": {"TF_ENABLE_ONEDNN_OPTS": "1"},
            "jax": {"XLA_FLAGS": "--xla_cpu_max_isa=SSE4_2"},
            "torch": {"LOOP_PARITY_TORCH_ONEDNN": "off", "MKL_CBWR": "COMPATIBLE"},
        },
    }
)
"""Environment variables by choice of kernels and backend.

`portable` is what goldens are recorded with: TensorFlow without oneDNN, which otherwise decides by
the processor's model, so that two machines would round differently without a word. `default` sets
nothing: the framework's own kernels, as readers run them. `varied` sums in another order, to
measure what that does: oneDNN on in TensorFlow and off in torch (whose matrix products come from
MKL, here in its most compatible mode); JAX, which has none on a CPU, with narrow vectors."""


@frozen
class Arithmetic:
    """The choices of one process; the defaults are what every run uses unless asked otherwise.

    Attributes:
        threads: threads within an operation; None is the number pinned for the backend.
        kernels: `portable`, `default` or `varied` (`KERNELS`).
        processor: the processor to emulate (`core.run.backends.emulation`); empty for the
            machine's own.
    """

    threads: int | None = field(default=None, validator=rules.optional(rules.count))
    kernels: str = field(default="portable", validator=rules.one_of(*KERNELS))
    processor: str = ""

    def command(self, command: Sequence[str]) -> list[str]:
        """The command that runs a program on the chosen processor."""
        return emulated(self.processor, command)

    def variables(self, backend: str) -> dict[str, str]:
        """The environment variables that make a backend's process so."""
        threads = str(self.threads or THREADS[backend])
        pinned = {
            "OMP_NUM_THREADS": threads,
            "OMP_WAIT_POLICY": "PASSIVE",  # a thread that waits busily starves its neighbours
            "TF_NUM_INTRAOP_THREADS": threads,
            "TF_NUM_INTEROP_THREADS": threads,
        }
        return {**pinned, **KERNELS[self.kernels].get(backend, {})}
