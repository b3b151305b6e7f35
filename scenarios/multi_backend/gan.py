"""Section "A GAN training loop from scratch": 12 steps of the newer guide's DCGAN, one image."""

from core.spec import Loop, Scenario
from core.spec.ops import (
    BuildModel,
    LoadImages,
    Log,
    MakeLoss,
    MakeOptimizer,
    OpenDataset,
    SaveImage,
)
from core.spec.parts import Adam, BinaryCrossentropy
from scenarios.keras_io_tf.gan import DISCRIMINATOR, GENERATOR, STEP
from scenarios.multi_backend import parts
from scenarios.multi_backend.compiled import COMPILED
from scenarios.multi_backend.first_loop import FIRST_LOOP, GUIDE
from scenarios.multi_backend.metrics import METRICS
from scenarios.multi_backend.tracked_losses import TRACKED_LOSSES

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
        log_every=200,
        break_above=10,
        announce=(Log("\nStart epoch {epoch}"),),
    ),
    step=STEP,
    on_log=(
        Log("discriminator loss at step {step}: {d_loss:.2f}"),
        Log("adversarial loss at step {step}: {g_loss:.2f}"),
        SaveImage("generated_images", file="generated_img{step}.png", scale=255.0),
    ),
)
