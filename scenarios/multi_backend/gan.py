"""Section "A GAN training loop from scratch": 12 steps of the newer guide's DCGAN, one image."""

from core.spec import Loop, Scenario, ops
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
        break_above=10,
        announce=(ops.Log("\nStart epoch {epoch}"),),
    ),
    step=STEP,
    on_log=(
        ops.Log("discriminator loss at step {step}: {d_loss:.2f}"),
        ops.Log("adversarial loss at step {step}: {g_loss:.2f}"),
        ops.SaveImage("generated_images", file="generated_img{step}.png", scale=255.0),
    ),
)
