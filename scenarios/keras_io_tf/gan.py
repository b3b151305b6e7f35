"""Section "A GAN training loop from scratch": 12 steps of a DCGAN, one sample image."""

from core.spec import Loop, Scenario, layers, ops
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
    input=layers.Input(shape=(28, 28, 1)),
    layers=(
        layers.Conv2D(64, (3, 3), strides=(2, 2), padding="same"),
        layers.LeakyReLU(negative_slope=0.2),
        layers.Conv2D(128, (3, 3), strides=(2, 2), padding="same"),
        layers.LeakyReLU(negative_slope=0.2),
        layers.GlobalMaxPooling2D(),
        layers.Dense(1),
    ),
)
GENERATOR = ModelSpec(
    style="sequential",
    name="generator",
    input=layers.Input(shape=(LATENT,)),
    layers=(
        layers.Dense(7 * 7 * 128),
        layers.LeakyReLU(negative_slope=0.2),
        layers.Reshape((7, 7, 128)),
        layers.Conv2DTranspose(128, (4, 4), strides=(2, 2), padding="same"),
        layers.LeakyReLU(negative_slope=0.2),
        layers.Conv2DTranspose(128, (4, 4), strides=(2, 2), padding="same"),
        layers.LeakyReLU(negative_slope=0.2),
        layers.Conv2D(1, (7, 7), padding="same", activation="sigmoid"),
    ),
)
STEP = (
    ops.Draw("latent", ops.Normal(), shape=(ops.Batch(), LATENT)),
    ops.Call("generated_images", model="generator", x="latent"),
    ops.Concat("combined_images", parts=("generated_images", "real_images")),
    ops.Fill("fake_labels", 1.0, shape=(ops.Batch(), 1)),
    ops.Fill("real_labels", 0.0, shape=(ops.BatchOf("real_images"), 1)),
    ops.Concat("clean_labels", parts=("fake_labels", "real_labels")),
    ops.Draw("label_noise", ops.Uniform(0.0, 1.0), shape=(ops.BatchOf("clean_labels"), 1)),
    ops.Affine("labels", x="label_noise", scale=0.05, plus="clean_labels"),
    ops.GradScope(
        tapes=("d_tape",),
        body=(
            ops.Call("predictions", model="discriminator", x="combined_images"),
            ops.Loss("d_loss", loss="loss_fn", target="labels", prediction="predictions"),
        ),
    ),
    ops.Gradients("d_grads", tape="d_tape", loss="d_loss", model="discriminator"),
    ops.Apply("d_optimizer", gradients="d_grads", model="discriminator"),
    ops.Draw("misleading_latent", ops.Normal(), shape=(ops.Batch(), LATENT)),
    ops.Fill("misleading_labels", 0.0, shape=(ops.Batch(), 1)),
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
        log_every=100,
        break_above=10,
        announce=(ops.Log("\nStart epoch {epoch}"),),
    ),
    step=STEP,
    on_log=(
        ops.Log("discriminator loss at step {step}: {d_loss:.2f}"),
        ops.Log("adversarial loss at step {step}: {g_loss:.2f}"),
        ops.SaveImage("generated_images", file="generated_img_{step}.png", scale=255.0),
    ),
)
