"""The plans of the demonstration: what was recommended is followed to many different states, some of it overdue."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import cycle

from django.db import transaction
from django.utils import timezone

from evaluation.files.looking import look_into
from evaluation.following import find_practices, lend, show
from evaluation.models import Evaluation, Recommendation, User
from evaluation.workflow import move
from portal.workspace.recommendations.letters import tell_of_recommendation


@dataclass(frozen=True, slots=True)
class Way:
    """How one recommendation fares: the days from today until it is due, and what people do with it."""

    days: int
    acts: tuple[tuple[str, str], ...] = ()
    """Moves with their words, and `show` with what the evidence shows."""


_BEGUN = (("accept", ""), ("start", ""))
_SUBMITTED = (
    *_BEGUN,
    ("show", "The new text, as it is used since last month."),
    ("submit_evidence", "It is written and known to the whole team."),
)
_WITHOUT_PAPER = (
    *_BEGUN,
    ("explain", "A change of habit: nothing of it is written down."),
    ("submit_evidence", "We changed the handover between shifts."),
)

WAYS = (
    Way(21),
    Way(-30, (*_SUBMITTED, ("verify", ""), ("close", ""))),
    Way(-12, _BEGUN),
    Way(75, (("contest", "This has been in place since spring; the team looked at the old version."),)),
    Way(14, _SUBMITTED),
    Way(120, (("accept", ""),)),
    Way(-5, (*_WITHOUT_PAPER, ("refuse", "Say what changed in one page, so that new colleagues can read it."))),
    Way(45, (("contest", "The law forbids it here."), ("insist", "The law allows it with consent. Ask for consent."))),
    Way(90, (("contest", "The other line of our house does this."), ("withdraw", "You are right: it is done, by them."))),
    Way(30, (*_SUBMITTED, ("verify", ""))),
    Way(-3),
    Way(150, _BEGUN),
)  # fmt: skip
"""One after the other, and then from the beginning."""

_NOTICE = (
    b"%PDF-1.4\n%a page of what was done\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)
"""One empty page."""


def plan_days(evaluation: Evaluation, coordinator: User) -> None:
    """What the assessors agree with the hotline on each draft: who, and by when."""
    for recommendation, way in zip(evaluation.recommendations.all(), cycle(WAYS), strict=False):
        recommendation.owner = coordinator.name
        recommendation.due_on = timezone.localdate() + timedelta(days=way.days)
        recommendation.save()


def follow(evaluation: Evaluation, *, coordinator: User, mce: User) -> None:
    """Follow what is issued, each its own way."""
    who = dict.fromkeys(("insist", "withdraw", "verify", "refuse", "close"), mce)
    for recommendation, way in zip(evaluation.recommendations.in_the_plan(), cycle(WAYS), strict=False):
        for act, words in way.acts:
            _do(recommendation, act, words, by=who.get(act, coordinator))


@transaction.atomic
def _do(recommendation: Recommendation, act: str, words: str, *, by: User) -> None:
    """As the page does, with its letters."""
    if act == "show":
        show(recommendation, by=by, upload=look_into(_NOTICE, f"{recommendation.code}.pdf", limit=10**6), words=words)
    elif act == "explain":
        show(recommendation, by=by, words=words)
    else:
        move(recommendation, act, by=by, note=words)
        tell_of_recommendation(act, recommendation, by=by, note=words)


def lend_practices(evaluations: list[Evaluation], *, mce: User) -> None:
    """Let good practice of others go with what is still to be done."""
    for evaluation in evaluations:
        for recommendation in evaluation.recommendations.in_the_plan():
            if not recommendation.is_settled and (found := list(find_practices(recommendation)[:2])):
                lend(recommendation, found, by=mce)
