"""The editions of published families of rules, and their examples, scored from files."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from evaluation.engine.scoring import Evidence, Scorecard, as_percent, score
from evaluation.recomputation.findings import read_findings
from standards.drafts.frameworks import draft_framework
from standards.editions.files import read_edition
from standards.framework import Framework

EDITIONS = Path(__file__).parents[3] / "standards" / "editions"
FAMILIES = ("essential_gate", "classes", "tiers", "components", "partials", "stars")
EXCUSED = {"not_applicable": "There is none here."}
MISSING: dict[str, Any] = {}


@cache
def framework_of_files(family: str) -> Framework:
    return draft_framework(read_edition(EDITIONS / family))


@dataclass(frozen=True)
class Family:
    """An edition, and a folder for findings."""

    name: str
    folder: Path

    def score(self, **different: int | dict[str, Any]) -> Scorecard:
        """Return the scorecard with everything at its best except `different`: `i1_1_1=2`, a level or an entry."""
        framework = framework_of_files(self.name)
        found = json.loads((EDITIONS / self.name / "findings.json").read_text("utf-8"))
        for name, what in different.items():
            found[name[1:].replace("_", ".")] = {"level": what} if isinstance(what, int) else what
        path = self.folder / "findings.json"
        path.write_text(json.dumps({code: entry for code, entry in found.items() if entry != MISSING}), "utf-8")
        read = read_findings(path, framework)
        return score(framework, Evidence(read.answers, read.findings))

    def result(self, **different: int | dict[str, Any]) -> tuple[str, str]:
        """Return the outcome, and the overall score as shown."""
        card = self.score(**different)
        return card.proposal.outcome, as_percent(card.overall)


def in_the_way(card: Scorecard, outcome: str) -> list[tuple[str, tuple[str, ...]]]:
    """Return the failed tests of an outcome, each with its codes."""
    tested = next(check for check in card.outcomes if check.outcome == outcome)
    return [(check.condition.test.value, check.codes) for check in tested.checks if not check.holds]


def row(standard: str, *levels: int) -> dict[str, int]:
    """Return the levels of a standard's indicators in order, as keyword arguments of `score`."""
    return {f"i{standard.replace('.', '_')}_{number}": level for number, level in enumerate(levels, start=1)}
