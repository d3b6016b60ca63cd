"""Drafting recommendations from the Guide's templates: for what falls short, and for what the next outcome needs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from evaluation.guards.permissions import is_allowed
from evaluation.guards.reasons import no_right, wrong_state
from evaluation.improvement.gains import Gain
from evaluation.models import Evaluation, Recommendation, User
from evaluation.scoring import IndicatorScore, Scorecard
from evaluation.workflow import Refusal
from standards.framework import Framework, Scale, Test
from standards.models import Texts

_OF_SINGLE_INDICATORS = (Test.EVERY, Test.BELOW)
"""Conditions that one indicator alone can break."""


def needs_recommendation(indicator: IndicatorScore, framework: Framework, needed: set[str]) -> bool:
    """Counted, and short of the level that its obligation asks for, or of what the next outcome needs.

    What is missing is short of any level. Obligations that want no level have no recommendations.
    """
    wanted = framework.rule.obligation[indicator.obligation].wanted
    if wanted is None or not indicator.counts:
        return False
    is_short = indicator.level is None or not framework.scale.reaches(indicator.level, wanted)
    return is_short or indicator.code in needed


def find_blocking(card: Scorecard) -> set[str]:
    """The indicators that by themselves stand between the hotline and an accreditation."""
    return {
        code
        for outcome in card.outcomes
        if outcome.months
        for check in outcome.checks
        if not check.holds and check.condition.test in _OF_SINGLE_INDICATORS
        for code in check.codes
    }


def priority_of(indicator: IndicatorScore, framework: Framework, urgent: set[str]) -> Recommendation.Priority:
    """First what is urgent, when possible what the Guide insists on least, next the rest."""
    if indicator.code in urgent:
        return Recommendation.Priority.FIRST
    if indicator.obligation == framework.rule.obligations[-1].code and len(framework.rule.obligations) > 1:
        return Recommendation.Priority.WHEN_POSSIBLE
    return Recommendation.Priority.NEXT


EDITABLE = (Evaluation.State.REPORT, Evaluation.State.RESPONSE, Evaluation.State.DECISION)
"""The stages in which drafts may be edited; the decision issues them."""

WORDS = ("title", "text", "look_for")
"""The fields that are drafted from the Guide's words."""

DERIVED = ("suggested_priority", "is_needed", "gain", "level", "place")
"""The fields of a draft that only drafting writes, beside its relevance."""


@dataclass(frozen=True, slots=True)
class Drafting:
    """What drafting did: the recommendations that are new, those that went, and those that a person is to decide on."""

    drafted: tuple[Recommendation, ...] = ()
    removed: tuple[Recommendation, ...] = ()
    undecided: tuple[Recommendation, ...] = ()


@transaction.atomic
def draft_recommendations(evaluation: Evaluation, card: Scorecard, gains: Mapping[str, Gain]) -> Drafting:
    """Bring the drafts up to date with a scorecard, in the edition's source language.

    What falls short and has no recommendation gets a draft. A draft that is called for gets its priority and gain
    afresh; a priority that a person chose stays. The words stay too: they are the person's, or those of the edition,
    which is frozen. A draft that is no longer called for is removed if nobody edited it, and else marked as outdated.

    A draft that a person left out stays out, until the reason for it comes new: the last drafting did not call for it,
    or its indicator has a lower level than then. What is issued is left as it is.

    They are read in the order of what they would change: what the next outcome needs, then what adds most to the
    score, then as in the Guide. Urgent is what blocks an accreditation by itself, and what the next outcome needs.
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
        fresh = {
            "suggested_priority": priority,
            "is_needed": code in needed,
            "gain": in_millionths(gains.get(code)),
            "level": indicator.level,
            "place": place,
        }
        words = _words_of(texts, code)
        if code not in known:
            if is_called_for:
                drafted.append(Recommendation(evaluation=evaluation, code=code, priority=priority, **words, **fresh))
        elif (draft := known[code]).state == Recommendation.State.DRAFTED:
            before = draft.relevance
            _revise(draft, words, fresh, framework.scale, is_called_for=is_called_for)
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
    """What the Guide recommends, as long as the fields are."""
    words = {name: str(texts[f"indicator/{code}/recommendation/{name}"]) for name in WORDS}
    return words | {"title": words["title"][:120]}


def _revise(
    draft: Recommendation, words: Mapping[str, str], fresh: Mapping[str, Any], scale: Scale, *, is_called_for: bool
) -> None:
    """Bring one draft up to date. `words` are the Guide's, `fresh` are the new values of the derived fields."""
    relevance = Recommendation.Relevance
    was_called_for = draft.relevance in (relevance.CURRENT, relevance.RETURNED)
    if is_called_for:
        if draft.relevance == relevance.REMOVED:
            draft.relevance, draft.is_dropped = relevance.CURRENT, False
        elif draft.is_dropped and (not was_called_for or _is_lower(fresh["level"], draft.level, scale)):
            draft.relevance, draft.is_dropped = relevance.RETURNED, False
        elif draft.relevance != relevance.RETURNED:
            draft.relevance = relevance.CURRENT
    elif draft.relevance != relevance.KEPT:
        if _is_edited(draft, words):
            draft.relevance = relevance.OUTDATED
        else:
            draft.relevance, draft.is_dropped = relevance.REMOVED, True
    if draft.priority == draft.suggested_priority:
        draft.priority = fresh["suggested_priority"]
    for name, value in fresh.items():
        setattr(draft, name, value)


def _is_edited(draft: Recommendation, words: Mapping[str, str]) -> bool:
    """Whether a person changed anything of a draft. Blanks and line breaks, which a form changes by itself, are none."""
    return (
        (draft.is_dropped and draft.relevance != Recommendation.Relevance.REMOVED)
        or draft.priority != draft.suggested_priority
        or draft.due_on is not None
        or bool(draft.owner.strip())
        or any(getattr(draft, name).split() != word.split() for name, word in words.items())
        or bool(draft.practices.all())
    )


def _is_lower(level: int | None, before: int | None, scale: Scale) -> bool:
    """Whether an indicator has come to stand lower. Nothing that counts is lower than any level."""
    return before is not None and (level is None or not scale.reaches(level, before))


def in_millionths(gain: Gain | None) -> int:
    """What an improvement adds to the overall score, rounded down; what takes away adds nothing."""
    return max(int(gain.overall * 1_000_000), 0) if gain else 0


@transaction.atomic
def decide_draft(draft: Recommendation, *, keep: bool, by: User) -> bool:
    """Keep or leave out a draft that waits for a person's word. False when somebody has decided meanwhile.

    Kept, it is not asked about again until the findings call for it once more. Raises Refusal.
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
