"""Trials: one subject in one environment after another, compared with each other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import attrs
from attrs import define, field, frozen

from core.check.golden.horizon import Horizon
from core.errors import ExecutionError, ParityError
from core.upgrade.environments.request import Request
from core.upgrade.environments.resolve import Resolved
from core.upgrade.rehearsal.judging import judge
from core.upgrade.rehearsal.rehearse import Rehearsal
from core.upgrade.rehearsal.run import RunResult, RunStatus
from core.upgrade.rehearsal.subjects import Subject
from core.upgrade.rehearsal.verdict import Kind, Observed, Verdict


@frozen
class Trial:
    """A subject's runs in one environment.

    Attributes:
        label: how reports call it.
        resolved: the environment's lock.
        observed: what the runs did.
    """

    label: str
    resolved: Resolved
    observed: Observed


@define(eq=False)
class Trials:
    """Makes trials of one subject and compares them.

    Attributes:
        rehearsal: carries runs out.
        subject: what is run.
        releases: the releases of a package from one version to another, for an interpreter.
    """

    rehearsal: Rehearsal
    subject: Subject
    releases: Callable[[str, str, str, str], Sequence[str]]
    problems: dict[str, ParityError] = field(factory=dict, init=False)
    _made: dict[str, Trial] = field(factory=dict, init=False)
    _control: Observed | None = field(default=None, init=False)
    _horizon: Horizon | None = field(default=None, init=False)

    def start(self, resolved: Resolved) -> Trial:
        """The trial that every other is compared with first: with its control and horizon.

        Raises:
            ExecutionError: its environment cannot be made.
        """
        label = resolved.request.spec
        problems = self.rehearsal.run(self.rehearsal.tasks([resolved]))
        for error in problems.values():
            raise error
        self._control = self.rehearsal.observed(resolved, self.subject, replicate=1)
        self._horizon = self.rehearsal.horizon(resolved, self.subject)
        trial = Trial(label, resolved, self.rehearsal.observed(resolved, self.subject))
        self._made[label] = trial
        return trial

    def make(self, request: Request) -> Trial | None:
        """A trial; None, and an entry in `problems`, where its environment cannot be had."""
        label = request.spec
        if label in self._made:
            return self._made[label]
        if label in self.problems:
            return None
        try:
            resolved = self.rehearsal.engine.resolve(request)
            problems = self.rehearsal.run_one(resolved)
            if problems is not None:
                raise problems
        except ParityError as error:
            if isinstance(error, ExecutionError) and "disk" in error.what:
                raise
            self.problems[label] = error
            return None
        trial = Trial(label, resolved, self.rehearsal.observed(resolved, self.subject))
        self._made[label] = trial
        return trial

    def verdict(self, base: Trial, mine: Trial) -> Verdict:
        """What changes from one trial to another; only the first one's control was run."""
        first = next(iter(self._made.values()))
        control = self._control if base is first and self._control else base.observed
        return judge(
            base.observed,
            control,
            mine.observed,
            self._horizon,
            updates_per_step=self.subject.updates_per_step,
        )

    def alike(self, a: Trial, b: Trial, sought: Kind) -> bool:
        """Whether two trials are of one kind, when a change as large as `sought` is looked for."""
        if a.label == b.label:
            return True
        broken = _broken(a.observed), _broken(b.observed)
        if any(broken):
            return broken[0] == broken[1]
        return self.verdict(a, b).kind.rank < sought.rank


def _broken(observed: Observed) -> str:
    """What is broken, in words that are the same wherever the same thing is; empty for a run."""
    for result in observed.results:
        if result.status is not RunStatus.RAN:
            return _words(result)
    return ""


def _words(result: RunResult) -> str:
    return f"{result.status}: {result.words[:200]}"


def with_packages(request: Request, versions: Mapping[str, str], spec: str) -> Request:
    """A request with other versions of some packages.

    Args:
        request: what the rest comes from.
        versions: requirement lines by distribution name; an empty one takes it out.
        spec: how the new request is called.
    """
    kept = {name: line for name, line in request.requirements.items() if name not in versions}
    lines = kept | {name: line for name, line in versions.items() if line}
    constraints = {n: line for n, line in request.constraints.items() if n not in versions}
    named = tuple(dict.fromkeys((*request.named, *lines)))
    return attrs.evolve(
        request, spec=spec, requirements=lines, constraints=constraints, named=named
    )
