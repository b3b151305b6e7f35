"""The article's generator and discriminator."""

from core.spec import layers
from core.spec.parts import ModelSpec

NOISE = 75
# One instance for every kernel of both models, as published (see the ledger).
WEIGHTS = layers.RandomNormal(stddev=0.02, shared="weight_init")
GENERATOR = ModelSpec(
    style="sequential",
    input=layers.Input(shape=(NOISE,)),
    layers=(
        layers.Dense(7 * 7 * 128, use_bias=False, kernel_initializer=WEIGHTS),
        layers.BatchNormalization(),
        layers.LeakyReLU(),
        layers.Reshape((7, 7, 128)),
        layers.Conv2DTranspose(
            56, (5, 5), padding="same", use_bias=False, kernel_initializer=WEIGHTS
        ),
        layers.BatchNormalization(),
        layers.LeakyReLU(),
        layers.Conv2DTranspose(
            28, (5, 5), strides=(2, 2), padding="same", use_bias=False, kernel_initializer=WEIGHTS
        ),
        layers.BatchNormalization(),
        layers.LeakyReLU(),
        layers.Conv2DTranspose(
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
    input=layers.Input(shape=(28, 28, 1)),
    layers=(
        layers.Conv2D(28, (5, 5), strides=(2, 2), padding="same", kernel_initializer=WEIGHTS),
        layers.LeakyReLU(),
        layers.Dropout(0.5),
        layers.Conv2D(64, (5, 5), strides=(2, 2), padding="same", kernel_initializer=WEIGHTS),
        layers.LeakyReLU(),
        layers.Dropout(0.5),
        layers.Flatten(),
        layers.Dense(1, activation="sigmoid", kernel_initializer=WEIGHTS),
    ),
)
