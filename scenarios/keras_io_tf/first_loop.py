"""Section "A first end-to-end example": three eager epochs of Adam, without metrics."""

from core.spec import Guide, Loop, Scenario, ops
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
        ops.BuildModel("model", parts.MODEL),
        ops.MakeOptimizer("optimizer", parts.OPTIMIZER),
        ops.MakeLoss("loss_fn", parts.LOSS),
        ops.LoadImages("pool", parts=("train",), layout="flat"),
        ops.SplitData("train", validation="val", source="pool", reserve=10_000, how="last"),
        ops.OpenDataset("train_dataset", source="train", batch=32, shuffle=1024),
        ops.OpenDataset("val_dataset", source="val", batch=32),
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
