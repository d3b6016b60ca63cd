"""Draft recommendations from the Guide's templates: for deficits, and for requirements of the next outcome."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from evaluation.engine.improvement.gains import Gain
from evaluation.engine.scoring import IndicatorScore, Scorecard
from evaluation.models import Evaluation, Recommendation, User
from evaluation.models.people.permissions import is_allowed, no_right
from evaluation.models.states import wrong_state
from evaluation.workflow import Refusal
from standards.framework import Framework, Scale, Test
from standards.models import Texts

_OF_SINGLE_INDICATORS = (Test.EVERY, Test.BELOW)
"""The tests of conditions that a single indicator can fail."""


def needs_recommendation(indicator: IndicatorScore, framework: Framework, needed: set[str]) -> bool:
    """Whether an indicator is below the level of its obligation, or below what the next outcome requires.

    A missing level is below any level. Obligations without a required level have no recommendations.
    """
    wanted = framework.rule.obligation[indicator.obligation].wanted
    if wanted is None or not indicator.counts:
        return False
    is_short = indicator.level is None or not framework.scale.reaches(indicator.level, wanted)
    return is_short or indicator.code in needed


def find_blocking(card: Scorecard) -> set[str]:
    """Return the codes of the indicators that each alone block an accreditation."""
    return {
        code
        for outcome in card.outcomes
        if outcome.months
        for check in outcome.checks
        if not check.holds and check.condition.test in _OF_SINGLE_INDICATORS
        for code in check.codes
    }


def priority_of(indicator: IndicatorScore, framework: Framework, urgent: set[str]) -> Recommendation.Priority:
    """Return the priority: `FIRST` if urgent, `WHEN_POSSIBLE` for the lowest obligation, otherwise `NEXT`."""
    if indicator.code in urgent:
        return Recommendation.Priority.FIRST
    if indicator.obligation == framework.rule.obligations[-1].code and len(framework.rule.obligations) > 1:
        return Recommendation.Priority.WHEN_POSSIBLE
    return Recommendation.Priority.NEXT


EDITABLE = (Evaluation.State.REPORT, Evaluation.State.RESPONSE, Evaluation.State.DECISION)
"""The stages in which drafts may be edited; the decision issues them."""

WORDS = ("title", "text", "look_for")
"""The fields that are drafted from the Guide's texts."""

DERIVED = ("suggested_priority", "is_needed", "gain", "level", "place")
"""The fields of a draft, in addition to `relevance`, that only drafting writes."""


@dataclass(frozen=True, slots=True)
class Drafting:
    """The result of drafting: new recommendations, removed ones, and those that a user must decide on."""

    drafted: tuple[Recommendation, ...] = ()
    removed: tuple[Recommendation, ...] = ()
    undecided: tuple[Recommendation, ...] = ()


@transaction.atomic
def draft_recommendations(evaluation: Evaluation, card: Scorecard, gains: Mapping[str, Gain]) -> Drafting:
    """Update the drafts from a scorecard, in the edition's source language.

    A deficit without a recommendation gets a draft. The priority, if no user chose it, and the other derived fields of
    drafts are updated. The texts are not changed: they are a user's, or those of the frozen edition. A draft that is no
    longer required is marked as removed if no user edited it, and otherwise, unless a user kept it, as outdated.

    A draft that a user dropped stays dropped until there is a new reason for it: the last drafting did not require it,
    or the level of its indicator is lower than then. Issued recommendations are not changed.

    New drafts are ordered by effect: requirements of the next outcome, then the gain of the score, then the order of
    the Guide. Urgent are the indicators that alone block an accreditation, and the requirements of the next outcome.
    """
    framework = evaluation.framework
    needed = {code for code, gain in gains.items() if gain.is_needed}
    urgent = find_blocking(card) | needed
    texts = evaluation.round.edition.texts(evaluation.round.edition.source_language)
    rows = evaluation.recommendations.select_for_update().prefetch_related("practices")
    known = {recommendation.code: recommendation for recommendation in rows}
    drafted, removed, revised = [], [], []
    for place, (code, indicator) in enumerate(card.indicators.items()):
        is_called_for = needs_recommendation(indicator, framework, needed)
        priority = priority_of(indicator, framework, urgent)
        derived = {
            "suggested_priority": priority,
            "is_needed": code in needed,
            "gain": in_millionths(gains.get(code)),
            "level": indicator.level,
            "place": place,
        }
        words = _words_of(texts, code)
        if code not in known:
            if is_called_for:
                drafted.append(Recommendation(evaluation=evaluation, code=code, priority=priority, **words, **derived))
        elif (draft := known[code]).state == Recommendation.State.DRAFTED:
            before = draft.relevance
            _revise(draft, words, derived, framework.scale, is_called_for=is_called_for)
            revised.append(draft)
            if draft.relevance != before and draft.relevance == Recommendation.Relevance.REMOVED:
                removed.append(draft)
            elif before == Recommendation.Relevance.REMOVED and is_called_for:
                drafted.append(draft)
    Recommendation.objects.bulk_create(draft for draft in drafted if draft.pk is None)
    Recommendation.objects.bulk_update(revised, ["priority", "relevance", "is_dropped", *DERIVED])
    drafted.sort(key=lambda draft: (not draft.is_needed, -draft.gain, draft.place))
    return Drafting(tuple(drafted), tuple(removed), tuple(evaluation.recommendations.undecided()))


def _words_of(texts: Texts, code: str) -> dict[str, str]:
    """Return the Guide's texts of a recommendation, with the title truncated to the length of its field."""
    words = {name: str(texts[f"indicator/{code}/recommendation/{name}"]) for name in WORDS}
    return words | {"title": words["title"][:120]}


def _revise(
    draft: Recommendation, words: Mapping[str, str], derived: Mapping[str, Any], scale: Scale, *, is_called_for: bool
) -> None:
    """Update one draft. `words` are the Guide's texts, `derived` are the new values of the derived fields."""
    relevance = Recommendation.Relevance
    was_called_for = draft.relevance in (relevance.CURRENT, relevance.RETURNED)
    if is_called_for:
        if draft.relevance == relevance.REMOVED:
            draft.relevance, draft.is_dropped = relevance.CURRENT, False
        elif draft.is_dropped and (not was_called_for or _is_lower(derived["level"], draft.level, scale)):
            draft.relevance, draft.is_dropped = relevance.RETURNED, False
        elif draft.relevance != relevance.RETURNED:
            draft.relevance = relevance.CURRENT
    elif draft.relevance != relevance.KEPT:
        if _is_edited(draft, words):
            draft.relevance = relevance.OUTDATED
        else:
            draft.relevance, draft.is_dropped = relevance.REMOVED, True
    if draft.priority == draft.suggested_priority:
        draft.priority = derived["suggested_priority"]
    for name, value in derived.items():
        setattr(draft, name, value)


def _is_edited(draft: Recommendation, words: Mapping[str, str]) -> bool:
    """Whether a user changed a draft. Whitespace is ignored, because forms change it."""
    return (
        (draft.is_dropped and draft.relevance != Recommendation.Relevance.REMOVED)
        or draft.priority != draft.suggested_priority
        or draft.due_on is not None
        or bool(draft.owner.strip())
        or any(getattr(draft, name).split() != word.split() for name, word in words.items())
        or bool(draft.practices.all())
    )


def _is_lower(level: int | None, before: int | None, scale: Scale) -> bool:
    """Whether `level` is lower than `before`. A missing level is lower than any level."""
    return before is not None and (level is None or not scale.reaches(level, before))


def in_millionths(gain: Gain | None) -> int:
    """Return the gain of the overall score in millionths, rounded down; a negative gain is 0."""
    return max(int(gain.overall * 1_000_000), 0) if gain else 0


@transaction.atomic
def decide_draft(draft: Recommendation, *, keep: bool, by: User) -> bool:
    """Keep or drop an undecided draft. Return False if another user has decided on it already.

    A kept draft does not need a decision again until the findings require it once more. Raises Refusal.
    """
    locked = Recommendation.objects.select_for_update().get(pk=draft.pk)
    if not is_allowed("recommendation.edit", by, locked):
        raise Refusal("settle_draft", [no_right("recommendation.edit", by, locked)])
    if locked.evaluation.state not in EDITABLE:
        raise Refusal("settle_draft", [wrong_state(locked.evaluation, *EDITABLE)])
    if not Recommendation.objects.undecided().filter(pk=locked.pk).exists():
        return False
    relevance = Recommendation.Relevance
    is_outdated = locked.relevance == relevance.OUTDATED
    if keep:
        locked.relevance = relevance.KEPT if is_outdated else relevance.CURRENT
    else:
        locked.relevance = relevance.OUTDATED if is_outdated else relevance.CURRENT
        locked.is_dropped = True
    locked.save(update_fields=["relevance", "is_dropped"])
    return True
