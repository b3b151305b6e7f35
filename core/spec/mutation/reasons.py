"""Why a change cannot be seen: arguments that hold whatever runs.

What is listed here is not run. A change that no argument covers and that still leaves every number
equal to the bit is told apart by running it.
"""

from __future__ import annotations

from core.spec import ops
from core.spec.kinds import Op
from core.spec.mutation.effects import differs_in_training
from core.spec.mutation.mutant import Draft
from core.spec.mutation.places import Place, places
from core.spec.scenario import Scenario

SAME_IN_TRAINING = "the model has no layer that does something else in training"
SEED = "another seed is another honest run; under controlled randomness it seeds nothing"
COUNTED = "an accuracy counts samples one by one, in whichever order and batches they come"
SAME_PIXELS = "the same whole numbers in another type"
NO_STEP = "the loop takes no step"
NO_LOG = "no step that the loop reaches is logged"
CAPPED = "a run is cut off before the first epoch ends"
UNUSED = "nothing in the section uses it"
SAVED = "files of models are no part of a run that is checked"
_WHOLE = {"dtype-int32", "dtype-uint8"}


def reason(scenario: Scenario, draft: Draft) -> str:
    """Why a change of a section cannot be seen in any run of it; empty where it may be."""
    if draft.equivalent:
        return draft.equivalent
    place = next((p for p in places(scenario) if draft.site == p.name), None)
    found = _unreached(scenario, draft, place)
    return (
        found or _of_object(scenario, draft) or (_of_op(scenario, draft, place.op) if place else "")
    )


def _of_op(scenario: Scenario, draft: Draft, op: Op) -> str:
    match op:
        case ops.Call() if draft.operator.startswith("training-"):
            return "" if differs_in_training(scenario, op.model) else SAME_IN_TRAINING
        case ops.SeedFramework():
            return SEED
        case ops.SaveModel():
            return SAVED
        case ops.LoadImages() if {draft.operator, f"dtype-{op.dtype}"} == _WHOLE:
            return SAME_PIXELS
        case _:
            return ""


def _of_object(scenario: Scenario, draft: Draft) -> str:
    """Of an object that is made here or in an earlier section."""
    if draft.site not in scenario.setup_names:
        return ""
    validated = {op.dataset for op in scenario.on_epoch_end if isinstance(op, ops.Validate)}
    only = draft.site in validated - {scenario.loop.dataset}
    if only and draft.operator.startswith(("batch-", "shuffle-")):
        return COUNTED
    used = {name for place in places(scenario) for name, _ in place.op.uses()}
    made = {name for name, _ in scenario.origin(draft.site).op.makes()}
    return "" if made & (used | {scenario.loop.dataset}) else UNUSED


def _unreached(scenario: Scenario, draft: Draft, place: Place | None) -> str:
    """Of what no run of the section gets to."""
    loop, phase = scenario.loop, place.phase if place else ""
    if loop.exhausted and phase in {"step", "on_log"}:
        return NO_STEP
    if phase == "on_log" and not logged(scenario):
        return NO_LOG
    ends = phase in {"evaluate", "on_epoch_end"} or draft.operator.startswith("epochs-")
    closing = draft.site.startswith("loop.closing") or draft.operator.startswith("closing-")
    return CAPPED if loop.cap is not None and (ends or closing) else ""


def logged(scenario: Scenario) -> bool:
    """Whether a run of the section gets to a step that is logged."""
    loop = scenario.loop
    above = loop.break_above
    known = [] if above is None else [loop.steps(above + 2)]
    lengths = [length for length in (*known, loop.cap) if length is not None]
    return not lengths or any(loop.logs(index) for index in range(min(lengths)))
