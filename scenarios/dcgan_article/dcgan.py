"""The article's only section: a DCGAN with two tapes, BatchNorm, Dropout and sample sheets.

Its loss takes the discriminator's sigmoid outputs for logits (see the ledger): TensorFlow goes
back to the logits behind them, JAX and torch apply the sigmoid once more. Sheets are saved as PNG
where the article saves JPEG, models in today's format, and the article's random run id is left
out of lines and file names.
"""

from core.spec import Guide, Loop, Scenario, ops
from core.spec.parts import Adam, BinaryCrossentropy
from scenarios.dcgan_article.models import DISCRIMINATOR, GENERATOR, NOISE

GUIDE = Guide(
    id="dcgan_article",
    title="Creating DCGAN with TensorFlow 2 and Keras",
    year=2021,
)
BACKENDS = ("tensorflow", "jax", "torch")
CAP = 100
OPTIMIZER = Adam(learning_rate=0.0002, beta_1=0.5, beta_2=0.999)
NOISE_SHAPE = (ops.Batch(), NOISE)
STEP = (
    ops.Draw("noise", ops.Normal(), shape=NOISE_SHAPE),
    ops.GradScope(
        tapes=("discriminator_tape", "generator_tape"),
        body=(
            ops.Call("generated_images", model="generator", x="noise", training=True),
            ops.Call("fake_verdicts", model="discriminator", x="generated_images", training=True),
            ops.Call("real_verdicts", model="discriminator", x="real_images", training=True),
            ops.Fill("wished_labels", 1.0, shape=(ops.BatchOf("fake_verdicts"), 1)),
            ops.Loss("g_loss", loss="loss_fn", target="wished_labels", prediction="fake_verdicts"),
            ops.Fill("real_labels", 1.0, shape=(ops.BatchOf("real_verdicts"), 1)),
            ops.Loss(
                "loss_on_reals", loss="loss_fn", target="real_labels", prediction="real_verdicts"
            ),
            ops.Fill("fake_labels", 0.0, shape=(ops.BatchOf("fake_verdicts"), 1)),
            ops.Loss(
                "loss_on_fakes", loss="loss_fn", target="fake_labels", prediction="fake_verdicts"
            ),
            ops.Sum("d_loss", parts=("loss_on_reals", "loss_on_fakes")),
        ),
    ),
    ops.Gradients("g_grads", tape="generator_tape", loss="g_loss", model="generator"),
    ops.Gradients("d_grads", tape="discriminator_tape", loss="d_loss", model="discriminator"),
    ops.Apply("g_optimizer", gradients="g_grads", model="generator"),
    ops.Apply("d_optimizer", gradients="d_grads", model="discriminator"),
    ops.Return(losses=("g_loss", "d_loss")),
)

DCGAN = Scenario(
    guide=GUIDE,
    section="dcgan",
    title="A deep convolutional GAN on MNIST",
    execution="graph",
    backends=BACKENDS,
    setup=(
        ops.MakeLoss("loss_fn", BinaryCrossentropy(from_logits=True)),
        ops.MakeOptimizer("g_optimizer", OPTIMIZER),
        ops.MakeOptimizer("d_optimizer", OPTIMIZER),
        ops.Log("Preparing training run"),
        ops.SeedFramework(42),
        ops.LoadImages(
            "pool",
            parts=("train",),
            layout="image",
            dtype="float32",
            offset=127.5,
            divisor=127.5,
        ),
        ops.OpenDataset("dataset", source="pool", batch=28, shuffle=30_000),
        ops.BuildModel("generator", GENERATOR),
        ops.BuildModel("discriminator", DISCRIMINATOR),
        ops.Log("Training GAN ..."),
    ),
    loop=Loop(
        dataset="dataset",
        batch=("real_images",),
        epochs=50,
        log_every=50,
        first_epoch=1,
        first_step=1,
        announce=(ops.Log("Starting epoch {epoch} with {batches} batches..."),),
        closing=(ops.Log("Finished unique run"),),
        cap=CAP,
    ),
    step=STEP,
    on_log=(
        ops.Log(
            "Losses after mini-batch {step:5d}: generator {g_loss:e}, discriminator {d_loss:e}"
        ),
        ops.Draw("sheet_noise", ops.Normal(), shape=NOISE_SHAPE),
        ops.Call("sheet_images", model="generator", x="sheet_noise", training=False),
        ops.Sheet("sheet_images", file="epoch{epoch_index}_batch{step}.png", rows=4, columns=4),
    ),
    on_epoch_end=(
        ops.SaveModel("generator", file="generator_{epoch_index}.keras"),
        ops.SaveModel("discriminator", file="discriminator{epoch_index}.keras"),
    ),
)
