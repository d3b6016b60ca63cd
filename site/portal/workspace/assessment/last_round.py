"""Answer, finding and recommendation of the last round, shown with the answer of a renewal, and changes since."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language

from evaluation.assessment.changed_indicators import Change, EditionChanges
from evaluation.models import Answer, Evaluation, Finding, Recommendation
from evaluation.models.judgements import Judgement
from portal.workspace.assessment.changed_parts import ChangedPart, describe_change
from standards.framework import Indicator
from standards.models import Texts


@dataclass(frozen=True, slots=True)
class PreviousAnswer:
    """The answer, the finding and the recommendation on one indicator of the renewed evaluation.

    `changed` are the changes of the Guide since then; the answer is included only if it was not carried over.
    """

    round_name: str
    source_language: str
    """The language of the edition, in which recommendations are written."""
    indicator: Indicator
    scale: Any
    finding: Finding | None = None
    label: Any = ""
    recommendation: Recommendation | None = None
    changed: tuple[ChangedPart, ...] = ()
    answer: Answer | None = None
    answer_label: Any = ""

    @property
    def reopens(self) -> bool:
        """Whether the former answer is no longer valid."""
        return any(part.reopens for part in self.changed)

    @property
    def answer_is_best(self) -> bool:
        return self.answer is not None and self.answer.level == self.scale.best

    @property
    def level_is_best(self) -> bool:
        return self.finding is not None and self.finding.level == self.scale.best


def find_previous_answers(evaluation: Evaluation, codes: Iterable[str]) -> dict[str, PreviousAnswer]:
    """Return previous answers by code. A constant number of queries; none for a first evaluation."""
    before = evaluation.renews
    if before is None:
        return {}
    codes = list(codes)
    texts = before.round.edition.texts(get_language())
    findings = {f.code: f for f in before.findings.filter(code__in=codes, version__gt=0) if f.is_given}
    issued = before.recommendations.filter(code__in=codes, is_dropped=False)
    recommended = {r.code: r for r in issued.exclude(state=Recommendation.State.DRAFTED)}
    editions = EditionChanges(before.round.edition, evaluation.round.edition)
    submitted = {a.code: a for a in before.answers.filter(code__in=codes) if a.is_given}
    changes = {code: found for code in codes if code in submitted and (found := editions.find(code))}
    open_again = {code for code, found in changes.items() if any(change.reopens for change in found)}
    return {
        code: PreviousAnswer(
            before.round.name,
            before.round.edition.source_language,
            before.framework.indicators[code],
            before.framework.scale,
            finding := findings.get(code),
            _label(texts, finding),
            recommended.get(code),
            tuple(_describe(editions, code, changes.get(code, ()))),
            answer := submitted[code] if code in open_again else None,
            _label(texts, answer),
        )
        for code in {*findings, *recommended, *changes}
    }


def _label(texts: Texts, judgement: Judgement | None) -> Any:
    return texts[f"level/{judgement.level}"] if judgement and judgement.level is not None else ""


def _describe(editions: EditionChanges, code: str, changes: Iterable[Change]) -> Iterable[ChangedPart]:
    """Describe the changes in the reader's language."""
    former, present = (edition.texts(get_language()) for edition in (editions.before, editions.now))
    for change in changes:
        yield describe_change(change, code, editions, former, present)
