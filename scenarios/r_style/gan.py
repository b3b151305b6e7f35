"""Section "A GAN training loop from scratch": 11 steps with a dynamic batch; as published no log.

As published the loop logs every 200 steps and ends after 11, so it prints nothing, and the folder
it names for images receives none. `GAN_INTENDED` logs at a step that is reached and saves an image.
"""

import attrs

from core.spec import Loop, Scenario, ops
from core.spec.parts import Adam, BinaryCrossentropy
from scenarios.keras_io_tf.gan import DISCRIMINATOR, GENERATOR, LATENT
from scenarios.r_style import parts
from scenarios.r_style.compiled import COMPILED
from scenarios.r_style.first_loop import FIRST_LOOP, GUIDE
from scenarios.r_style.metrics import METRICS
from scenarios.r_style.tracked_losses import TRACKED_LOSSES

_BATCH = ops.BatchOf("real_images")
STEP = (
    ops.Draw("latent", ops.Normal(), shape=(_BATCH, LATENT)),
    ops.Call("generated_images", model="generator", x="latent"),
    ops.Concat("combined_images", parts=("generated_images", "real_images")),
    ops.Fill("fake_labels", 1.0, shape=(_BATCH, 1)),
    ops.Fill("real_labels", 0.0, shape=(_BATCH, 1)),
    ops.Concat("clean_labels", parts=("fake_labels", "real_labels")),
    ops.Draw("label_noise", ops.Uniform(0.0, 0.05), shape=(ops.BatchOf("clean_labels"), 1)),
    ops.Affine("labels", x="label_noise", plus="clean_labels"),
    ops.GradScope(
        tapes=("d_tape",),
        body=(
            ops.Call("predictions", model="discriminator", x="combined_images"),
            ops.Loss("d_loss", loss="loss_fn", target="labels", prediction="predictions"),
        ),
    ),
    ops.Gradients("d_grads", tape="d_tape", loss="d_loss", model="discriminator"),
    ops.Apply("d_optimizer", gradients="d_grads", model="discriminator"),
    ops.Draw("misleading_latent", ops.Normal(), shape=(_BATCH, LATENT)),
    ops.Fill("misleading_labels", 0.0, shape=(_BATCH, 1)),
    ops.GradScope(
        tapes=("g_tape",),
        body=(
            ops.Call("fooling_images", model="generator", x="misleading_latent"),
            ops.Call("verdicts", model="discriminator", x="fooling_images"),
            ops.Loss("g_loss", loss="loss_fn", target="misleading_labels", prediction="verdicts"),
        ),
    ),
    ops.Gradients("g_grads", tape="g_tape", loss="g_loss", model="generator"),
    ops.Apply("g_optimizer", gradients="g_grads", model="generator"),
    ops.Return(losses=("d_loss", "g_loss"), tensors=("generated_images",)),
)

GAN = Scenario(
    guide=GUIDE,
    section="gan",
    title="End-to-end example: a GAN training loop from scratch, as published",
    execution="graph",
    backends=parts.BACKENDS,
    after=(FIRST_LOOP, METRICS, COMPILED, TRACKED_LOSSES),
    setup=(
        ops.BuildModel("discriminator", DISCRIMINATOR),
        ops.BuildModel("generator", GENERATOR),
        ops.MakeOptimizer("d_optimizer", Adam(learning_rate=0.0003)),
        ops.MakeOptimizer("g_optimizer", Adam(learning_rate=0.0004)),
        ops.MakeLoss("loss_fn", BinaryCrossentropy(from_logits=True)),
        ops.LoadImages(
            "pool", parts=("train", "test"), layout="image", dtype="float32", divisor=255.0
        ),
        ops.OpenDataset("dataset", source="pool", batch=64, shuffle=1024),
    ),
    loop=Loop(
        dataset="dataset",
        batch=("real_images",),
        epochs=1,
        log_every=200,
        first_epoch=1,
        first_step=1,
        break_above=10,
        announce=(ops.Log("Start epoch:  {epoch} "),),
    ),
    step=STEP,
    on_log=(
        ops.Log("discriminator loss at step {step}: {d_loss:.2f}"),
        ops.Log("adversarial loss at step {step}: {g_loss:.2f}"),
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
        ops.SaveImage("generated_images", file="generated_img_{step}.png", scale=255.0),
    ),
    lineage=GAN.stream,
)
