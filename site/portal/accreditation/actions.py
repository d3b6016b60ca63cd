"""A user's possible actions on a decision: contest it, hear the appeal, correct it, manage its accreditation."""

from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from evaluation.models import Accreditation, Appeal, Correction, Decision, Evaluation, User
from evaluation.models.people.permissions import is_allowed
from evaluation.panel.appeals import find_appeal_reasons


def accreditation_actions(decision: Decision, user: User) -> list[dict[str, Any]]:
    """Return lines for the list “What next” about the newest decision, each with the URL of the action's page."""
    evaluation = decision.evaluation
    return [*_appeal(decision, user), *_correction(evaluation, user), *_accreditation(decision, user)]


def _appeal(decision: Decision, user: User) -> list[dict[str, Any]]:
    appeal = Appeal.objects.filter(evaluation=decision.evaluation).exclude(state=Appeal.State.WRITTEN).first()
    lines = []
    if appeal is not None and is_allowed("appeal.view", user, appeal):
        lines.append(_line_of_appeal(appeal, user))
    round_, last_day = decision.evaluation.round, decision.last_day_to_appeal
    is_in_time = round_.today <= last_day
    if (
        is_in_time
        and is_allowed("appeal.lodge", user, decision.evaluation)
        and not find_appeal_reasons(decision, by=user)
    ):
        lines.append(
            {
                "what": _("You may contest the decision"),
                "why": _("Until %(day)s, 23:59 (time zone %(zone)s).")
                % {"day": date_format(last_day), "zone": round_.clock_on(last_day)},
                "url": reverse("workspace:lodge_appeal", args=[decision.uid]),
                "kind": "info",
            }
        )
    return lines


def _line_of_appeal(appeal: Appeal, user: User) -> dict[str, Any]:
    line = {"url": reverse("workspace:appeal", args=[appeal.uid]), "kind": "wait"}
    if not appeal.is_open:
        closed = {
            Appeal.State.UPHELD: _("The appeal was upheld"),
            Appeal.State.DISMISSED: _("The appeal was dismissed"),
            Appeal.State.WITHDRAWN: _("The appeal was withdrawn"),
        }
        return line | {"what": closed[Appeal.State(appeal.state)], "kind": "info"}
    if is_allowed("appeal.hear", user, appeal):
        return line | {
            "what": _("An appeal is to be heard"),
            "why": _("You had no part in what is contested."),
            "act": _("Hear the appeal"),
            "kind": "info",
        }
    return line | {
        "what": _("An appeal is open"),
        "why": _("Members who had no part in what is contested hear it."),
    }


def _correction(evaluation: Evaluation, user: User) -> list[dict[str, Any]]:
    if not is_allowed("evaluation.decide", user, evaluation):
        return []
    url = reverse("workspace:correction", args=[evaluation.uid])
    proposed = evaluation.corrections.filter(state=Correction.State.PROPOSED).first()
    if proposed is None:
        return [
            {"what": _("Correct the decision"), "why": _("If something in it is wrong."), "url": url, "kind": "info"}
        ]
    if proposed.proposed_by_id == user.pk:
        return [{"what": _("Your correction waits for a second member"), "url": url, "kind": "wait"}]
    return [{"what": _("A correction waits for a second member"), "url": url, "act": _("Look at it"), "kind": "info"}]


def _accreditation(decision: Decision, user: User) -> list[dict[str, Any]]:
    """Return the line of the accreditation that the decision granted, or of the one that runs until it is published."""
    of_evaluation = Accreditation.objects.filter(decision__evaluation=decision.evaluation_id)
    found = of_evaluation.filter(Q(decision=decision) | Q(state__in=Accreditation.RUNNING))
    accreditation = found.select_related("hotline", "decision").first()
    if accreditation is None or not is_allowed("accreditation.view", user, accreditation):
        return []
    accreditation.decision.evaluation = decision.evaluation
    words = {
        Accreditation.State.GRANTED: _("Until %(day)s."),
        Accreditation.State.VALID: _("Until %(day)s."),
        Accreditation.State.SUSPENDED: _("It ends on %(day)s."),
        Accreditation.State.EXPIRED: _("It ended on %(day)s."),
    }.get(Accreditation.State(accreditation.state), "")
    return [
        {
            "what": _("Accreditation: %(state)s") % {"state": accreditation.get_state_display()},
            "why": words and words % {"day": date_format(accreditation.valid_until)},
            "url": reverse("workspace:accreditation", args=[accreditation.uid]),
            "kind": "good" if accreditation.state == Accreditation.State.VALID else "info",
        }
    ]
