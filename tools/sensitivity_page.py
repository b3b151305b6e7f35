"""`docs/sensitivity.md`, made from the verdicts of a campaign."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from core.check.sensitivity import kept
from core.check.sensitivity.alternatives import ALTERNATIVES
from core.check.sensitivity.kept import Kept
from core.check.sensitivity.verdict import REFUSED_BY_RULES, Fate, Summary, Verdict, summary
from tools.cli.sensitivity_report import share

FILE = Path(__file__).resolve().parents[1] / "docs" / "sensitivity.json"
HEAD = """\
# What a check sees

For whoever wants to know how much a green check is worth. Defects are planted into every section,
one change at a time, and run as a check runs it; what it does not see is listed with the reason.
Made by `python -m tools.pages` from `docs/sensitivity.json`, which this command writes, and goes on
with where it was stopped:

```console
$ parity sensitivity --keep docs/sensitivity.json
```

The file holds what `--sample 8` of the supervised sections and `--sample 3` of the GANs found,
judged while runs were compared up to limits of 1 %; they are now up to 0.03 %
([horizon.md](horizon.md)), and the campaign was not run again since.
"""
LEVELS = """\
## Levels

A check looks at *structure* first (names, layers, lines, how often something is read), then at
*counters* exactly, then at *numbers* from the stations; *trend* and *published* figures need a
native run. Each defect counts at the first level that catches it.
"""
OTHERS = """\
## Other tools' rules

The same defects, natively on TensorFlow at the published length, judged as other tools judge, each
in its best case: its golden was recorded on this very machine with this very seed, times in lines
are masked, and thresholds are the tightest that no recorded seed breaks. A false alarm is an honest
run, of the same seed with other threads or kernels, that the rule calls wrong.
"""
APART = """\
## Counted apart

Changes that no run can show are no defects; neither is what cannot be written down or run.
"""


def page(found: Kept) -> str:
    """The page, as `docs/sensitivity.md` is to hold it."""
    counted = summary(found.verdicts, found.settled, ALTERNATIVES)
    pieces = [
        HEAD,
        _decision(found, counted),
        LEVELS,
        _table(("level", "caught"), [(n, str(c)) for n, c in counted.levels.items()]),
        _sections(found.verdicts),
        OTHERS,
        _others(found, counted),
        "## Survivors\n",
        _survivors(counted.survivors),
        APART,
        _apart(found),
    ]
    return "\n".join(pieces)


def _decision(found: Kept, counted: Summary) -> str:
    cpu = found.environment.get("cpu", "one machine")
    honest = (
        f"; **{len(found.honest.alarms)} false alarms in {found.honest.runs} honest runs**"
        if found.honest.runs
        else "; honest runs are counted in [horizon.md](horizon.md)"
    )
    return (
        f"On {cpu}, {found.recorded}: **{counted.caught} of {counted.defects} defects caught** "
        f"({share(counted.caught, counted.defects)}), {counted.traces} of them in traces, the "
        f"others in sections{honest}.\n"
    )


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(row)} |" for row in rows]
    rule = "|".join("---" if index == 0 else "---:" for index in range(len(head)))
    return "\n".join([f"| {' | '.join(head)} |", f"|{rule}|", *lines]) + "\n"


def _sections(verdicts: Sequence[Verdict]) -> str:
    fates = {
        (v.scenario, v.backend): Counter[Fate]() for v in sorted(verdicts, key=lambda v: v.key)
    }
    for verdict in verdicts:
        fates[verdict.scenario, verdict.backend][verdict.fate] += 1
    backends = sorted({backend for _, backend in fates})
    rows = []
    for scenario in dict.fromkeys(scenario for scenario, _ in fates):
        cells = [_cell(fates.get((scenario, backend))) for backend in backends]
        rows.append((f"`{scenario}`", *cells))
    return _table(("section", *backends), rows)


def _cell(fates: Counter[Fate] | None) -> str:
    if fates is None:
        return ""
    caught = fates[Fate.CAUGHT]
    return f"{caught} of {caught + fates[Fate.SURVIVED]}"


def _others(found: Kept, counted: Summary) -> str:
    whole, honest = counted.judged_by_others, found.honest
    rows = [
        (
            f"{name}: {one.source}",
            share(counted.alternatives[name], whole),
            f"{honest.alternatives.get(name, 0)} of {honest.native}",
        )
        for name, one in ALTERNATIVES.items()
    ]
    return _table(("rule", f"of {whole} defects", "false alarms"), rows)


def _survivors(survivors: Sequence[Verdict]) -> str:
    if not survivors:
        return "None.\n"
    return "\n".join(f"- {line}" for line in _by_defect(survivors)) + "\n"


def _by_defect(survivors: Sequence[Verdict]) -> Iterator[str]:
    """One line for a defect that survives on several backends or in several sections."""
    where: dict[tuple[str, str], list[Verdict]] = {}
    for verdict in survivors:
        where.setdefault((f"{verdict.operator}@{verdict.site}", verdict.reason), []).append(verdict)
    for (name, reason), found in where.items():
        places = ", ".join(f"`{v.scenario}@{v.backend}`" for v in found)
        yield f"`{name}` ({found[0].words}) in {places}: {reason}"


def _apart(found: Kept) -> str:
    reasons = Counter(dict(found.settled))
    for verdict in found.verdicts:
        if verdict.fate is Fate.EQUIVALENT:
            reasons[verdict.reason] += 1
        elif verdict.fate is Fate.REFUSED:
            reasons["the framework refuses it"] += 1
    last = {REFUSED_BY_RULES, "the framework refuses it"}
    ordered = sorted(reasons, key=lambda reason: (reason in last, -reasons[reason], reason))
    return _table(("reason", "changes"), [(r, str(reasons[r])) for r in ordered])


def recorded() -> Kept | None:
    """The campaign that the page is made from, None where there is none yet."""
    return kept.read(FILE)
