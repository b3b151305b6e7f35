"""Section "A GAN training loop from scratch": 11 steps with a dynamic batch; as published no log.

As published the loop logs every 200 steps and ends after 11, so it prints nothing, and the folder
it names for images receives none. `GAN_INTENDED` logs at a step that is reached and saves an image.
"""

import attrs

from core.spec import Loop, Scenario
from core.spec.ops import (
    Affine,
    Apply,
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
from core.spec.parts import Adam, BinaryCrossentropy
from scenarios.keras_io_tf.gan import DISCRIMINATOR, GENERATOR, LATENT
from scenarios.r_style import parts
from scenarios.r_style.compiled import COMPILED
from scenarios.r_style.first_loop import FIRST_LOOP, GUIDE
from scenarios.r_style.metrics import METRICS
from scenarios.r_style.tracked_losses import TRACKED_LOSSES

_BATCH = BatchOf("real_images")
STEP = (
    Draw("latent", Normal(), shape=(_BATCH, LATENT)),
    Call("generated_images", model="generator", x="latent"),
    Concat("combined_images", parts=("generated_images", "real_images")),
    Fill("fake_labels", 1.0, shape=(_BATCH, 1)),
    Fill("real_labels", 0.0, shape=(_BATCH, 1)),
    Concat("clean_labels", parts=("fake_labels", "real_labels")),
    Draw("label_noise", Uniform(0.0, 0.05), shape=(BatchOf("clean_labels"), 1)),
    Affine("labels", x="label_noise", plus="clean_labels"),
    GradScope(
        tapes=("d_tape",),
        body=(
            Call("predictions", model="discriminator", x="combined_images"),
            Loss("d_loss", loss="loss_fn", target="labels", prediction="predictions"),
        ),
    ),
    Gradients("d_grads", tape="d_tape", loss="d_loss", model="discriminator"),
    Apply("d_optimizer", gradients="d_grads", model="discriminator"),
    Draw("misleading_latent", Normal(), shape=(_BATCH, LATENT)),
    Fill("misleading_labels", 0.0, shape=(_BATCH, 1)),
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
    title="End-to-end example: a GAN training loop from scratch, as published",
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
        log_every=200,
        first_epoch=1,
        first_step=1,
        break_above=10,
        announce=(Log("Start epoch:  {epoch} "),),
    ),
    step=STEP,
    on_log=(
        Log("discriminator loss at step {step}: {d_loss:.2f}"),
        Log("adversarial loss at step {step}: {g_loss:.2f}"),
    ),
)

# Its models come after the published section's in one process, so that names and draws do not
# hang on whether that section ran before.
GAN_INTENDED = attrs.evolve(
    GAN,
    section="gan~intended",
    title="End-to-end example: a GAN training loop from scratch, as intended",
    after=(*GAN.after, GAN),
    loop=attrs.evolve(GAN.loop, log_every=10),
    on_log=(
        *GAN.on_log,
        SaveImage("generated_images", file="generated_img_{step}.png", scale=255.0),
    ),
    lineage=GAN.stream,
)
