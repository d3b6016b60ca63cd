"""The periods in which editions of the Guide are used: in rounds, and in accreditations that are still valid."""

from collections.abc import Iterable
from datetime import date
from zoneinfo import ZoneInfo

from django.db.models import Max
from django.utils import timezone

from evaluation.models import Accreditation, Round, Step
from standards.models import Edition
from standards.public_guide.contexts import EditionPeriod


def periods_of(editions: Iterable[Edition]) -> dict[int, EditionPeriod]:
    """Return the period of each edition, by its key. Three queries."""
    rounds: dict[int, list[Round]] = {edition.pk: [] for edition in editions}
    begun = list(Round.objects.filter(edition__in=list(rounds)).exclude(state=Round.State.PLANNED))
    for one in begun:
        rounds[one.edition_id].append(one)
    closed = _closing_days(begun)
    accreditations = Accreditation.objects.filter(
        state__in=Accreditation.RUNNING, decision__evaluation__round__edition__in=list(rounds)
    ).order_by()
    valid = dict(
        accreditations.values("decision__evaluation__round__edition")
        .annotate(last=Max("decision__valid_until"))
        .values_list("decision__evaluation__round__edition", "last")
    )
    return {key: _period(of_edition, closed, valid.get(key)) for key, of_edition in rounds.items()}


def _closing_days(rounds: list[Round]) -> dict[object, date]:
    """Return the day on which each closed round was closed, in its own time zone."""
    zones = {one.uid: ZoneInfo(one.time_zone) for one in rounds}
    steps = Step.objects.filter(kind=Round.kind, move="close", uid__in=list(zones)).order_by("seq")
    return {uid: timezone.localdate(at, zones[uid]) for uid, at in steps.values_list("uid", "at")}


def _period(rounds: list[Round], closed: dict[object, date], valid_until: date | None) -> EditionPeriod:
    if not rounds:
        return EditionPeriod(valid_until=valid_until)
    is_open = any(one.state == Round.State.OPEN for one in rounds)
    return EditionPeriod(
        since=min(one.opens_on for one in rounds),
        until=None if is_open else max(closed.get(one.uid, one.answers_until) for one in rounds),
        valid_until=valid_until,
    )
