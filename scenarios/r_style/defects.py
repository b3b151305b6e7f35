"""What is wrong in the published text, how one can tell, and what the scenarios do instead."""

from core.spec.defect import Defect

_GUIDE = "r_style"
DEFECTS = (
    Defect(
        id=f"{_GUIDE}/compiled/exhausted-iterator",
        what="the loop asks for batches from the iterator that the first section used up, and "
        "makes no new one: it takes no training step",
        evidence="no loss is printed, both training accuracies are 0.0000, and the validation "
        "accuracy is the one that the section before printed last, in both epochs",
        instead="compiled runs it as published, zero steps; compiled~intended iterates over the "
        "training data",
    ),
    Defect(
        id=f"{_GUIDE}/compiled/stale-loss",
        what="the compiled train_step returns nothing, and the log prints loss_value, a global "
        "left over from the section before",
        evidence="with a fresh iterator, every line would repeat the last eager loss",
        instead="the step returns its loss; compiled~intended logs that",
    ),
    Defect(
        id=f"{_GUIDE}/compiled/speedup",
        what="the section calls itself much faster by the time of a loop that trained nothing",
        evidence="0.54 s for two epochs of zero steps against 46.08 s: a ratio of 85 that measures "
        "two validation passes",
        instead="the ratio is measured on the training step itself, eager against compiled",
        lines=(304,),
    ),
    Defect(
        id=f"{_GUIDE}/compiled/decorator",
        what="the text tells R programmers to add Python's decorator @tf.function",
        evidence="R has no decorators; the code beside the text calls tf_function()",
        instead="nothing: the code is what the scenario follows",
    ),
    Defect(
        id=f"{_GUIDE}/tracked_losses/never-called",
        what="the section defines a train_step and never calls it, so that none of its text is "
        "ever executed",
        evidence="no loop follows the definition, and the page shows no output for the section",
        instead="the section trains one epoch with the step it defines, and logs and evaluates as "
        "the sections before it do",
    ),
    Defect(
        id=f"{_GUIDE}/tracked_losses/optimizer-rebound",
        what="the section's train_step would update a new model with the optimizer that an earlier "
        "section built for another model",
        evidence="called on one batch as written, optimizer$apply raises an error about an unknown "
        "variable",
        instead="the section trains one epoch with an Adam of its own at the same learning rate",
    ),
    Defect(
        id=f"{_GUIDE}/gan/silent-loop",
        what="the loop logs every 200 steps and ends after 11, so that it prints no loss",
        evidence="the page shows the heading of the epoch and nothing below it",
        instead="gan runs it as published; gan~intended logs at step 10",
    ),
    Defect(
        id=f"{_GUIDE}/gan/no-image",
        what="a folder for images is named, the step returns images, and none is saved",
        evidence="save_dir is assigned and never read",
        instead="gan saves none, as published; gan~intended saves one where it logs",
    ),
    Defect(
        id=f"{_GUIDE}/gan/early-stop",
        what="a comment says that training stops after 10 steps; counted from 1 and broken off "
        "above 10, the loop takes 11",
        evidence="a counter in the loop reads 11",
        instead="11 steps",
    ),
    Defect(
        id=f"{_GUIDE}/gan/layer-names",
        what="the two summaries number the layers of a kind backwards, as an older keras3 did "
        "whose pipes built the last layer first",
        evidence="conv2d_1 stands above conv2d; keras3 from 1.0 on builds in natural order",
        instead="today's names, in order of construction",
        lines=(393, 395, 397, 399, 436, 440, 445, 448),
    ),
)
