"""Section "A GAN training loop from scratch": 12 steps of a DCGAN, one sample image."""

from core.spec import Loop, Scenario
from core.spec.layers import (
    Conv2D,
    Conv2DTranspose,
    Dense,
    GlobalMaxPooling2D,
    Input,
    LeakyReLU,
    Reshape,
)
from core.spec.ops import (
    Affine,
    Apply,
    Batch,
    BatchOf,
    BuildModel,
    Call,
    Concat,
    Draw,
    Fill,
    Gradients,
    GradScope,
    LoadImages,
    Log,
    Loss,
    MakeLoss,
    MakeOptimizer,
    Normal,
    OpenDataset,
    Return,
    SaveImage,
    Uniform,
)
from core.spec.parts import Adam, BinaryCrossentropy, ModelSpec
from scenarios.keras_io_tf import parts
from scenarios.keras_io_tf.compiled import COMPILED
from scenarios.keras_io_tf.first_loop import FIRST_LOOP, GUIDE
from scenarios.keras_io_tf.metrics import METRICS
from scenarios.keras_io_tf.tracked_losses import TRACKED_LOSSES

LATENT = 128
DISCRIMINATOR = ModelSpec(
    style="sequential",
    name="discriminator",
    input=Input(shape=(28, 28, 1)),
    layers=(
        Conv2D(64, (3, 3), strides=(2, 2), padding="same"),
        LeakyReLU(negative_slope=0.2),
        Conv2D(128, (3, 3), strides=(2, 2), padding="same"),
        LeakyReLU(negative_slope=0.2),
        GlobalMaxPooling2D(),
        Dense(1),
    ),
)
GENERATOR = ModelSpec(
    style="sequential",
    name="generator",
    input=Input(shape=(LATENT,)),
    layers=(
        Dense(7 * 7 * 128),
        LeakyReLU(negative_slope=0.2),
        Reshape((7, 7, 128)),
        Conv2DTranspose(128, (4, 4), strides=(2, 2), padding="same"),
        LeakyReLU(negative_slope=0.2),
        Conv2DTranspose(128, (4, 4), strides=(2, 2), padding="same"),
        LeakyReLU(negative_slope=0.2),
        Conv2D(1, (7, 7), padding="same", activation="sigmoid"),
    ),
)
STEP = (
    Draw("latent", Normal(), shape=(Batch(), LATENT)),
    Call("generated_images", model="generator", x="latent"),
    Concat("combined_images", parts=("generated_images", "real_images")),
    Fill("fake_labels", 1.0, shape=(Batch(), 1)),
    Fill("real_labels", 0.0, shape=(BatchOf("real_images"), 1)),
    Concat("clean_labels", parts=("fake_labels", "real_labels")),
    Draw("label_noise", Uniform(0.0, 1.0), shape=(BatchOf("clean_labels"), 1)),
    Affine("labels", x="label_noise", scale=0.05, plus="clean_labels"),
    GradScope(
        tapes=("d_tape",),
        body=(
            Call("predictions", model="discriminator", x="combined_images"),
            Loss("d_loss", loss="loss_fn", target="labels", prediction="predictions"),
        ),
    ),
    Gradients("d_grads", tape="d_tape", loss="d_loss", model="discriminator"),
    Apply("d_optimizer", gradients="d_grads", model="discriminator"),
    Draw("misleading_latent", Normal(), shape=(Batch(), LATENT)),
    Fill("misleading_labels", 0.0, shape=(Batch(), 1)),
    GradScope(
        tapes=("g_tape",),
        body=(
            Call("fooling_images", model="generator", x="misleading_latent"),
            Call("verdicts", model="discriminator", x="fooling_images"),
            Loss("g_loss", loss="loss_fn", target="misleading_labels", prediction="verdicts"),
        ),
    ),
    Gradients("g_grads", tape="g_tape", loss="g_loss", model="generator"),
    Apply("g_optimizer", gradients="g_grads", model="generator"),
    Return(losses=("d_loss", "g_loss"), tensors=("generated_images",)),
)

GAN = Scenario(
    guide=GUIDE,
    section="gan",
    title="End-to-end example: a GAN training loop from scratch",
    execution="graph",
    backends=parts.BACKENDS,
    after=(FIRST_LOOP, METRICS, COMPILED, TRACKED_LOSSES),
    setup=(
        BuildModel("discriminator", DISCRIMINATOR),
        BuildModel("generator", GENERATOR),
        MakeOptimizer("d_optimizer", Adam(learning_rate=0.0003)),
        MakeOptimizer("g_optimizer", Adam(learning_rate=0.0004)),
        MakeLoss("loss_fn", BinaryCrossentropy(from_logits=True)),
        LoadImages("pool", parts=("train", "test"), layout="image", dtype="float32", divisor=255.0),
        OpenDataset("dataset", source="pool", batch=64, shuffle=1024),
    ),
    loop=Loop(
        dataset="dataset",
        batch=("real_images",),
        epochs=1,
        log_every=100,
        break_above=10,
        announce=(Log("\nStart epoch {epoch}"),),
    ),
    step=STEP,
    on_log=(
        Log("discriminator loss at step {step}: {d_loss:.2f}"),
        Log("adversarial loss at step {step}: {g_loss:.2f}"),
        SaveImage("generated_images", file="generated_img_{step}.png", scale=255.0),
    ),
)
