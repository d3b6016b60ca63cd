"""A follow-up visit of an accredited hotline on pages: where it is offered, and what is shown while it is under way."""

from datetime import date, timedelta

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from evaluation.models import Accreditation, Evaluation, User
from evaluation.models.people.permissions import is_allowed
from evaluation.visits.follow_ups import find_begin
from evaluation.visits.limits import in_order
from evaluation.workflow import find_reasons
from portal.tasks import Line

NEAR = timedelta(days=30)
"""How long before the day of a condition a follow-up visit is offered for it."""


def address_to_plan(evaluation: Evaluation, user: User) -> str:
    """Return the URL where the user can plan a follow-up visit now; empty if they cannot."""
    if not is_allowed("evaluation.run", user, evaluation) or find_reasons(evaluation, "follow_up", user):
        return ""
    return f"{reverse('workspace:evaluation', args=[evaluation.uid])}#mv"


def is_near(due_on: date, evaluation: Evaluation) -> bool:
    """Whether the day of a condition is near or over."""
    return due_on - NEAR <= evaluation.round.today


def lines_of_follow_up(evaluation: Evaluation, user: User) -> list[Line]:
    """Return the line of “What next” on a follow-up visit under way: its reason, its limit, what stays valid."""
    followed = evaluation.followed_up
    if followed is None:
        return []
    if evaluation.is_reconsidered:
        return [_reconsidered(evaluation)]
    accreditation = evaluation.newest_accreditation
    assert accreditation is not None  # the evaluation has accredited the hotline
    accreditation.decision.evaluation = evaluation
    view, thing = "scorecard", evaluation.uid
    if is_allowed("accreditation.view", user, accreditation):
        view, thing = "accreditation", accreditation.uid
    return [
        Line(
            what=_describe_accreditation(accreditation),
            why=" ".join(filter(None, (_describe_occasion(evaluation), _describe_limit(evaluation)))),
            url=reverse(f"workspace:{view}", args=[thing]),
            icon="info",
            kind="info",
        )
    ]


def _reconsidered(evaluation: Evaluation) -> Line:
    """Return the line that the panel decides anew, with its cause."""
    return Line(
        what=_("The panel decides anew because a condition is not met")
        if evaluation.has_unmet_condition
        else _("The panel decides anew because scoring again proposes another outcome"),
        why=_("The decision and the accreditation stay as they are until then."),
        url=reverse("workspace:scorecard", args=[evaluation.uid]),
        icon="info",
        kind="info",
    )


def _describe_accreditation(accreditation: Accreditation) -> str:
    words = {
        Accreditation.State.VALID: _("Follow-up visit: the accreditation stays in force until %(day)s"),
        Accreditation.State.SUSPENDED: _("Follow-up visit: the accreditation stays suspended, until %(day)s at most"),
    }.get(Accreditation.State(accreditation.state), _("Follow-up visit of a hotline whose accreditation is over"))
    return words % {"day": date_format(accreditation.valid_until)}


def _describe_occasion(evaluation: Evaluation) -> str:
    """Return the words with which it was planned, if they are still stored, and what stays valid."""
    begun = find_begin(evaluation)
    note = getattr(getattr(begun, "words", None), "note", "")
    stands = _("The decision, its report and the recommendations stand meanwhile.")
    return f"{_('“%(words)s”') % {'words': note.strip()}} {stands}" if note.strip() else stands


def _describe_limit(evaluation: Evaluation) -> str:
    visit = evaluation.arranged_visit
    codes = in_order(visit) if visit else []
    return _("The visit is about %(codes)s.") % {"codes": ", ".join(codes)} if codes else ""
