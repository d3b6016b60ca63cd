"""The next act on a visit, as a line of a list: for the users whose turn it is, and for the others."""

from typing import Any

from django.db.models import Prefetch, prefetch_related_objects
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from evaluation.models import EarlierVisit, Evaluation, TeamMember, User, Visit
from evaluation.visits.dates import Side
from evaluation.visits.turns import Turn, find_turns, may_declare

PAGES = {
    "propose": "workspace:arrange_visit",
    "change_team": "workspace:change_team",
    "suggest": "workspace:suggest_dates",
    "answer": "workspace:visit",
    "declare": "workspace:declare_interests",
    "send_agenda": "workspace:agenda",
    "begin": "workspace:visit",
}
"""The page of each turn."""


def turn_of(visit: Visit) -> Turn | None:
    """Return whose turn it is. None once the visit has begun, unless a member of its team has a stake."""
    prefetch_related_objects([visit], Prefetch("team", TeamMember.objects.select_related("user")))
    return find_turns([visit]).get(visit.pk)


def page_of(code: str, visit: Visit) -> str:
    """Return the URL of the page on which the act of a turn with this code is done."""
    if code == "change_team" and visit.state == Visit.State.PROPOSED:
        code = "propose"  # there are no days yet, and the proposal is changed as a whole
    page = reverse(PAGES[code], args=[visit.evaluation.uid])
    return f"{page}#dates" if code == "answer" else page


def describe_turn(visit: Visit, user: User) -> dict[str, Any] | None:
    """Return the line for a user: with a button if it is their turn, else what the visit waits for.

    None if there is no turn: see `turn_of`.
    """
    turn = turn_of(visit)
    return _describe(turn, visit, user) if turn else None


def describe_turns(visit: Visit, user: User) -> list[dict[str, Any]]:
    """Return the line of `describe_turn`, and one for a member who may declare while something else is next."""
    turn = turn_of(visit)
    if turn is None:
        return []
    lines = [_describe(turn, visit, user)]
    if turn.code != "declare" and may_declare(visit, user):
        what, act = _own("declare")
        url = reverse(PAGES["declare"], args=[visit.evaluation.uid])
        lines.append({"what": what, "act": act, "url": url, "kind": "info"})
    return lines


def _describe(turn: Turn, visit: Visit, user: User) -> dict[str, Any]:
    since = _("Since %(when)s.") % {"when": date_format(timezone.localtime(turn.since))} if turn.since else ""
    line = {"why": " ".join(part for part in (_why(turn, visit), since) if part)}
    if not turn.is_of(user, visit) or (turn.code == "begin" and not _may_begin(visit)):
        return line | {"what": _waiting(turn, visit), "kind": "wait"}
    what, act = _own(turn.code)
    return line | {"what": what, "act": act, "url": page_of(turn.code, visit), "is_main": True, "kind": "info"}


def _may_begin(visit: Visit) -> bool:
    first = visit.agreed_days[0] if visit.agreed_days else None
    evaluation = visit.evaluation
    return first is not None and evaluation.state == Evaluation.State.STUDY_VISIT and first <= evaluation.round.today


def _own(code: str) -> tuple[str, str]:
    """Return what is to be done at a turn, and the label of its button."""
    return {
        "propose": (_("Propose the study visit anew"), _("Propose the visit")),
        "change_team": (_("Change the team of the study visit"), _("Change the team")),
        "suggest": (_("Suggest days for the study visit"), _("Suggest days")),
        "answer": (_("Accept suggested days, or suggest others"), _("To the days")),
        "declare": (_("Declare whether anything ties you to this hotline"), _("Declare")),
        "send_agenda": (_("Write the agenda and send it"), _("To the agenda")),
        "begin": (_("Begin the study visit"), _("To the visit")),
    }[code]


def _waiting(turn: Turn, visit: Visit) -> str:
    """Return what the visit waits for, for users whose turn it is not."""
    if turn.code == "answer":
        if turn.side == Side.HOTLINE:
            return _("The hotline answers the suggested days")
        return _("The team and Missing Children Europe answer the suggested days")
    return {
        "propose": _("The study visit is cancelled"),
        "change_team": _("Missing Children Europe changes the team of the study visit"),
        "suggest": _("The team and Missing Children Europe suggest days for the study visit"),
        "declare": _("The team declares whether anything ties it to this hotline"),
        "send_agenda": _("The study visit is planned, and its agenda is sent next"),
        "begin": _("The study visit is planned"),
    }[turn.code]


def _why(turn: Turn, visit: Visit) -> str:
    if turn.code == "propose":
        return _("Missing Children Europe can propose it anew.")
    if turn.code == "change_team":
        return _("Nobody leads it, or somebody on it has a stake in this hotline.")
    if turn.code == "declare" and turn.people:
        return _("Not declared yet: %(names)s.") % {"names": ", ".join(person.name for person in turn.people)}
    return f"{describe_days(visit)}." if visit.agreed_days else ""


def describe_days(visit: Visit | EarlierVisit) -> str:
    """Return the days of a visit, agreed on or given up."""
    if visit.starts_on is None or visit.ends_on is None:
        return ""
    days = {"first": date_format(visit.starts_on), "last": date_format(visit.ends_on)}
    return days["first"] if visit.starts_on == visit.ends_on else _("%(first)s to %(last)s") % days
