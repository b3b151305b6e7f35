"""The scenarios of one or more folders.

A folder holds one package per guide; each package offers `GUIDE`, `SCENARIOS` (in the guide's
order) and, where it knows any, `DEFECTS`. Goldens lie in `golden/` beside the folder's guides: for
this repository's `scenarios/` at `golden/` next to it, for any other folder inside it.
"""

from __future__ import annotations

import fnmatch
import importlib
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import ModuleType
from typing import TypeGuard, TypeVar

from attrs import define, frozen

from core.errors import UsageError, did_you_mean
from core.spec import Guide, Scenario
from core.spec.defect import Defect
from core.spec.guide_errors import WHOLE_GUIDE, guide_error

T = TypeVar("T")


@frozen
class GuideEntry:
    """One guide: its scenarios in order, its known defects, and where its goldens lie."""

    guide: Guide
    scenarios: tuple[Scenario, ...]
    defects: tuple[Defect, ...]
    golden: Path


def _folder_error(folder: Path, what: str, expected: str) -> UsageError:
    return UsageError(
        what,
        where=f"--scenarios {folder}",
        expected=expected,
        remedy=WHOLE_GUIDE,
    )


def _file_error(init: Path, what: str, expected: str) -> UsageError:
    return UsageError(what, where=str(init), expected=expected, remedy=WHOLE_GUIDE)


def _all(values: object, kind: type[T]) -> TypeGuard[tuple[T, ...]]:
    return isinstance(values, tuple) and all(isinstance(value, kind) for value in values)


def _module(folder: Path, name: str, init: Path) -> ModuleType:
    """The guide package of a file; Python keeps one package of a name in a process.

    Raises:
        UsageError: the name stands for another package, or the file cannot be imported.
    """
    module: ModuleType | None = None
    try:
        module = importlib.import_module(name)
    except (Exception, SystemExit) as error:
        if not (isinstance(error, ModuleNotFoundError) and error.name == name):
            raise guide_error(folder, init, error) from error
    found = getattr(module, "__file__", None)
    if module is None or found is None or Path(found).resolve() != init.resolve():
        raise _folder_error(
            folder,
            f"the name {name!r} stands for another package in this process",
            "a package name that nothing else uses",
        )
    return module


def _load(folder: Path, golden: Path) -> list[GuideEntry]:
    if not folder.is_dir():
        raise _folder_error(folder, "no such folder", "a folder of guide packages")
    folder = folder.resolve()
    inside = (folder / "__init__.py").is_file()
    root, prefix = (folder.parent, f"{folder.name}.") if inside else (folder, "")
    if str(root) not in sys.path:
        sys.path.insert(0, str(root))
    entries = []
    for init in sorted(folder.glob("*/__init__.py")):
        name = f"{prefix}{init.parent.name}"
        module = _module(folder, name, init)
        guide = getattr(module, "GUIDE", None)
        scenarios = getattr(module, "SCENARIOS", None)
        defects = getattr(module, "DEFECTS", ())
        if not isinstance(guide, Guide) or not _all(scenarios, Scenario):
            raise _file_error(
                init,
                f"package {name!r} offers no guide",
                "GUIDE (a core.spec.Guide) and SCENARIOS (a tuple of core.spec.Scenario)",
            )
        if not _all(defects, Defect):
            rule = "a tuple of core.spec.defect.Defect"
            raise _file_error(init, f"DEFECTS of package {name!r} is no ledger", rule)
        ids = [scenario.id for scenario in scenarios]
        if twice := [each for each in ids if ids.count(each) > 1]:
            rule = "a section id of its own for each scenario"
            raise _file_error(init, f"scenario {twice[0]!r} exists twice", rule)
        entries.append(GuideEntry(guide, scenarios, defects, golden))
    if not entries:
        raise _folder_error(folder, "no guide in it", "at least one package with an __init__.py")
    return entries


@define
class Catalog:
    """Every guide of the given folders."""

    guides: tuple[GuideEntry, ...]

    @classmethod
    def load(cls, repository: Path, more: Iterable[Path] = ()) -> Catalog:
        """The repository's guides, and those of other folders.

        Args:
            repository: the folder that holds `scenarios/` and `golden/`.
            more: other folders of guide packages.

        Raises:
            UsageError: a folder that does not exist or holds no guide, or a guide id used twice.
        """
        entries = _load(repository / "scenarios", repository / "golden")
        for folder in more:
            entries.extend(_load(folder, folder / "golden"))
        ids = [entry.guide.id for entry in entries]
        for name in ids:
            if ids.count(name) > 1:
                raise UsageError(
                    f"guide {name!r} exists twice",
                    where="--scenarios",
                    expected="a guide id of its own for each folder",
                    remedy="rename the guide in the added folder",
                )
        return cls(tuple(entries))

    @property
    def scenarios(self) -> tuple[Scenario, ...]:
        """Every scenario, guide by guide, in each guide's order."""
        return tuple(scenario for entry in self.guides for scenario in entry.scenarios)

    @property
    def defects(self) -> tuple[Defect, ...]:
        """The ledger of guide defects."""
        return tuple(defect for entry in self.guides for defect in entry.defects)

    def entry(self, scenario: Scenario) -> GuideEntry:
        """The guide a scenario belongs to."""
        return next(entry for entry in self.guides if scenario in entry.scenarios)

    def select(self, asked: Sequence[str]) -> tuple[Scenario, ...]:
        """Scenarios by `guide/section`, guide or glob, in the guides' order, without repeats.

        No request selects everything.

        Raises:
            UsageError: a request that selects nothing, with the closest known ids.
        """
        if not asked:
            return self.scenarios
        chosen: dict[str, None] = {}
        for request in asked:
            found = [s.id for s in self.scenarios if request in (s.id, s.guide.id)]
            if not found:
                found = [s.id for s in self.scenarios if fnmatch.fnmatchcase(s.id, request)]
            if not found:
                raise self._unknown(request)
            chosen.update(dict.fromkeys(found))
        return tuple(scenario for scenario in self.scenarios if scenario.id in chosen)

    def _unknown(self, request: str) -> UsageError:
        known = [scenario.id for scenario in self.scenarios]
        known += [entry.guide.id for entry in self.guides]
        by_section = [s.id for s in self.scenarios if s.section == request.rpartition("/")[2]]
        sections = f"did you mean {', '.join(by_section[:3])}?" if by_section else ""
        return UsageError(
            f"unknown scenario {request!r}",
            where="ID",
            expected="guide/section, a guide, or a glob that matches one",
            remedy=did_you_mean(request, known, sections or "see `parity list`"),
        )
