"""The status of a hotline on a day as one sentence, and its source."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from evaluation.accreditation.status import EXPIRED, NONE, SUSPENDED, WITHDRAWN, Status
from evaluation.models import Decision
from portal.presentation.passages import in_sentence
from standards.presentation.sentences import Passage


def sentence(status: Status, outcome: Passage | None) -> str:
    """Describe a status; `outcome` is the edition's own name of its outcome."""
    if status.kind == SUSPENDED:
        return _("Suspended since %(since)s. Without that it holds until %(until)s.") % _days(status)
    if status.kind == WITHDRAWN:
        return _("Withdrawn on %(since)s.") % _days(status)
    if status.kind == EXPIRED:
        return _("The accreditation ended with %(until)s.") % _days(status)
    if status.kind != NONE:
        return in_sentence(_("%(outcome)s, until %(until)s."), outcome=outcome, **_days(status))
    if status.decision is not None:
        return in_sentence(_("No accreditation: the panel’s decision was “%(outcome)s”."), outcome=outcome)
    return _("No accreditation: nothing was published until then.")


def source(status: Status) -> str:
    """Describe the step or the publication that a status is based on."""
    if status.kind == EXPIRED:
        return _("Its last day was written in the decision of %(decided)s.") % _days(status)
    if status.step is not None and status.step.move not in ("begin", "begin_suspended"):
        moved = {
            "suspend": _("From the step “suspended” of %(at)s."),
            "reinstate": _("From the step “reinstated” of %(at)s."),
            "withdraw": _("From the step “withdrawn” of %(at)s."),
            "give_up": _("From the step “given up by the hotline” of %(at)s."),
            "restore": _("From the step “reinstated” of %(at)s."),
            "restore_suspended": _("From the step “reinstated” of %(at)s."),
        }
        return moved[status.step.move] % _days(status)
    if status.decision is not None:
        words = _("From the decision of %(decided)s, published on %(published)s.")
        if status.decision.kind == Decision.Kind.FOLLOW_UP:
            words = _("From the decision of %(decided)s after a follow-up visit, published on %(published)s.")
        return words % _days(status)
    return ""


def public_sentence(status: Status, label: object) -> str:
    """Describe a status to the public: without grounds. `status` is one of `register`, without hidden refusals."""
    if status.is_accredited:
        return in_sentence(_("%(outcome)s, until %(until)s."), outcome=label, **_days(status))
    if status.kind == SUSPENDED:
        return _("Suspended since %(since)s.") % _days(status)
    if status.kind == WITHDRAWN:
        has_given_up = status.step is not None and status.step.move == "give_up"
        words = _("Given up by the hotline on %(since)s.") if has_given_up else _("Withdrawn on %(since)s.")
        return words % _days(status)
    if status.kind == EXPIRED:
        return _("The accreditation ended with %(until)s.") % _days(status)
    return in_sentence("%(outcome)s.", outcome=label)


def public_source(status: Status) -> str:
    """Describe the source of a status to the public, as far as it is public."""
    if status.kind in (SUSPENDED, WITHDRAWN) or (status.step and status.step.move in ("reinstate", "restore")):
        return _("From a step of %(at)s in the log of the accreditation.") % _days(status)
    if status.decision is not None:
        words = _("From the decision published on %(published)s.")
        if status.decision.kind == Decision.Kind.FOLLOW_UP:
            words = _("From the decision after a follow-up visit, published on %(published)s.")
        return words % _days(status)
    return ""


def _days(status: Status) -> dict[str, str]:
    """Return the dates that a sentence may contain."""
    decision = status.decision
    found: dict[str, date | None] = {
        "since": status.since,
        "at": status.since,
        "until": status.until,
        "decided": decision.decided_on if decision else None,
        "published": decision.publication.day if decision else None,
    }
    return {name: date_format(day, "DATE_FORMAT") for name, day in found.items() if day}
