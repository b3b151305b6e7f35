"""What is wrong in the published text, how one can tell, and what the scenarios do instead."""

from core.spec.defect import Defect

_GUIDE = "multi_backend"
DEFECTS = (
    Defect(
        id=f"{_GUIDE}/metrics/reset-states",
        what="metrics are reset by reset_states, a method that Keras 3 has no more",
        evidence="AttributeError at the end of the first epoch, so that the sections metrics and "
        "compiled end there",
        instead="reset_state, its name in Keras 3; the old one in the Keras 2 dialect only",
    ),
    Defect(
        id=f"{_GUIDE}/first_loop/apply-gradients",
        what="optimizers are called by apply_gradients over zipped pairs, the way of Keras 2; "
        "Keras 3 keeps it and prefers apply",
        evidence="it runs without a warning and gives the same updates",
        instead="one Apply op; each dialect prints its own call",
    ),
    Defect(
        id=f"{_GUIDE}/gan/leaky-relu-alpha",
        what="LeakyReLU takes its slope as alpha, which Keras 3 calls negative_slope",
        evidence="Keras 3 takes it and warns that the argument is deprecated",
        instead="negative_slope=0.2",
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
        evidence="called on one batch as written, apply_gradients raises ValueError about an "
        "unknown variable",
        instead="the section trains one epoch with an SGD of its own at the same learning rate",
    ),
    Defect(
        id=f"{_GUIDE}/tracked_losses/activity-sum",
        what="the activity loss sums over a whole batch of activations of raw pixels: the first "
        "updates by SGD drive the hidden layer to zero for good",
        evidence="the first loss is above 2,000, the second below 10; after one epoch the loss is "
        "ln 10 = 2.303 and the validation accuracy 0.11 (seeds 1 and 2)",
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
