"""Where a printed training step departs from the guide's own text, statement by statement.

Names and comments aside, every other statement of every guide's step is printed as published; the
tests compare both by their syntax.
"""

from core.spec.departure import Departure

_SCOPE = tuple(f"step[1.{place}]" for place in range(3, 10))
_WEIGHTS = ("step[2]", "step[3]", "step[4]", "step[5]")


def _article(section: str) -> tuple[Departure, ...]:
    return (
        Departure(
            scenario=section,
            lines=(345,),
            ops=("step[0]",),
            reason="the article draws its noise in a function of its own; here the step draws it",
        ),
        Departure(
            scenario=section,
            lines=(355, 356),
            ops=_SCOPE,
            reason="the article computes its losses in two functions of its own; here the step "
            "computes them, loss by loss",
        ),
        Departure(
            scenario=section,
            lines=(358, 359, 361, 362),
            ops=_WEIGHTS,
            reason="the article says trainable_variables where the other guides say "
            "trainable_weights, which is the same list",
        ),
    )


def _silent(section: str) -> Departure:
    return Departure(
        scenario=section,
        lines=(246,),
        ops=("step[4]",),
        reason="the guide's compiled step returns nothing, and its log prints a global left over "
        "from the section before; here it returns its loss",
    )


def _piped(section: str) -> Departure:
    return Departure(
        scenario=section,
        lines=(484,),
        ops=("step[6]", "step[7]"),
        reason="the guide adds its noise by a pipe that assigns; here the sum is written out",
    )


DEPARTURES = (
    *_article("dcgan_article/dcgan"),
    *_article("dcgan_article/dcgan~logits"),
    *_article("dcgan_article/dcgan~twice"),
    _silent("r_style/compiled"),
    _silent("r_style/compiled~intended"),
    Departure(
        scenario="r_style/tracked_losses",
        lines=(337,),
        ops=("step[0.1]", "step[0.2]"),
        reason="the guide adds up the loss and the tracked losses in one call of Reduce; here the "
        "loss comes first, the tracked losses are added to it",
    ),
    Departure(
        scenario="r_style/tracked_losses",
        lines=(343,),
        ops=("step[4]",),
        reason="the guide's step returns nothing, and nothing calls it; here it returns its loss",
    ),
    _piped("r_style/gan"),
    _piped("r_style/gan~intended"),
)
