"""The follow-up of recommendations: each progresses differently in the months after the decision, some too slowly."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import chain, cycle, islice

from django.db import transaction

from evaluation.models import Evaluation, Recommendation, Requirement, User
from evaluation.recommendations.progress import add_proof, find_practices, share_practices
from evaluation.workflow import perform
from portal.demonstration.answers import Character
from portal.demonstration.clock import Clock, at


@dataclass(frozen=True, slots=True)
class Way:
    """The progress of one recommendation: the days from the decision until it is due, and its moves.

    `acts` are moves with their notes. `show` and `explain` are no moves: they add a proof with these words.
    `{look_for}` is the recommended evidence.
    """

    days: int
    acts: tuple[tuple[str, str], ...] = ()


_BEGUN = (("accept", ""), ("start", ""))
_SHOWN = (
    *_BEGUN,
    ("show", "{look_for}: as it is used since {month}."),
    ("submit_evidence", "It is in force in {city} and in {city2}, and {deputy} has told every shift."),
)
_DONE = (*_SHOWN, ("verify", ""), ("close", ""))
_WITHOUT_PAPER = (
    *_BEGUN,
    ("explain", "It is a change of habit at the handover; nothing of it is written down."),
    ("submit_evidence", "{coord} and {deputy} have watched it for {four|six} weeks."),
)

WAYS = (
    Way(60, _DONE),
    Way(25),
    Way(120, (("contest", "This has been in place since {month}; the team looked at the version before."),)),
    Way(90, _SHOWN),
    Way(150, (("accept", ""),)),
    Way(45, (*_WITHOUT_PAPER, ("refuse", "Say what changed in one page, so that new colleagues can read it."))),
    Way(100, (("contest", "The law forbids it here."), ("insist", "The law allows it with consent. Ask for consent."))),
    Way(80, (*_SHOWN, ("verify", ""))),
    Way(110, (("contest", "{ngo} does this for us."), ("withdraw", "You are right: it is done, by them."))),
    Way(35, _BEGUN),
    Way(180, _BEGUN),
)  # fmt: skip
"""The ways of a hotline's first recommendations, assigned in turn."""
AT_ONCE = 2 * len(WAYS)
"""The number of a hotline's recommendations that follow `WAYS`."""
OF_LATER = (Way(200), Way(230, (("accept", ""),)), Way(260), Way(290))
"""The ways of its further recommendations."""
OF_EARLIER_ROUNDS = (
    Way(120, _DONE),
    Way(180, _DONE),
    Way(240, _DONE),
    Way(300, _DONE),
    Way(400, _BEGUN),
)
BETWEEN_ACTS = 11
"""The smallest number of days between two moves."""


def plan_days(evaluation: Evaluation, who: Character, decided: date, *, earlier: bool) -> None:
    """Set the owner and the due day of each draft."""
    owners = (who.facts.coord, who.facts.deputy, who.facts.expert)
    for number, (recommendation, way) in enumerate(zip(evaluation.recommendations.all(), _ways(earlier), strict=False)):
        recommendation.owner = owners[number % len(owners)]
        recommendation.due_on = decided + timedelta(days=way.days + number % 7)
        recommendation.save()


def _ways(earlier: bool) -> Iterator[Way]:
    if earlier:
        return cycle(OF_EARLIER_ROUNDS)
    return chain(islice(cycle(WAYS), AT_ONCE), cycle(OF_LATER))


def follow(
    clock: Clock, evaluation: Evaluation, who: Character, *, coordinator: User, mce: User, decided: date, earlier: bool
) -> Iterator[datetime]:
    """Follow up the issued recommendations, except those that are followed up as conditions of the decision."""
    conditions = Requirement.objects.filter(decision__evaluation=evaluation).values("code")
    followed = evaluation.recommendations.exclude(code__in=conditions)
    people = dict.fromkeys(("insist", "withdraw", "verify", "refuse", "close"), mce)
    acts = []
    for number, (recommendation, way) in enumerate(zip(followed, _ways(earlier), strict=False)):
        pace = max(BETWEEN_ACTS, way.days // (len(way.acts) + 1) if earlier else 0)
        for place, (act, words) in enumerate(way.acts):
            day = decided + timedelta(days=2 + number % 5 + place * pace)
            acts.append((at(day, 9 + number % 8, 7 * number % 60), number, place, recommendation, act, words))
    for moment, _number, _place, recommendation, act, words in sorted(acts, key=lambda found: found[:3]):
        yield moment
        recommendation.refresh_from_db()
        look_for = recommendation.look_for.rstrip(".")
        note = who.words.fill([words], who.facts, who.dice, look_for=look_for) if words else ""
        _do(recommendation, act, note, by=people.get(act, coordinator))
        if act == "start" and (found := list(find_practices(recommendation)[:2])):
            share_practices(recommendation, found, by=mce)


@transaction.atomic
def _do(recommendation: Recommendation, act: str, words: str, *, by: User) -> None:
    """Perform a move or add a proof."""
    if act == "show":
        code = recommendation.code.replace(".", "-")
        address = f"https://{recommendation.evaluation.hotline.country.lower()}.example/plan/{code}"
        add_proof(recommendation, by=by, address=address, words=words)
    elif act == "explain":
        add_proof(recommendation, by=by, words=words)
    else:
        perform(recommendation, act, by=by, note=words)
