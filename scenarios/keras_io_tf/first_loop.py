"""Section "A first end-to-end example": three eager epochs of Adam, without metrics."""

from core.spec import Guide, Loop, Scenario
from core.spec.ops import BuildModel, LoadImages, MakeLoss, MakeOptimizer, OpenDataset, SplitData
from scenarios.keras_io_tf import parts

GUIDE = Guide(
    id="keras_io_tf",
    title="Writing a training loop from scratch in TensorFlow",
    year=2023,
)

FIRST_LOOP = Scenario(
    guide=GUIDE,
    section="first_loop",
    title="A first end-to-end example",
    execution="eager",
    backends=parts.BACKENDS,
    setup=(
        BuildModel("model", parts.MODEL),
        MakeOptimizer("optimizer", parts.OPTIMIZER),
        MakeLoss("loss_fn", parts.LOSS),
        LoadImages("pool", parts=("train",), layout="flat"),
        SplitData("train", validation="val", source="pool", reserve=10_000, how="last"),
        OpenDataset("train_dataset", source="train", batch=32, shuffle=1024),
        OpenDataset("val_dataset", source="val", batch=32),
    ),
    loop=Loop(
        dataset="train_dataset",
        batch=parts.BATCH,
        epochs=3,
        log_every=100,
        announce=(parts.ANNOUNCE,),
    ),
    step=(parts.FORWARD, *parts.UPDATE, parts.RETURN),
    on_log=parts.LOG_STEP,
)
