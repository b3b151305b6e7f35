"""`parity sensitivity`: how much of what may go wrong a check sees."""

from __future__ import annotations

import datetime
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import attrs
import click
from attrs import define, field

from core.check.horizon import pooled
from core.check.reference.computing import Wanted, compute
from core.check.reference.known import recorded
from core.check.reference.reference import Located
from core.check.sensitivity import kept
from core.check.sensitivity.campaign import OTHERS_ON, Campaign, Setting
from core.check.sensitivity.cases import Case, cases, sampled
from core.check.sensitivity.honest import FIRST_SEED, HonestRuns, together
from core.check.sensitivity.judging import Judges, statistics_of
from core.check.sensitivity.kept import FORMAT, Kept
from core.check.sensitivity.verdict import Fate, Verdict
from core.errors import UsageError
from core.run.backends.registry import installed
from core.run.data import load_data
from core.run.machine import document_environment
from core.run.worker import Job, Outcome, run_jobs
from core.run.worker.pool import Interrupted
from core.spec import BACKENDS, Scenario
from core.spec.catalog import Catalog
from core.spec.experiment import experiment
from tools.cli import options
from tools.cli.completion import complete_ids
from tools.cli.main import FINDINGS, INTERRUPTED, OK
from tools.cli.published import published_claims
from tools.cli.running import WORKERS
from tools.cli.sensitivity_report import emit_report, list_mutants, print_report
from tools.cli.verbs import verb

SAMPLE, OTHERS, HONEST = 10, 4, 2
PAUSE = 30.0  # seconds between two writes of the file, and between two lines of progress


@define
class _Keeping:
    """What is found so far, and the file that it is written to.

    Attributes:
        path: the file; None keeps nothing.
        found: what it holds.
        wanted: the sections, backends and defects that are tried, those that it holds included.
    """

    path: Path | None
    found: Kept
    wanted: frozenset[tuple[str, str, str]] = frozenset()
    _verdicts: dict[tuple[str, str, str], Verdict] = field(init=False, factory=dict)
    _written: float = field(init=False, factory=time.monotonic)

    def __attrs_post_init__(self) -> None:
        self._verdicts = {verdict.key: verdict for verdict in self.found.verdicts}

    @property
    def verdicts(self) -> Mapping[tuple[str, str, str], Verdict]:
        """Verdicts by section, backend and defect."""
        return self._verdicts

    def tell(self, verdict: Verdict) -> None:
        """Takes in a verdict."""
        self._verdicts[verdict.key] = verdict
        if time.monotonic() - self._written > PAUSE:
            self.write()
            done = len(self.wanted & self._verdicts.keys())
            click.echo(f"{done} of {len(self.wanted)} defects in sections", err=True)

    def settle(self, catalog: Catalog) -> None:
        """Counts what needed no run in the sections that were tried, and writes all."""
        pairs = {key[:2] for key in self._verdicts}
        sections = catalog.select(sorted({scenario for scenario, _ in pairs})) if pairs else ()
        changes = cases(sections, BACKENDS, 0).settled
        reasons = Counter(v.reason for v in changes if (v.scenario, v.backend) in pairs)
        self.found = attrs.evolve(self.found, settled=dict(sorted(reasons.items())))
        self.write()

    def write(self) -> None:
        """Writes what is found so far."""
        ordered = tuple(self._verdicts[key] for key in sorted(self._verdicts))
        self.found = attrs.evolve(self.found, verdicts=ordered)
        if self.path is not None:
            kept.write(self.path, self.found)
        self._written = time.monotonic()


def _for_others(case: Case) -> bool:
    """Whether other tools' rules judge a native run of a defect."""
    return case.backend == OTHERS_ON and not case.scenario.step_draws


def _failed(found: Kept) -> bool:
    """Whether a defect survived, or an honest run was called wrong."""
    survived = any(verdict.fate is Fate.SURVIVED for verdict in found.verdicts)
    return survived or bool(found.honest.alarms)


def _judges(
    catalog: Catalog, selected: Sequence[Scenario], setting: Setting, folder: Path
) -> Judges:
    horizons = {}
    for scenario in selected:
        horizon = pooled.read(catalog.entry(scenario).golden, scenario)
        if horizon is None:
            raise UsageError(
                "no horizon says how far honest runs may lie from the reference",
                where=scenario.id,
                expected="a measured horizon of every section",
                remedy=f"parity horizon {scenario.id}",
            )
        horizons[scenario.id] = horizon
    whole = tuple({experiment(s): s for s in reversed(catalog.scenarios)}.values())[::-1]
    published, _ = published_claims(catalog)
    return Judges(
        catalog,
        _references(catalog, selected, setting, folder),
        horizons,
        published,
        statistics_of(catalog, whole),
    )


def _references(
    catalog: Catalog, selected: Sequence[Scenario], setting: Setting, folder: Path
) -> Mapping[str, Located]:
    """What runs are compared with: recorded for this seed and data set, or computed now."""
    sha = load_data(setting.data).sha256
    found = recorded(catalog, selected, setting.seed, sha)
    left = tuple(scenario for scenario in selected if scenario.id not in found)
    if left:
        asked = Wanted(
            left,
            setting.seed,
            setting.data,
            options.repository,
            tuple(map(Path, setting.folders)),
            folder,
        )
        computed = compute(asked, lambda jobs: _run(jobs, None))
        if computed.failed:
            raise UsageError(
                f"no reference: {computed.failed[0].failure}",
                where=computed.failed[0].job.name,
                expected="a reference of every section",
                remedy="mend the section first",
            )
        found |= computed.found
    return found


def _run(jobs: Sequence[Job], on_done: Callable[[Outcome], None] | None) -> list[Outcome]:
    return run_jobs(jobs, workers=WORKERS, on_done=on_done) if jobs else []


@verb("sensitivity")
@click.argument("ids", nargs=-1, metavar="[ID]...", shell_complete=complete_ids)
@options.backend_option
@options.data_option
@options.seed_option
@click.option(
    "--sample",
    type=click.IntRange(0),
    default=SAMPLE,
    show_default=True,
    metavar="N",
    help="At most N defects of a section on a backend, drawn by fixed lots; 0 for all.",
)
@click.option(
    "--others",
    type=click.IntRange(0),
    default=OTHERS,
    show_default=True,
    metavar="N",
    help="Of so many defects of a section on TensorFlow, a native run for other tools' rules.",
)
@click.option(
    "--honest",
    type=click.IntRange(0),
    default=HONEST,
    show_default=True,
    metavar="N",
    help="Honest runs with N seeds, on every backend and under every variation.",
)
@click.option(
    "--keep",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write verdicts to FILE as they come, and go on from those it holds.",
)
@click.option("--list", "listing", is_flag=True, help="Print the defects; run nothing.")
@options.folders_option
@options.json_option
def command(
    ids: tuple[str, ...],
    backend: tuple[str, ...],
    data: str,
    seed: int,
    sample: int,
    others: int,
    honest: int,
    keep: Path | None,
    listing: bool,
    folders: tuple[Path, ...],
    as_json: bool,
) -> int:
    """Plant defects into sections and count those that a check sees.

    Each defect is one change of a section's spec: an op left out, doubled or moved, another rate,
    slope, label, data set, …. It runs from the stations; where no number, counter or name there
    gives it away, at the guide's own length, judged by recorded seeds and published figures. Other
    tools' rules judge native runs of the same defects. Honest runs are judged beside them.
    """
    catalog = options.catalog(folders)
    selected = tuple({experiment(s): s for s in reversed(catalog.select(ids))}.values())[::-1]
    names = options.backends(backend)
    here = [name for name in names if name in installed()]
    wanted = cases(selected, here, sample or None)
    if listing:
        return list_mutants(wanted, as_json=as_json)
    if not wanted.tried:
        raise options.nothing_ran(selected, names)
    before = kept.read(keep) if keep is not None else None
    today = datetime.datetime.now(tz=datetime.UTC).date().isoformat()
    environment = {k: str(v) for k, v in document_environment().items()}
    fresh = Kept(FORMAT, "", today, environment)
    called = f"parity sensitivity {' '.join(ids)}".strip()
    found = attrs.evolve(before or fresh, command=called, recorded=today, environment=environment)
    keeping = _Keeping(keep, found, frozenset(case.key for case in wanted.tried))
    interrupted = False
    setting = Setting(
        seed, options.data(data), str(options.repository), tuple(str(folder) for folder in folders)
    )
    with tempfile.TemporaryDirectory(prefix="parity-") as folder:
        try:
            judges = _judges(catalog, selected, setting, Path(folder) / "states")
            left = [case for case in wanted.tried if case.key not in keeping.verdicts]
            tell = keeping.tell
            native = sampled([c for c in wanted.tried if _for_others(c)], others)
            campaign = Campaign(setting, judges, _run, tell, native)
            for scenario in selected:
                campaign.try_traces(scenario, [n for n in here if n in scenario.backends])
            campaign.try_all(left)
            keeping.write()
            if honest:
                runs = HonestRuns(selected, tuple(here), setting, judges, _run)
                seeds = range(FIRST_SEED, FIRST_SEED + honest)
                references = {
                    one: _references(
                        catalog, selected, attrs.evolve(setting, seed=one), Path(folder) / str(one)
                    )
                    for one in seeds
                }
                both = together(runs.from_stations(references), runs.natively())
                keeping.found = attrs.evolve(keeping.found, honest=both)
        except Interrupted:
            interrupted = True
            click.echo("interrupted; what had finished is kept", err=True)
        keeping.settle(catalog)
    if as_json:
        emit_report(keeping.found, interrupted=interrupted)
    else:
        print_report(keeping.found, interrupted=interrupted)
    if interrupted:
        return INTERRUPTED
    return FINDINGS if _failed(keeping.found) else OK
