"""The stated list: which random calls are drawn by address, and which are only noticed."""

from __future__ import annotations

CONTROLLED = (
    "keras.initializers: RandomNormal, RandomUniform, TruncatedNormal, VarianceScaling, Glorot, "
    "He and Lecun initializers",
    "keras.layers.Dropout (on TensorFlow and torch)",
    "tf.random: normal, uniform, truncated_normal, shuffle",
    "tf.data.Dataset.shuffle",
    "numpy.random and random: seeded; numpy.random.default_rng() without a seed",
    "torch: rand, randn, randperm, rand_like, randn_like, Tensor.uniform_, Tensor.normal_ (and so "
    "torch.nn.init and the weights of torch's layers), nn.functional.dropout",
)
"""What a controlled run replaces, for reports and documentation."""

NOTICED_KERAS = ("beta", "binomial", "categorical", "dropout", "gamma", "normal", "randint")
NOTICED_KERAS_TOO = ("shuffle", "truncated_normal", "uniform")
NOTICED_TENSORFLOW = ("categorical", "gamma", "poisson")
NOTICED_JAX = ("bernoulli", "categorical", "choice", "normal", "permutation", "randint", "uniform")
NOTICED_TENSOR = ("bernoulli_", "exponential_", "multinomial", "random_")
NOTICED_TORCH = ("bernoulli", "multinomial", "normal", "randint")

MARK = "uncontrolled draw: "
"""How the warning of a noticed call begins."""
