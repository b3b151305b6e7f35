"""What came of a defect: whether a check sees it, at which level, and what others see of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

from attrs import field, frozen

from core.trace.finding import Finding

SECTION, TRACE = "section", "trace"
REFUSED_BY_RULES = "the rules of specs refuse it"


class Level(StrEnum):
    """The levels of a check, in the order in which they are looked at."""

    STRUCTURE = "structure"
    COUNTER = "counter"
    NUMBER = "number"
    TREND = "trend"
    PUBLISHED = "published"


class Fate(StrEnum):
    """What becomes of a defect.

    `EQUIVALENT` is one that no run can show, by a listed argument or because a native run is equal
    to the bit; `REFUSED` one that the rules of specs or the framework refuse, so that nothing runs.
    Neither counts as a defect.
    """

    CAUGHT = "caught"
    SURVIVED = "survived"
    EQUIVALENT = "equivalent"
    REFUSED = "refused"


def level_of(finding: Finding) -> Level:
    """The level of a finding about a run from a station, by the field that it names."""
    place = finding.where.partition("): ")[2]
    kind = place.partition(".")[0]
    if kind == "counters":
        return Level.COUNTER
    # `losses.loss[3]` is a number; `losses.loss` alone says that there are too many or too few.
    number = kind == "variables" or (kind in {"losses", "metrics"} and place.endswith("]"))
    return Level.NUMBER if number else Level.STRUCTURE


def first_level(findings: Iterable[Finding]) -> tuple[Level, Finding] | None:
    """The first level that finds something at a station, and what it finds."""
    found = [(level_of(finding), finding) for finding in findings if finding.fails]
    order = list(Level)
    return min(found, key=lambda pair: order.index(pair[0]), default=None)


@frozen
class Verdict:
    """What came of one defect on one backend.

    Attributes:
        scenario: the section's id.
        backend: where it ran.
        operator: what was done.
        site: to what.
        words: the change in one phrase.
        fate: what came of it.
        level: the first level that caught it; empty where none did.
        reason: what the check says of it; of a survivor or an equivalent one, why it is none.
        alternatives: the other tools' rules that call a native run of it wrong; None where no
            native run was made for them.
    """

    scenario: str
    backend: str
    operator: str
    site: str
    words: str
    fate: Fate = field(converter=Fate)
    level: str = ""
    reason: str = ""
    alternatives: tuple[str, ...] | None = None
    of: str = SECTION

    @property
    def key(self) -> tuple[str, str, str]:
        """What it is about: section, backend, and the defect's name."""
        return self.scenario, self.backend, f"{self.operator}@{self.site}"


@frozen
class Honest:
    """Honest runs that were judged like the mutants.

    Attributes:
        runs: how many: one section, backend, seed and variation each.
        alarms: those that the check called wrong, with what it said.
        native: native runs that the other tools' rules judged as well.
        alternatives: how many of these each rule called wrong.
    """

    runs: int = 0
    alarms: tuple[str, ...] = ()
    native: int = 0
    alternatives: Mapping[str, int] = field(factory=dict)


@frozen
class Summary:
    """What a campaign says in all.

    Attributes:
        defects: how many there were that a run can show.
        equivalent, refused: how many there were besides.
        caught: how many defects the check saw.
        levels: how many each level was the first to catch.
        traces: how many of the defects are in a trace, a run's or the reference's.
        judged_by_others: how many defects had a native run that other tools' rules judged.
        alternatives: how many of these each rule caught.
        survivors: the others, in order.
    """

    defects: int
    equivalent: int
    refused: int
    caught: int
    levels: Mapping[str, int]
    traces: int
    judged_by_others: int
    alternatives: Mapping[str, int]
    survivors: tuple[Verdict, ...]


def summary(
    verdicts: Sequence[Verdict], settled: Mapping[str, int], alternatives: Iterable[str]
) -> Summary:
    """The counts of a campaign.

    Args:
        verdicts: what came of each defect.
        settled: how many changes needed no run, by the reason.
        alternatives: the names of all rules.
    """
    refused = settled.get(REFUSED_BY_RULES, 0)
    fates = Counter(verdict.fate for verdict in verdicts)
    levels = Counter(verdict.level for verdict in verdicts if verdict.fate is Fate.CAUGHT)
    defects = [v for v in verdicts if v.fate in {Fate.CAUGHT, Fate.SURVIVED}]
    others = [v.alternatives for v in defects if v.alternatives is not None]
    return Summary(
        defects=len(defects),
        equivalent=fates[Fate.EQUIVALENT] + sum(settled.values()) - refused,
        refused=fates[Fate.REFUSED] + refused,
        caught=fates[Fate.CAUGHT],
        levels={level.value: levels[level.value] for level in Level},
        traces=sum(verdict.of == TRACE for verdict in defects),
        judged_by_others=len(others),
        alternatives={name: sum(name in caught for caught in others) for name in alternatives},
        survivors=tuple(v for v in defects if v.fate is Fate.SURVIVED),
    )
