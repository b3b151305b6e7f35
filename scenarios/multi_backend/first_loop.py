"""Section "Using the GradientTape": two eager epochs of SGD, without metrics."""

from core.spec import Guide, Loop, Scenario
from core.spec.ops import BuildModel, LoadImages, MakeLoss, MakeOptimizer, OpenDataset, SplitData
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
        BuildModel("model", parts.MODEL),
        MakeOptimizer("optimizer", parts.OPTIMIZER),
        MakeLoss("loss_fn", parts.LOSS),
        LoadImages("pool", parts=("train",), layout="flat"),
        SplitData("train", validation="val", source="pool", reserve=10_000, how="last"),
        OpenDataset("train_dataset", source="train", batch=64, shuffle=1024),
        OpenDataset("val_dataset", source="val", batch=64),
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
