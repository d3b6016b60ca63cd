"""What was seen and asked of an indicator last time, beside the answer of a renewal."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language

from evaluation.models import Evaluation, Finding, Recommendation
from standards.framework import Indicator


@dataclass(frozen=True, slots=True)
class LastTime:
    """The assessors' finding and the recommendation on one indicator of the evaluation that is renewed."""

    round_name: str
    indicator: Indicator
    scale: Any
    finding: Finding | None = None
    label: Any = ""
    recommendation: Recommendation | None = None

    @property
    def level_is_best(self) -> bool:
        return self.finding is not None and self.finding.level == self.scale.best


def find_last_time(evaluation: Evaluation, codes: Iterable[str]) -> dict[str, LastTime]:
    """By code, where there is something to show. A constant number of queries; none for a first evaluation."""
    before = evaluation.renews
    if before is None:
        return {}
    codes = list(codes)
    texts = before.round.edition.texts(get_language())
    findings = {f.code: f for f in before.findings.filter(code__in=codes, version__gt=0) if f.is_given}
    kept = before.recommendations.filter(code__in=codes, is_dropped=False)
    asked = {r.code: r for r in kept.exclude(state=Recommendation.State.DRAFTED)}
    return {
        code: LastTime(
            before.round.name,
            before.framework.indicators[code],
            before.framework.scale,
            finding := findings.get(code),
            texts[f"level/{finding.level}"] if finding and finding.level is not None else "",
            asked.get(code),
        )
        for code in {*findings, *asked}
    }
