"""What is wrong in the published text, how one can tell, and what the scenarios do instead."""

from core.spec.defect import Defect

_GUIDE = "keras_io_tf"
DEFECTS = (
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
        evidence="called on one batch as written, optimizer.apply raises ValueError about an "
        "unknown variable",
        instead="the section trains one epoch with an Adam of its own at the same learning rate",
    ),
    Defect(
        id=f"{_GUIDE}/tracked_losses/activity-sum",
        what="the activity loss sums over a whole batch of activations of raw pixels: it outweighs "
        "the cross-entropy and drives the hidden layer to zero",
        evidence="the first loss is about 1,200 instead of 100; after one epoch the loss is ln 10 "
        "= 2.303 and the validation accuracy 0.11 (seeds 1 and 2), that of one class for all",
        instead="the factor 0.01 and the sum stay as published; the golden holds the chance level",
    ),
    Defect(
        id=f"{_GUIDE}/gan/early-stop",
        what="a comment says that training stops after 10 steps; counted from 0 and broken off "
        "above 10, the loop takes 12",
        evidence="a counter in the loop reads 12",
        instead="12 steps",
    ),
)
