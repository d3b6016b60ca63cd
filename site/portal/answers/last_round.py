"""The answer, finding and recommendation of the last round next to an answer, and the changes since."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import get_language

from evaluation import queries
from evaluation.answers.carrying import NotCarried, carry
from evaluation.answers.changed_indicators import EditionChanges, changes_since
from evaluation.models import Answer, Evaluation, Finding, Recommendation
from evaluation.models.answers.judgements import Judgement
from evaluation.rounds.renewal import find_former
from portal.answers.words import describe_not_carried
from standards.framework import Indicator
from standards.models import Edition, Texts
from standards.public_guide.changes import ChangeReader, ShownChange


@dataclass(frozen=True, slots=True)
class PreviousAnswer:
    """The answer, the finding and the recommendation on one indicator of the hotline's last evaluation.

    `changed` are the changes of the Guide since then. `why_not_carried` is the reason why the answer was not carried
    over; in an evaluation that does not start from the last answers, only if the question changed. While the indicator is not asked yet, the answer, its changes and the reason are empty.
    """

    round_name: str
    source_language: str
    """The language of the edition, in which recommendations are written."""
    indicator: Indicator
    scale: Any
    other_code: str = ""
    """The code that the indicator had, if it was a different one."""
    finding: Finding | None = None
    label: Any = ""
    recommendation: Recommendation | None = None
    changed: tuple[ShownChange, ...] = ()
    answer: Answer | None = None
    answer_label: Any = ""
    why_not_carried: str = ""

    @property
    def reopens(self) -> bool:
        """Whether the former answer was not carried over."""
        return bool(self.why_not_carried)

    @property
    def answer_is_best(self) -> bool:
        return self.answer is not None and self.answer.level == self.scale.best

    @property
    def level_is_best(self) -> bool:
        return self.finding is not None and self.finding.level == self.scale.best


def find_previous_answers(evaluation: Evaluation, codes: Iterable[str]) -> dict[str, list[PreviousAnswer]]:
    """Return previous answers by present code: a list of one for each former indicator that it continues.

    A constant number of queries; one for a first evaluation.
    """
    before = find_former(evaluation)
    if before is None:
        return {}
    changes = changes_since(evaluation, before)
    former = {code: changes.former(code) for code in codes}
    return _Previous(evaluation, before, changes, former).read()


class _Previous:
    def __init__(
        self,
        evaluation: Evaluation,
        before: Evaluation,
        changes: EditionChanges,
        former: Mapping[str, tuple[str, ...]],
    ) -> None:
        self.evaluation, self.before, self.changes, self.former = evaluation, before, changes, former
        codes = {one for found in former.values() for one in found}
        self.texts = before.round.edition.texts(get_language())
        found = queries.decided_findings(before).filter(code__in=codes, version__gt=0)
        self.findings = {finding.code: finding for finding in found if finding.is_given}
        issued = before.recommendations.filter(code__in=codes, is_dropped=False)
        self.recommended = {r.code: r for r in issued.exclude(state=Recommendation.State.DRAFTED)}
        self.answers = {a.code: a for a in before.answers.filter(code__in=codes) if a.is_given}

    def read(self) -> dict[str, list[PreviousAnswer]]:
        found = {code: list(self._of(code, former)) for code, former in self.former.items()}
        return {code: previous for code, previous in found.items() if previous}

    @cached_property
    def reader(self) -> ChangeReader:
        return read_changes(self.changes)

    def _of(self, code: str, former: tuple[str, ...]) -> Iterable[PreviousAnswer]:
        result = carry(self.evaluation, code, self.changes, self.answers)
        for one in former:
            answer = self.answers.get(one)
            is_shown = answer is not None and result is not NotCarried.NOT_ASKED
            changed = self.changes.find(one, code) if is_shown else ()
            is_told = is_shown and not self.changes.is_same_edition and (self.evaluation.renews_id or changed)
            why = result if isinstance(result, NotCarried) and is_told else None
            finding = self.findings.get(one)
            if not (finding or is_shown or one in self.recommended):
                continue
            yield PreviousAnswer(
                self.before.round.name,
                self.before.round.edition.source_language,
                self.before.framework.indicators[one],
                self.before.framework.scale,
                other_code=one if one != code else "",
                finding=finding,
                label=_label(self.texts, finding),
                recommendation=self.recommended.get(one),
                changed=tuple(self.reader.of_indicator(change, one, code) for change in changed),
                answer=answer if is_shown else None,
                answer_label=_label(self.texts, answer) if is_shown else "",
                why_not_carried=describe_not_carried(why) if why else "",
            )


def read_changes(changes: EditionChanges) -> ChangeReader:
    """Return a reader of these changes in the active language."""
    former, present = (_texts(edition) for edition in (changes.before, changes.now))
    languages = changes.before.source_language, changes.now.source_language
    return ChangeReader(changes.mapping.before, changes.mapping.now, languages, (former, present))


def _texts(edition: Edition) -> Texts:
    return edition.texts(get_language())


def _label(texts: Texts, judgement: Judgement | None) -> Any:
    return texts[f"level/{judgement.level}"] if judgement and judgement.level is not None else ""
