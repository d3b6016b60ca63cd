"""Which earlier answer a hotline is offered for an indicator, and why another one is not."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from evaluation.assessment.changed_indicators import EditionChanges
from evaluation.models import Answer, Evaluation
from standards.editions.comparison import Change, Obstacle, Standing


class NotCarried(StrEnum):
    """Why an indicator has no earlier answer, or an earlier answer no indicator."""

    NEW = "new"
    """The present edition asks it for the first time."""
    REMOVED = "removed"
    """The present edition does not ask it any more."""
    KIND = "kind"
    SCALE = "scale"
    ASKED_ANEW = "asked_anew"
    OPEN = "open"
    """Its question changed, and MCE has not confirmed that answers stay valid."""
    REJECTED = "rejected"
    """MCE decided that answers do not stay valid."""
    DIFFERENT = "different"
    """It continues several indicators whose answers differ, or of which one has none."""
    NOT_APPLICABLE = "not_applicable"
    """It was not applicable, which the present edition does not allow."""
    UNANSWERED = "unanswered"
    """It had no answer."""
    NOT_ASKED = "not_asked"
    """It is not asked in this round yet."""


@dataclass(frozen=True, slots=True)
class CarriedAnswer:
    """An earlier answer that is offered. `sources` are the former indicators, by code."""

    level: int | None
    value: Decimal | None
    not_applicable: bool
    words: str
    sources: tuple[str, ...]


def carry(
    evaluation: Evaluation, code: str, changes: EditionChanges, before: Mapping[str, Answer]
) -> CarriedAnswer | NotCarried:
    """Return the answer that is offered for an indicator, or the reason why none is. `before` are given answers."""
    if code not in evaluation.in_force:
        return NotCarried.NOT_ASKED
    sources = changes.sources(code)
    if not sources:
        return _why_no_source(code, changes, before)
    given = [before[source] for source in sources if source in before]
    if not given:
        return NotCarried.UNANSWERED
    judgements = {(answer.level, answer.value, answer.not_applicable) for answer in given}
    if len(given) < len(sources) or len(judgements) > 1:
        return NotCarried.DIFFERENT
    ((level, value, not_applicable),) = judgements
    if not_applicable and not evaluation.framework.indicators[code].not_applicable:
        return NotCarried.NOT_APPLICABLE
    words = "\n\n".join(dict.fromkeys(answer.words.strip() for answer in given if answer.words.strip()))
    return CarriedAnswer(level, value, not_applicable, given[0].words if len(given) == 1 else words, sources)


_BY_OBSTACLE = {
    Obstacle.KIND: NotCarried.KIND,
    Obstacle.SCALE: NotCarried.SCALE,
    Obstacle.ASKED_ANEW: NotCarried.ASKED_ANEW,
}


def _why_no_source(code: str, changes: EditionChanges, before: Mapping[str, Answer]) -> NotCarried:
    """Return why no earlier answer is valid: the reason of the first pair that has one."""
    pairs = changes.pairs(code)
    related = [mapped for mapped in pairs if mapped.is_related]
    if not related:
        is_rejected = any(mapped.standing is Standing.REJECTED for mapped in pairs)
        return NotCarried.REJECTED if is_rejected else NotCarried.NEW
    if not any(mapped.pair.before in before for mapped in related):
        return NotCarried.UNANSWERED
    obstacle = related[0].obstacle
    return _BY_OBSTACLE[obstacle] if obstacle else NotCarried.OPEN


@dataclass(frozen=True, slots=True)
class ListedAnswer:
    """An indicator of the present edition or an earlier one, with what became of the earlier answers.

    `code` is empty for an indicator that was removed. `former` are the earlier indicators that it continues, by code, or
    those whose answers were rejected for it.
    `changes` are those of the question, each with the former indicator.
    """

    code: str
    former: tuple[str, ...]
    reason: NotCarried | None
    changes: tuple[tuple[str, Change], ...] = ()
    answers: tuple[Answer, ...] = ()


def _rejected(code: str, changes: EditionChanges) -> tuple[str, ...]:
    """Return the former indicators of which it is decided that their answers do not fit a present one."""
    return tuple(mapped.pair.before for mapped in changes.pairs(code) if mapped.standing is Standing.REJECTED)


def given_answers(evaluations: Iterable[int]) -> dict[int, dict[str, Answer]]:
    """Return the given answers of evaluations, by their key and by code. One query."""
    found: dict[int, dict[str, Answer]] = {}
    for answer in Answer.objects.filter(evaluation__in=list(evaluations)):
        if answer.is_given:
            found.setdefault(answer.evaluation_id, {})[answer.code] = answer
    return found


def list_carried(evaluation: Evaluation) -> list[ListedAnswer]:
    """Return every indicator of a renewal in the order of the Guide, then the earlier answers that none continues.

    As it was when the evaluation began. Empty for a first evaluation. Values that figures fill are not among them.
    """
    renewed = evaluation.renews
    if renewed is None:
        return []
    changes = EditionChanges(renewed.round.edition, evaluation.round.edition, on=evaluation.opened_at)
    before = given_answers([renewed.pk]).get(renewed.pk, {})
    found, continued = [], set()
    for code, indicator in evaluation.framework.indicators.items():
        result = carry(evaluation, code, changes, before)
        former = _rejected(code, changes) if result is NotCarried.REJECTED else changes.former(code)
        continued |= set(former)
        if indicator.from_figures:
            continue
        changed = tuple((one, change) for one in former for change in changes.find(one, code))
        answers = tuple(before[one] for one in former if one in before)
        reason = result if isinstance(result, NotCarried) else None
        found.append(ListedAnswer(code, former, reason, changed, answers))
    return found + [
        ListedAnswer("", (code,), NotCarried.REMOVED, answers=(answer,))
        for code, answer in before.items()
        if code not in continued
    ]
