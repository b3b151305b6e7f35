"""Section "Using the GradientTape": two eager epochs of SGD, without metrics."""

from core.spec import Guide, Loop, Scenario, ops
from scenarios.multi_backend import parts

GUIDE = Guide(
    id="multi_backend",
    title="Writing a training loop from scratch",
    year=2023,
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
        ops.LoadImages("pool", parts=("train",), layout="flat"),
        ops.SplitData("train", validation="val", source="pool", reserve=10_000, how="last"),
        ops.OpenDataset("train_dataset", source="train", batch=64, shuffle=1024),
        ops.OpenDataset("val_dataset", source="val", batch=64),
    ),
    loop=Loop(
        dataset="train_dataset",
        batch=parts.BATCH,
        epochs=2,
        log_every=200,
        announce=(parts.ANNOUNCE,),
    ),
    step=(parts.FORWARD, *parts.UPDATE, parts.RETURN),
    on_log=parts.LOG_STEP,
)
