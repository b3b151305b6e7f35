"""The registry of findings: every code there is, what it means, how grave it is, what to do.

`docs/findings.md` is made from it (`python -m tools.findings`). A code is stable once it is
released: scripts and files of accepted findings name it.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class Severity(StrEnum):
    """How much a finding matters; notes never fail a run."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class FindingCode(StrEnum):
    """What a finding is about, by its stable kebab-case name.

    Attributes:
        severity: how grave such a finding is, where the evidence in hand says nothing else.
        meaning: what it says, in one sentence.
        remedy: what to do about it, where one thing is right for all of them.
    """

    severity: Severity
    meaning: str
    remedy: str

    def __new__(cls, name: str, severity: Severity, meaning: str, remedy: str) -> Self:
        """A code and what is known of it."""
        member = str.__new__(cls, name)
        member._value_ = name
        member.severity, member.meaning, member.remedy = severity, meaning, remedy
        return member

    ACCEPTANCE_EXPIRED = (
        "acceptance-expired",
        Severity.NOTE,
        "A finding was accepted until a day that is past, and is still found.",
        "mend the document, or give the entry a new last day",
    )
    ACCEPTANCE_UNUSED = (
        "acceptance-unused",
        Severity.NOTE,
        "An entry in the file of accepted findings fits no finding.",
        "take the entry out",
    )
    BACKEND_DRIFT = (
        "backend-drift",
        Severity.ERROR,
        "Two backends compute another loss from the same numbers.",
        "compare both with an independent reference at the step that is named",
    )
    BACKEND_MISSING = (
        "backend-missing",
        Severity.NOTE,
        "A run was left out, because its backend is not installed.",
        "install the backend",
    )
    BUDGET_CUT = (
        "budget-cut",
        Severity.NOTE,
        "Training was cut short by the budget of steps or seconds.",
        "allow more with --max-steps or --budget",
    )
    CASCADE_ERROR = (
        "cascade-error",
        Severity.NOTE,
        "A cell or scenario failed because of one that failed before it.",
        "mend the first failure",
    )
    CELL_ERROR = (
        "cell-error",
        Severity.ERROR,
        "A cell raises an error, or is not valid code.",
        "mend the call, or try --repair, which knows some mechanical repairs",
    )
    CELL_TIMEOUT = (
        "cell-timeout",
        Severity.ERROR,
        "A cell took longer than the limit and was ended.",
        "end the loop, or allow more time with --seconds",
    )
    CLAIM_COUNT = (
        "claim-count",
        Severity.ERROR,
        "A count, an epoch, a step or a picture is not what is published.",
        "run the cell again and publish what it prints, or mend the code that prints it",
    )
    CLAIM_PARAMS = (
        "claim-params",
        Severity.ERROR,
        "A number of parameters is not what is published.",
        "run the cell again and publish what it prints, or mend the code that prints it",
    )
    CLAIM_SHAPE = (
        "claim-shape",
        Severity.ERROR,
        "A layer or an output shape is not what is published.",
        "run the cell again and publish what it prints, or mend the code that prints it",
    )
    CLAIM_SPEEDUP = (
        "claim-speedup",
        Severity.NOTE,
        "Two sections take times in another proportion than published.",
        "run the cell again and publish what it prints, or mend the code that prints it",
    )
    CLAIM_TREND = (
        "claim-trend",
        Severity.WARNING,
        "Losses or accuracies cannot come from the training that published theirs.",
        "run the cell again and publish what it prints, or mend the code that prints it",
    )
    DEPRECATED_API = (
        "deprecated-api",
        Severity.WARNING,
        "A call is gone from the installed release, or is on its way out.",
        "write what the message recommends",
    )
    DOCUMENT_ENCODING = (
        "document-encoding",
        Severity.WARNING,
        "The document is not UTF-8.",
        "save the document as UTF-8; it was read with U+FFFD for what is not",
    )
    DOCUMENT_FORMAT = (
        "document-format",
        Severity.NOTE,
        "The content is not quite what the file's name says.",
        "rename the file, or save it in the format its name says",
    )
    DOCUMENT_HEADER = (
        "document-header",
        Severity.WARNING,
        "The front matter is no valid YAML.",
        "correct the header; the rest of the document was read without it",
    )
    DOCUMENT_STOPPED = (
        "document-stopped",
        Severity.ERROR,
        "The document's process was ended, or ended itself, before its last cell.",
        "mend the cell, or raise the limit",
    )
    DOCUMENT_TOO_LARGE = (
        "document-too-large",
        Severity.ERROR,
        "The document is too large to be read.",
        "split the document, or remove embedded data from it",
    )
    DOCUMENT_UNREADABLE = (
        "document-unreadable",
        Severity.ERROR,
        "Nothing can be made of the file's content.",
        "save it as UTF-8 text in one of the supported formats",
    )
    GOLDEN_MISMATCH = (
        "golden-mismatch",
        Severity.ERROR,
        "A run differs from its golden by more than honest runs differ.",
        'find the change that caused it; where it is meant, `parity record ID --reason "…"`',
    )
    GOLDEN_MISSING = (
        "golden-missing",
        Severity.ERROR,
        "There is no golden to compare a run with.",
        'run `parity record ID --reason "…"`, or `parity record --new`',
    )
    GOLDEN_ORPHAN = (
        "golden-orphan",
        Severity.ERROR,
        "A golden belongs to no scenario.",
        "delete the file, or restore the scenario it belongs to",
    )
    GOLDEN_TREND_ONLY = (
        "golden-trend-only",
        Severity.NOTE,
        "A run with another seed or data set than the golden's was judged by its trend.",
        "for numbers, use the golden's seed and data",
    )
    GOLDEN_UNREADABLE = (
        "golden-unreadable",
        Severity.ERROR,
        "A golden or a file of published claims cannot be read or used.",
        'restore the file from the repository, or `parity record ID --reason "…"`',
    )
    GUARD_UNAVAILABLE = (
        "guard-unavailable",
        Severity.NOTE,
        "This machine has no means to keep a document from something.",
        "run documents that you trust, or on a machine with Linux namespaces",
    )
    LOGITS_AMBIGUITY = (
        "logits-ambiguity",
        Severity.WARNING,
        "The loss takes the model's output for logits, and it is probabilities, or the reverse.",
        "let the loss's `from_logits` say what the model's last layer gives",
    )
    NEVER_CALLED = (
        "never-called",
        Severity.WARNING,
        "A function is defined and never called.",
        "call it where the text says what it does, or leave it out",
    )
    NEW_WARNING = (
        "new-warning",
        Severity.ERROR,
        "A run raises a warning that the run it is compared with did not raise.",
        "write what the warning recommends",
    )
    NO_CODE = (
        "no-code",
        Severity.WARNING,
        "There is no code to execute in the document.",
        "name the document that holds the code, or mark its code as Python or R",
    )
    NOT_FINITE = (
        "not-finite",
        Severity.ERROR,
        "A loss or a metric is NaN or infinite.",
        "look at the data and the learning rate of this run",
    )
    NOT_JUDGED = (
        "not-judged",
        Severity.NOTE,
        "Something was left unjudged, because what it would be judged by is not known.",
        "see the finding's evidence for what is missing",
    )
    OPTIMIZER_REBOUND = (
        "optimizer-rebound",
        Severity.ERROR,
        "An optimizer is used for a model whose variables it was not built on.",
        "make a new optimizer for the new model",
    )
    PARITY_DIFFERENCE = (
        "parity-difference",
        Severity.WARNING,
        "A document does not train as its declared scenario does.",
        "compare the section's code with the scenario; one of them has changed",
    )
    PRECISION_LEAK = (
        "precision-leak",
        Severity.NOTE,
        "Keras computes something in lower precision than asked for; how much is known.",
        "nothing in the guide; see docs/microscope.md for a reproduction",
    )
    PROCESS_LEFT = (
        "process-left",
        Severity.WARNING,
        "The document leaves processes running.",
        "wait for what the document starts",
    )
    R_MISSING = (
        "r-missing",
        Severity.NOTE,
        "The document's R code was not run, because R or a package of it is not there.",
        "install R (on Debian and Ubuntu: apt-get install r-base-core) and, for documents that use "
        "Keras, its package keras3, to run the document's own code",
    )
    RENDERING_STALE = (
        "rendering-stale",
        Severity.WARNING,
        "A rendering's code is no longer its source's.",
        "render the document again from its source",
    )
    RUN_FAILED = (
        "run-failed",
        Severity.ERROR,
        "A run ended with an error.",
        "mend the call that the message names",
    )
    SEED_WITHOUT_EFFECT = (
        "seed-without-effect",
        Severity.NOTE,
        "A seed leaves Keras's first weights and dropout unseeded.",
        "write `keras.utils.set_random_seed(...)`, which seeds Python, NumPy and the backend",
    )
    SHARED_INITIALIZER = (
        "shared-initializer",
        Severity.WARNING,
        "One initializer gives several weights the same values.",
        "make an initializer for each weight, or give it `seed=keras.random.SeedGenerator(...)`",
    )
    SILENT_LOOP = (
        "silent-loop",
        Severity.WARNING,
        "A loop ends before it prints for the first time.",
        "print every few steps, or let the loop run as long as its log needs",
    )
    STALE_OUTPUT = (
        "stale-output",
        Severity.WARNING,
        "The code cannot have printed the published output.",
        "run the cell again and publish what it prints",
    )
    STALE_VARIABLE = (
        "stale-variable",
        Severity.WARNING,
        "A loop prints a variable that it never updates.",
        "assign it in the loop: let the step return it, or read the metric",
    )
    STATE_NOT_CARRIED = (
        "state-not-carried",
        Severity.ERROR,
        "A step is given old arrays, although the call before it returned new ones.",
        "bind what the step returns to the names that it is called with",
    )
    TRACE_DIFFERS = (
        "trace-differs",
        Severity.ERROR,
        "A run differs from the baseline's by more than rounding.",
        "read the release's notes; `parity bisect` names the release",
    )
    TRAINING_FLAG_MISSING = (
        "training-flag-missing",
        Severity.WARNING,
        "A model with dropout or batch normalization is trained without `training=True`.",
        "call the model with `training=True` where it is trained",
    )
    TRANSLATION_DRIFT = (
        "translation-drift",
        Severity.WARNING,
        "A translation's code is not its original's.",
        "bring the code in line with the original's, or say why it differs",
    )
    WEIGHTS_UNCHANGED = (
        "weights-unchanged",
        Severity.ERROR,
        "Training leaves weights as they were.",
        "give the optimizer the gradients and the variables of the model that is trained",
    )
    ZERO_STEPS = (
        "zero-steps",
        Severity.ERROR,
        "A training loop takes no step.",
        "make a new iterator where each pass begins, or loop over the data set itself",
    )
