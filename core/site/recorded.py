"""What was recorded of a section: its traces, how far the backends agree, what its guide prints."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from attrs import frozen

from core.check.golden.golden import Golden
from core.check.golden.store import Store
from core.spec import BACKENDS, Scenario
from core.spec.catalog import GuideEntry
from core.trace import ModelSummary, Trace
from core.trace.claims import Claim, ClaimKind
from core.trace.published import load_published


@frozen
class Recorded:
    """The goldens of one section.

    Attributes:
        controlled: goldens by backend, all with the same weights, batches and draws.
        native: goldens by backend, each with random numbers of its own.
        published: the figures that the guide prints for the section.
    """

    controlled: Mapping[str, Golden]
    native: Mapping[str, Golden]
    published: tuple[Claim, ...]

    @property
    def models(self) -> tuple[ModelSummary, ...]:
        """The models that the section trains."""
        traces = [golden.trace for golden in (*self.controlled.values(), *self.native.values())]
        return traces[0].models if traces else ()

    @property
    def losses(self) -> tuple[str, ...]:
        """Names of the losses, in the step's order."""
        return tuple(dict.fromkeys(n for t in self.traces.values() for n in t.losses))

    @property
    def metrics(self) -> tuple[str, ...]:
        """Names of the metric readings."""
        return tuple(dict.fromkeys(n for t in self.traces.values() for n in t.metrics))

    @property
    def traces(self) -> Mapping[str, Trace]:
        """The controlled traces by backend."""
        return {name: golden.trace for name, golden in self.controlled.items()}

    def claims(self, kind: ClaimKind, name: str) -> tuple[Claim, ...]:
        """Published figures of one kind and name."""
        return tuple(c for c in self.published if c.kind is kind and c.name == name)


class Records:
    """Reads goldens, each guide's published figures once."""

    def __init__(self) -> None:
        self._published: dict[str, Mapping[str, tuple[Claim, ...]]] = {}

    def of(self, entry: GuideEntry, scenario: Scenario) -> Recorded:
        """What was recorded of a section.

        Raises:
            GoldenError: a golden or claim file that cannot be read.
        """
        store = Store(entry.golden)
        found: dict[str, dict[str, Golden]] = {"controlled": {}, "native": {}}
        for key in store.all_keys():
            if key.scenario == scenario.id and key.precision == "float32":
                golden = store.read(key)
                if golden is not None and key.randomness in found:
                    found[key.randomness][key.backend] = golden
        controlled, native = (
            {name: goldens[name] for name in BACKENDS if name in goldens}
            for goldens in found.values()
        )
        return Recorded(
            controlled,
            native,
            self._claims(scenario, entry.golden / "published").get(scenario.section, ()),
        )

    def _claims(self, scenario: Scenario, root: Path) -> Mapping[str, tuple[Claim, ...]]:
        guide = scenario.guide.id
        if guide not in self._published:
            claims: tuple[Claim, ...] = ()
            if (root / f"{guide}.json").exists():
                claims = load_published(guide, root).claims
            self._published[guide] = {
                section: tuple(c for c in claims if c.section == section)
                for section in {c.section for c in claims}
            }
        return self._published[guide]
