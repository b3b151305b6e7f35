"""The article's only section: a DCGAN with two tapes, BatchNorm, Dropout and sample sheets.

Its loss takes the discriminator's sigmoid outputs for logits (see the ledger): TensorFlow goes
back to the logits behind them, JAX and torch apply the sigmoid once more. Sheets are saved as PNG
where the article saves JPEG, models in today's format, and the article's random run id is left
out of lines and file names.
"""

from core.spec import Guide, Loop, Scenario
from core.spec.ops import (
    Apply,
    Batch,
    BatchOf,
    BuildModel,
    Call,
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
    SaveModel,
    SeedFramework,
    Sheet,
    Sum,
)
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
NOISE_SHAPE = (Batch(), NOISE)
STEP = (
    Draw("noise", Normal(), shape=NOISE_SHAPE),
    GradScope(
        tapes=("discriminator_tape", "generator_tape"),
        body=(
            Call("generated_images", model="generator", x="noise", training=True),
            Call("fake_verdicts", model="discriminator", x="generated_images", training=True),
            Call("real_verdicts", model="discriminator", x="real_images", training=True),
            Fill("wished_labels", 1.0, shape=(BatchOf("fake_verdicts"), 1)),
            Loss("g_loss", loss="loss_fn", target="wished_labels", prediction="fake_verdicts"),
            Fill("real_labels", 1.0, shape=(BatchOf("real_verdicts"), 1)),
            Loss("loss_on_reals", loss="loss_fn", target="real_labels", prediction="real_verdicts"),
            Fill("fake_labels", 0.0, shape=(BatchOf("fake_verdicts"), 1)),
            Loss("loss_on_fakes", loss="loss_fn", target="fake_labels", prediction="fake_verdicts"),
            Sum("d_loss", parts=("loss_on_reals", "loss_on_fakes")),
        ),
    ),
    Gradients("g_grads", tape="generator_tape", loss="g_loss", model="generator"),
    Gradients("d_grads", tape="discriminator_tape", loss="d_loss", model="discriminator"),
    Apply("g_optimizer", gradients="g_grads", model="generator"),
    Apply("d_optimizer", gradients="d_grads", model="discriminator"),
    Return(losses=("g_loss", "d_loss")),
)

DCGAN = Scenario(
    guide=GUIDE,
    section="dcgan",
    title="A deep convolutional GAN on MNIST",
    execution="graph",
    backends=BACKENDS,
    setup=(
        MakeLoss("loss_fn", BinaryCrossentropy(from_logits=True)),
        MakeOptimizer("g_optimizer", OPTIMIZER),
        MakeOptimizer("d_optimizer", OPTIMIZER),
        Log("Preparing training run"),
        SeedFramework(42),
        LoadImages(
            "pool",
            parts=("train",),
            layout="image",
            dtype="float32",
            offset=127.5,
            divisor=127.5,
        ),
        OpenDataset("dataset", source="pool", batch=28, shuffle=30_000),
        BuildModel("generator", GENERATOR),
        BuildModel("discriminator", DISCRIMINATOR),
        Log("Training GAN ..."),
    ),
    loop=Loop(
        dataset="dataset",
        batch=("real_images",),
        epochs=50,
        log_every=50,
        first_epoch=1,
        first_step=1,
        announce=(Log("Starting epoch {epoch} with {batches} batches..."),),
        closing=(Log("Finished unique run"),),
        cap=CAP,
    ),
    step=STEP,
    on_log=(
        Log("Losses after mini-batch {step:5d}: generator {g_loss:e}, discriminator {d_loss:e}"),
        Draw("sheet_noise", Normal(), shape=NOISE_SHAPE),
        Call("sheet_images", model="generator", x="sheet_noise", training=False),
        Sheet("sheet_images", file="epoch{epoch_index}_batch{step}.png", rows=4, columns=4),
    ),
    on_epoch_end=(
        SaveModel("generator", file="generator_{epoch_index}.keras"),
        SaveModel("discriminator", file="discriminator{epoch_index}.keras"),
    ),
)
