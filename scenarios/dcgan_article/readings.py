"""The article's loss under each of its two readings, the same on every backend.

Told that sigmoid outputs are logits, Keras on TensorFlow goes back to the logits behind them; JAX
and torch apply the sigmoid twice (`core.spec.reading`). `DCGAN_LOGITS` leaves the sigmoid out,
`DCGAN_TWICE` puts a reshape behind it, through which TensorFlow does not look. On each backend the
article equals one of the two.
"""

import attrs

from core.spec import Scenario, layers, ops
from core.spec.parts import ModelSpec
from scenarios.dcgan_article.dcgan import DCGAN
from scenarios.dcgan_article.models import DISCRIMINATOR

CAP = 12


def _with_discriminator(section: str, title: str, stack: tuple[layers.Layer, ...]) -> Scenario:
    model = ModelSpec(style="sequential", input=DISCRIMINATOR.input, layers=stack)
    return attrs.evolve(
        DCGAN,
        section=section,
        title=title,
        setup=tuple(
            ops.BuildModel(op.out, model)
            if isinstance(op, ops.BuildModel) and op.out == "discriminator"
            else op
            for op in DCGAN.setup
        ),
        loop=attrs.evolve(DCGAN.loop, cap=CAP),
        lineage=DCGAN.stream,
    )


_last = DISCRIMINATOR.layers[-1]
assert isinstance(_last, layers.Dense)
DCGAN_LOGITS = _with_discriminator(
    "dcgan~logits",
    "The loss computed from logits, on every backend",
    (*DISCRIMINATOR.layers[:-1], attrs.evolve(_last, activation=None)),
)
DCGAN_TWICE = _with_discriminator(
    "dcgan~twice",
    "The sigmoid applied twice, on every backend",
    (*DISCRIMINATOR.layers, layers.Reshape((1,))),
)
