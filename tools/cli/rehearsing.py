"""What `upgrade` and `bisect` share: their options, the laboratory, and progress lines."""

from __future__ import annotations

import sys
import threading
from collections.abc import Sequence
from pathlib import Path

import click
from attrs import frozen

from core.spec.experiment import experiment_digest
from core.upgrade.environments.distributions import distributions
from core.upgrade.environments.request import MATTERS
from core.upgrade.environments.resolve import Resolved, Resolver
from core.upgrade.environments.store import Environment, EnvironmentStore
from core.upgrade.environments.uv import index_options
from core.upgrade.rehearsal.attempt import Attempt, Limits, Run, Status
from core.upgrade.rehearsal.documents import DocumentBench, MixedBench, document_subject, program
from core.upgrade.rehearsal.laboratory import Laboratory, Stop, upgrade_folder
from core.upgrade.rehearsal.rehearse import Watch
from core.upgrade.rehearsal.results import result_store
from core.upgrade.rehearsal.scenarios import ScenarioBenches, data_file
from core.upgrade.rehearsal.snapshot import take
from core.upgrade.rehearsal.subjects import NATIVE_STEPS, Length, Subject, subjects
from core.upgrade.rehearsal.verdict import trouble_words
from tools.cli import options
from tools.cli.choosing import documents
from tools.cli.verbs import OneOf

steps_option = click.option(
    "--steps",
    type=click.IntRange(0),
    metavar="N",
    help="Stop controlled runs after N steps; 0: the guide's own length. Default: a few dozen, "
    "fewer where a step is dear; the report's head says how many.",
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
    help="For one run.",
)
memory_option = click.option(
    "--memory-limit",
    type=click.FloatRange(0),
    default=Limits().memory / 2**30,
    show_default=True,
    metavar="GIB",
    help="For one process; 0 for none.",
)
refresh_option = click.option(
    "--refresh", is_flag=True, help="Resolve anew, in place of the last day's locks."
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
class Setting:
    """What a verb works with.

    Attributes:
        laboratory: where runs are carried out.
        subjects: what is run.
        left_out: what is not, with the reason.
        length: how long, and with which seed.
        imports: the distributions that decide the numbers, where there are documents; to them
            a SPEC's file is reduced.
        prefer: the frameworks that the documents run on.
    """

    laboratory: Laboratory
    subjects: tuple[Subject, ...]
    left_out: dict[str, str]
    length: Length
    imports: frozenset[str] | None = None
    prefer: tuple[str, ...] = ()


def setting(
    ids: Sequence[str],
    *,
    data: str,
    seed: int,
    steps: int | None,
    native_steps: int,
    time_limit: float,
    memory_limit: float,
    refresh: bool,
    folders: tuple[Path, ...],
) -> Setting:
    """The laboratory and the subjects of a call.

    Raises:
        UsageError: an unknown scenario, a document that cannot be read, or data that cannot be
            used.
    """
    catalog = options.catalog(folders)
    paths = [Path(name) for name in ids if Path(name).exists()]
    scenarios = [name for name in ids if not Path(name).exists()]
    if scenarios:
        catalog.select(scenarios)  # a wrong id is an error before anything else happens
    files = documents(paths)
    own = [document_subject(path) for path in files]
    data_of_all = data_file(options.data(data))
    found: list[Subject] = []
    left_out: dict[str, str] = {}
    if scenarios or not ids:
        found, left_out = subjects(catalog, scenarios, seed, data_of_all.sha256)
    programs = {str(path): program(path) for path in files}
    cache, stop = upgrade_folder(), Stop()
    limits = Limits(time_limit, int(memory_limit * 2**30))
    scenario_benches = ScenarioBenches(
        snapshot=take(options.repository, folders, cache / "code"),
        data=data_of_all,
        experiments={s.id: experiment_digest(s) for s in catalog.scenarios},
        home=cache / "keras",
        limits=limits,
        stop=stop,
    )

    def benches(resolved: Resolved, environment: Environment | None) -> MixedBench:
        return MixedBench(
            scenario_benches(resolved, environment),
            DocumentBench(
                resolved,
                environment,
                programs=programs,
                experiments={subject.name: subject.experiment for subject in own},
                data=data_of_all,
                limits=limits,
                stop=stop,
            ),
        )

    laboratory = Laboratory(
        resolver=Resolver(cache / "resolutions", refresh=refresh),
        environments=EnvironmentStore(cache / "environments", options=index_options()),
        benches=benches,
        results=result_store(cache / "results"),
        limits=limits,
        stop=stop,
    )
    length = Length(seed, steps, native_steps)
    packages = {name for each in programs.values() for name in each.imported_packages()}
    return Setting(
        laboratory,
        (*found, *own),
        left_out,
        length,
        imports=distributions(packages) | (MATTERS if found else frozenset()) if own else None,
        prefer=tuple(dict.fromkeys(each.chosen_backend() for each in programs.values())),
    )


def watch() -> Watch:
    """Lines on stderr: what is made, and each run as it is done."""
    lock = threading.Lock()

    def say(text: str) -> None:
        with lock:
            click.echo(text, err=True)

    def attempt(spec: str, run: Run, done: Attempt, known: bool) -> None:
        if known and not sys.stderr.isatty():
            return
        control = ", control" if run.replicate else ""
        what = "known" if known else f"{done.seconds:.1f} s"
        if done.status is not Status.RAN:
            what += f", {done.status}: {trouble_words(done)[:160]}"
        say(f"  {spec}: {run.subject} ({run.options.randomness}{control}) {what}")

    return Watch(say, attempt)
