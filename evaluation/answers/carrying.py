"""Find the earlier answer that is carried over to an indicator, or the reason why none is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from evaluation.answers.changed_indicators import EditionChanges, changes_since
from evaluation.models import Answer, Evaluation
from standards.editions.comparison import Change, Obstacle, Standing


class NotCarried(StrEnum):
    """The reason why no earlier answer is carried over to an indicator, or an earlier answer to no indicator."""

    NEW = "new"
    """The current edition asks the indicator for the first time."""
    REMOVED = "removed"
    """The current edition does not ask the indicator any more."""
    KIND = "kind"
    SCALE = "scale"
    ASKED_ANEW = "asked_anew"
    OPEN = "open"
    """Its question changed, and MCE has not confirmed that answers stay valid."""
    REJECTED = "rejected"
    """MCE decided that answers do not stay valid."""
    DIFFERENT = "different"
    """It continues several indicators whose answers differ or are not all given."""
    NOT_APPLICABLE = "not_applicable"
    """The earlier answer is "not applicable", which the current edition does not allow."""
    UNANSWERED = "unanswered"
    """It had no answer."""
    NOT_ASKED = "not_asked"
    """It is not asked in this round yet."""


@dataclass(frozen=True, slots=True)
class CarriedAnswer:
    """An earlier answer that is carried over. `sources` are the codes of the former indicators."""

    level: int | None
    value: Decimal | None
    not_applicable: bool
    words: str
    sources: tuple[str, ...]


def carry(
    evaluation: Evaluation, code: str, changes: EditionChanges, before: Mapping[str, Answer]
) -> CarriedAnswer | NotCarried:
    """Return the answer that is carried over to an indicator, or the reason why none is.

    `before` are the given answers of the earlier evaluation, by code.
    """
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
    """Return why no earlier answer is valid: the obstacle of the first related pair, if there is one."""
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
    """An indicator of the current edition, or a removed one of the earlier edition, with its earlier answers.

    `code` is empty for a removed indicator. `former` are the codes of the earlier indicators that it continues, or
    whose answers were rejected for it. `reason` is None if an answer is carried over. `changes` are the changes of the
    question, each with the code of the former indicator.
    """

    code: str
    former: tuple[str, ...]
    reason: NotCarried | None
    changes: tuple[tuple[str, Change], ...] = ()
    answers: tuple[Answer, ...] = ()


def _rejected(code: str, changes: EditionChanges) -> tuple[str, ...]:
    """Return the codes of the former indicators whose answers MCE rejected for a current one."""
    return tuple(mapped.pair.before for mapped in changes.pairs(code) if mapped.standing is Standing.REJECTED)


def given_answers(evaluations: Iterable[int]) -> dict[int, dict[str, Answer]]:
    """Return the given answers of evaluations, by evaluation key and indicator code. One query."""
    found: dict[int, dict[str, Answer]] = {}
    for answer in Answer.objects.filter(evaluation__in=list(evaluations)):
        if answer.is_given:
            found.setdefault(answer.evaluation_id, {})[answer.code] = answer
    return found


def list_carried(evaluation: Evaluation) -> list[ListedAnswer]:
    """Return every indicator of a renewal in the order of the Guide, then the earlier answers to removed indicators.

    The mapping of the editions is read as of when answers were carried over. Returns nothing for a first evaluation.
    Indicators that are filled from figures are left out.
    """
    renewed = evaluation.renews
    if renewed is None:
        return []
    changes = changes_since(evaluation, renewed)
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
