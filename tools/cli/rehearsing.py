"""What `upgrade` and `bisect` share: their options, the rehearsal, and progress lines."""

from __future__ import annotations

import sys
import threading
from collections.abc import Sequence
from pathlib import Path

import click
from attrs import frozen

from core.upgrade.environments.resolution import Resolution
from core.upgrade.environments.resolve import Resolved, Resolver
from core.upgrade.environments.store import Environment, EnvironmentStore
from core.upgrade.environments.uv import index_options
from core.upgrade.rehearsal.call import NATIVE_STEPS, Call
from core.upgrade.rehearsal.documents import DocumentRunner, MixedRunner, document_subject
from core.upgrade.rehearsal.engine import Engine, Stop, upgrade_folder
from core.upgrade.rehearsal.rehearse import Rehearsal, Watch
from core.upgrade.rehearsal.report import Report
from core.upgrade.rehearsal.results import result_store
from core.upgrade.rehearsal.run import Limits, Run, RunResult, RunStatus
from core.upgrade.rehearsal.scenarios import ScenarioRunner, data_file
from core.upgrade.rehearsal.snapshot import take
from core.upgrade.rehearsal.subjects import subjects
from tools.cli import options
from tools.cli.choosing import documents
from tools.cli.verbs import OneOf

steps_option = click.option(
    "--steps",
    type=click.IntRange(0),
    metavar="N",
    help="Stop controlled runs after N steps; 0: the guide's own length. Default: a few dozen, "
    "fewer where a step is expensive; the report's head says how many.",
)
native_option = click.option(
    "--native-steps",
    type=click.IntRange(1),
    default=NATIVE_STEPS,
    show_default=True,
    metavar="N",
    help="Steps of native runs, which show another random stream.",
)
time_option = click.option(
    "--time-limit",
    type=click.FloatRange(1),
    default=Limits().seconds,
    show_default=True,
    metavar="SECONDS",
    help="How long one run may take.",
)
memory_option = click.option(
    "--memory-limit",
    type=click.FloatRange(0),
    default=Limits().memory / 2**30,
    show_default=True,
    metavar="GIB",
    help="How much memory one process may use; 0 for no limit.",
)
refresh_option = click.option(
    "--refresh", is_flag=True, help="Resolve again instead of using locks of the last day."
)
controls_option = click.option(
    "--controls",
    is_flag=True,
    help="Also run every candidate twice and compare it with itself.",
)
framework_option = click.option(
    "--backend",
    type=OneOf(["tensorflow", "jax", "torch"]),
    help="The framework to run on; default: the first that a SPEC names.",
)


@frozen
class Rehearsed:
    """A rehearsal that is done.

    Attributes:
        rehearsal: with its results.
        resolutions: the baseline's, then the candidates'.
        report: the verdicts.
    """

    rehearsal: Rehearsal
    resolutions: Sequence[Resolution]
    report: Report


def prepared(call: Call, watch: Watch | None = None, *, refresh: bool = False) -> Rehearsal:
    """The rehearsal of a call: its scenarios and documents, and what runs them.

    Args:
        call: the call.
        watch: what is told meanwhile; nothing where it is left out.
        refresh: resolve again, in place of the last day's locks.

    Raises:
        UsageError: an unknown scenario, a document that cannot be read, or data that cannot be
            used.
    """
    folders = tuple(Path(folder) for folder in call.folders)
    catalog = options.catalog(folders)
    paths = [Path(name) for name in call.ids if Path(name).exists()]
    scenarios = [name for name in call.ids if not Path(name).exists()]
    if scenarios:
        catalog.select(scenarios)  # a wrong id is an error before anything else happens
    found = [document_subject(path) for path in documents(paths)]
    data = data_file(options.data(call.data))
    left_out: dict[str, str] = {}
    if scenarios or not call.ids:
        sections, left_out = subjects(catalog, scenarios, call.seed, data.sha256)
        found = [*sections, *found]
    named = {subject.name: subject for subject in found}
    own = {name: subject for name, subject in named.items() if subject.program is not None}
    cache, stop, limits = upgrade_folder(), Stop(), call.limits
    snapshot = take(options.repository, folders, cache / "code")

    def runner(resolved: Resolved, environment: Environment | None) -> MixedRunner:
        home = cache / "keras"
        return MixedRunner(
            ScenarioRunner(resolved, environment, named, data, snapshot, home, limits, stop),
            DocumentRunner(resolved, environment, own, data, limits, stop),
        )

    engine = Engine(
        resolve=Resolver(cache / "resolutions", refresh=refresh).resolve,
        ensure=EnvironmentStore(cache / "environments", options=index_options()).ensure,
        runner=runner,
        results=result_store(cache / "results"),
        limits=limits,
        stop=stop,
    )
    return Rehearsal(engine, call, found, left_out, watch or Watch())


def watch() -> Watch:
    """Lines on stderr: what is made, and each run as it is done."""
    lock = threading.Lock()

    def say(text: str) -> None:
        with lock:
            click.echo(text, err=True)

    def result(spec: str, run: Run, done: RunResult, known: bool) -> None:
        if known and not sys.stderr.isatty():
            return
        control = ", control" if run.replicate else ""
        what = "known" if known else f"{done.seconds:.1f} s"
        if done.status is not RunStatus.RAN:
            what += f", {done.status}: {done.words[:160]}"
        say(f"  {spec}: {run.subject} ({run.options.randomness}{control}) {what}")

    return Watch(say, result)
