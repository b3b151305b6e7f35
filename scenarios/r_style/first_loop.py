"""Section "Using the GradientTape": three eager epochs of Adam on integer pixels, R's own split."""

from core.spec import Guide, Loop, Scenario, ops
from scenarios.r_style import parts

# The page names no date; the R package keras3 that it documents appeared in 2024.
GUIDE = Guide(
    id="r_style",
    title="Writing a training loop from scratch in TensorFlow (R keras3)",
    year=2024,
)

FIRST_LOOP = Scenario(
    guide=GUIDE,
    section="first_loop",
    title="A first end-to-end example with gradient tapes",
    execution="eager",
    backends=parts.BACKENDS,
    setup=(
        ops.BuildModel("model", parts.MODEL),
        ops.MakeOptimizer("optimizer", parts.OPTIMIZER),
        ops.MakeLoss("loss_fn", parts.LOSS),
        ops.LoadImages("pool", parts=("train",), layout="flat", dtype="int32"),
        ops.SplitData("train", validation="val", source="pool", reserve=10_000, how="r_sample_int"),
        ops.OpenDataset("train_dataset", source="train", batch=64, shuffle=1024),
        ops.OpenDataset("val_dataset", source="val", batch=64),
    ),
    loop=Loop(
        dataset="train_dataset",
        batch=parts.BATCH,
        epochs=3,
        log_every=parts.LOG_EVERY,
        first_epoch=1,
        first_step=1,
        announce=(parts.ANNOUNCE,),
    ),
    step=(parts.FORWARD, *parts.UPDATE, parts.RETURN),
    on_log=(parts.LOG_LOSS, ops.Log("Seen so far: {seen} samples")),
)
