"""The search for the release that changed a trace, over one package or over several."""

from __future__ import annotations

from collections.abc import Sequence

import attrs
from attrs import frozen

from core.errors import UsageError
from core.upgrade.bisect.bisection import Bisection, Crossed, KindOfTrace, Tried
from core.upgrade.bisect.search import Boundary, boundaries, kinds
from core.upgrade.bisect.trial import Trial, Trials, with_packages
from core.upgrade.environments.resolve import Resolved
from core.upgrade.rehearsal.verdict import Kind, Verdict


def bisect(trials: Trials, good: Resolved, bad: Resolved) -> Bisection:
    """Finds the release between two environments that changes a subject's trace.

    Args:
        trials: makes and compares the runs.
        good: where the trace is as wanted.
        bad: where it is not.

    Raises:
        UsageError: the ends name the same releases.
        ExecutionError: the environment of an end cannot be made.
    """
    first = trials.start(good)
    last = trials.make(bad.request)
    if last is None:
        raise trials.problems[bad.request.spec]
    verdict = trials.verdict(first, last)
    base = Bisection(trials.subject.name, good.request.spec, bad.request.spec, verdict)
    undecided = (Kind.IDENTICAL, Kind.UNDECIDED, Kind.UNOBSERVED, Kind.TIMEOUT)
    if verdict.kind in undecided:
        return base
    search = _Search(trials, good, bad, first, last, verdict.kind)
    packages = differing(good, bad)
    if not packages:
        raise UsageError(
            "both ends name the same releases",
            where="--good, --bad",
            expected="ends that differ in the release of a package",
            remedy="name another release at one end",
        )
    if len(packages) == 1:
        return search.along(packages[0], base, reverse=False)
    return search.crossed(packages, base)


def differing(good: Resolved, bad: Resolved) -> list[str]:
    """The packages that the ends name and that resolve differently; else all that differ."""
    mine, other = good.lock.versions, bad.lock.versions
    named = dict.fromkeys((*good.request.named, *bad.request.named))
    found = [name for name in named if mine.get(name) != other.get(name)]
    return found or sorted(n for n in {*mine, *other} if mine.get(n) != other.get(n))


@frozen
class _Search:
    """A search between two ends whose traces differ."""

    trials: Trials
    good: Resolved
    bad: Resolved
    first: Trial
    last: Trial
    sought: Kind

    def along(self, package: str, base: Bisection, *, reverse: bool) -> Bisection:
        """Searches one package's releases, the others as at the good end.

        With `reverse` the others are as at the bad end: where only these can be combined.
        """
        mine = self.good.lock.versions.get(package)
        other = self.bad.lock.versions.get(package)
        if mine is None or other is None:
            what = "is at one end only, so that no release of it made the change"
            crossed = (*base.crossed, Crossed((package,), what))
            return attrs.evolve(base, package=package, crossed=crossed)
        releases = self.trials.releases(package, mine, other, self.good.interpreter.path)
        side = self.bad if reverse else self.good
        made: dict[int, Trial] = {}
        if reverse:
            made[len(releases) - 1] = self.last
        else:
            made[0] = self.first

        def trial(position: int) -> Trial | None:
            if position not in made:
                line = f"{package}=={releases[position]}"
                label = f"{line}, else {side.request.spec}"
                found = self.trials.make(with_packages(side.request, {package: line}, label))
                if found is None:
                    return None
                made[position] = found
            return made[position]

        def alike(a: int, b: int) -> bool:
            left, right = trial(a), trial(b)
            assert left is not None
            assert right is not None
            return self.trials.alike(left, right, self.sought)

        ends = [position for position in (0, len(releases) - 1) if trial(position) is None]
        if ends:
            return attrs.evolve(base, package=package, offered=len(releases))
        found = boundaries(len(releases), alike, lambda position: trial(position) is not None)
        tried = sorted(made)
        groups = kinds(tried, alike)
        words = {p: self.trials.verdict(made[0], made[p]) for p in tried}
        base = attrs.evolve(
            base,
            package=package,
            offered=len(releases),
            tried=tuple(Tried(releases[p], str(words[p].kind), words[p].evidence) for p in tried),
        )
        return _named(base, found, groups, releases, made, words)

    def crossed(self, packages: Sequence[str], base: Bisection) -> Bisection:
        """Cross environments: which of several packages made the change."""
        rows: list[Crossed] = []
        alone: list[str] = []
        reverted: list[str] = []
        for package in packages:
            found, row = self._cross((package,))
            if found is not None and not self.trials.alike(self.first, found, self.sought):
                alone.append(package)
            rows.append(row)
        if not alone:
            for package in packages:
                others = tuple(name for name in packages if name != package)
                found, row = self._cross(others)
                if found is not None and self.trials.alike(self.first, found, self.sought):
                    reverted.append(package)
                rows.append(row)
        base = attrs.evolve(base, crossed=tuple(rows))
        culprits = alone or reverted
        if len(culprits) != 1:
            return base
        return self.along(culprits[0], base, reverse=not alone)

    def _cross(self, changed: tuple[str, ...]) -> tuple[Trial | None, Crossed]:
        bad, good = self.bad, self.good
        lines = {}
        for name in changed:
            version = bad.lock.versions.get(name)
            lines[name] = "" if version is None else _line(bad, name, version)
        label = f"{', '.join(changed)} of the bad end, else {good.request.spec}"
        trial = self.trials.make(with_packages(good.request, lines, label))
        if trial is None:
            said = self.trials.problems[label].what
            return None, Crossed(changed, f"cannot be combined: {' '.join(said.split())}")
        return trial, Crossed(changed, str(self.trials.verdict(self.first, trial).kind))


def _line(resolved: Resolved, name: str, version: str) -> str:
    """A package's requirement as it is locked, files and local builds included."""
    locked = [line for line in resolved.lock.lines if line.partition(" @ ")[0].strip() == name]
    return locked[0] if locked else f"{name}=={version}"


def _named(
    base: Bisection,
    found: Sequence[Boundary],
    groups: Sequence[Sequence[int]],
    releases: Sequence[str],
    made: dict[int, Trial],
    words: dict[int, Verdict],
) -> Bisection:
    """One release where there are two kinds of trace, else the kinds."""
    if len(groups) > 2 or len(found) != 1:
        classes = tuple(
            KindOfTrace(
                tuple(releases[p] for p in group),
                str(words[group[0]].kind),
                words[group[0]].evidence,
            )
            for group in groups
        )
        return attrs.evolve(base, classes=classes)
    boundary = found[0]
    before, after = made[boundary.before], made[boundary.after]
    old, new = before.resolved.lock.versions, after.resolved.lock.versions
    moved = sorted(name for name in {*old, *new} if old.get(name) != new.get(name))
    return attrs.evolve(
        base,
        last_same=releases[boundary.before],
        first_changed=releases[boundary.after],
        change=words[boundary.after],
        gap=tuple(releases[p] for p in boundary.gap),
        also_changed=tuple(
            f"{name} {old.get(name, 'absent')} -> {new.get(name, 'absent')}"
            for name in moved
            if name != base.package
        ),
    )
