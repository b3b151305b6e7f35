"""The article's generator and discriminator."""

from core.spec.layers import (
    BatchNormalization,
    Conv2D,
    Conv2DTranspose,
    Dense,
    Dropout,
    Flatten,
    Input,
    LeakyReLU,
    RandomNormal,
    Reshape,
)
from core.spec.parts import ModelSpec

NOISE = 75
# One instance for every kernel of both models, as published (see the ledger).
WEIGHTS = RandomNormal(stddev=0.02, shared="weight_init")
GENERATOR = ModelSpec(
    style="sequential",
    input=Input(shape=(NOISE,)),
    layers=(
        Dense(7 * 7 * 128, use_bias=False, kernel_initializer=WEIGHTS),
        BatchNormalization(),
        LeakyReLU(),
        Reshape((7, 7, 128)),
        Conv2DTranspose(56, (5, 5), padding="same", use_bias=False, kernel_initializer=WEIGHTS),
        BatchNormalization(),
        LeakyReLU(),
        Conv2DTranspose(
            28, (5, 5), strides=(2, 2), padding="same", use_bias=False, kernel_initializer=WEIGHTS
        ),
        BatchNormalization(),
        LeakyReLU(),
        Conv2DTranspose(
            1,
            (5, 5),
            strides=(2, 2),
            padding="same",
            activation="tanh",
            use_bias=False,
            kernel_initializer=WEIGHTS,
        ),
    ),
)
DISCRIMINATOR = ModelSpec(
    style="sequential",
    input=Input(shape=(28, 28, 1)),
    layers=(
        Conv2D(28, (5, 5), strides=(2, 2), padding="same", kernel_initializer=WEIGHTS),
        LeakyReLU(),
        Dropout(0.5),
        Conv2D(64, (5, 5), strides=(2, 2), padding="same", kernel_initializer=WEIGHTS),
        LeakyReLU(),
        Dropout(0.5),
        Flatten(),
        Dense(1, activation="sigmoid", kernel_initializer=WEIGHTS),
    ),
)
