"""A user's next actions on an evaluation after its submission: what happens next and when, and whom it waits for."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evaluation.models import Decision, Evaluation, Step, User, Visit
from evaluation.models.people.permissions import is_allowed
from evaluation.visits.desk_review import count_awaited, is_desk_open
from portal.accreditation.actions import accreditation_actions
from portal.presentation.moments import zoned
from portal.presentation.scorecard.conditions import condition_acts
from portal.visits.shown.follow_up import follow_up_acts
from portal.visits.shown.turns import describe_days, describe_turn

State = Evaluation.State


def next_acts(evaluation: Evaluation, user: User, steps: Sequence[Step] = ()) -> list[dict[str, Any]]:
    """Return lines for the list “What next”: each with the situation, the reason, and the URL of the action's page.

    `steps` has the steps of the evaluation, newest first.
    """
    return [*(followed := follow_up_acts(evaluation, user)), *_next_acts(evaluation, user, steps, bool(followed))]


def _next_acts(evaluation: Evaluation, user: User, steps: Sequence[Step], is_followed_up: bool) -> list[dict[str, Any]]:
    """Return the lines of the present stage. A follow-up visit without returned answers has no submission."""
    if evaluation.state == State.DESK_REVIEW:
        visit = [*_questions(evaluation, user), _visit(evaluation, user)]
        is_read = not is_followed_up and not is_allowed("evaluation.run", user, evaluation)
        return [*_desk_review(evaluation, steps), *visit] if is_read else visit
    if evaluation.state == State.STUDY_VISIT:
        return [*_questions(evaluation, user), _visit(evaluation, user)]
    if evaluation.state == State.EXCUSED:
        return [_excused(steps)]
    if evaluation.state == State.REPORT:
        return _report(evaluation, user)
    if evaluation.state == State.RESPONSE:
        return [_response(evaluation, user)]
    if evaluation.state == State.DECISION:
        return _decision(evaluation, user)
    if evaluation.state in (State.DECIDED, State.PUBLISHED):
        return _accreditation(evaluation, user)
    return []


def _desk_review(evaluation: Evaluation, steps: Sequence[Step]) -> list[dict[str, Any]]:
    """Return the line that MCE reads the submission."""
    submitted = next((step for step in steps if step.kind == evaluation.kind and step.move == "submit"), None)
    return [
        {
            "what": _("Missing Children Europe reads the self-assessment"),
            "why": _("Submitted %(when)s.") % {"when": zoned(submitted.at, "DATETIME_FORMAT")} if submitted else "",
            "kind": "wait",
        }
    ]


def _questions(evaluation: Evaluation, user: User) -> list[dict[str, Any]]:
    """Return the line about questions of the desk review that the hotline has yet to answer."""
    if not is_desk_open(evaluation.arranged_visit):
        return []
    count = count_awaited(evaluation)
    if not count:
        return []
    url = reverse("workspace:questions", args=[evaluation.uid])
    if not is_allowed("evaluation.answer", user, evaluation):
        words = ngettext("The hotline answers %(n)d question", "The hotline answers %(n)d questions", count)
        return [{"what": words % {"n": count}, "url": url, "kind": "wait"}]
    words = ngettext("The team of the visit asks %(n)d question", "The team of the visit asks %(n)d questions", count)
    return [
        {
            "what": words % {"n": count},
            "why": _("Answer before the visit begins, with evidence if there is any."),
            "url": url,
            "act": _("Answer"),
            "kind": "info",
        }
    ]


def _visit(evaluation: Evaluation, user: User) -> dict[str, Any]:
    """Return the line about the state of the visit and whose turn it is."""
    visit = evaluation.arranged_visit
    if visit is None:
        line = {
            "what": _("The study visit is arranged next"),
            "why": _("Missing Children Europe names the team and the days."),
            "kind": "wait",
        }
        if not is_allowed("visit.arrange", user, evaluation):
            return line
        url = reverse("workspace:arrange_visit", args=[evaluation.uid])
        return line | {"url": url, "act": _("Arrange the visit"), "kind": "info"}
    url = reverse("workspace:visit", args=[evaluation.uid])
    if turn := describe_turn(visit, user):
        return {"url": url} | turn
    what = {
        Visit.State.UNDER_WAY: _("The study visit is under way"),
        Visit.State.FINDINGS_ENTERED: _("The assessors agree on their findings"),
        Visit.State.SIGNED_OFF: _("The findings are signed off"),
    }[Visit.State(visit.state)]
    return {"what": what, "why": describe_days(visit), "url": url, "kind": "wait"}


def _excused(steps: Sequence[Step]) -> dict[str, Any]:
    excused = next((step for step in steps if step.move == "excuse"), None)
    words = getattr(excused, "words", None)
    return {
        "what": _("The hotline is excused from this round"),
        "why": _("“%(reason)s” Nothing is to be done; what was written stays.") % {"reason": words.note}
        if words
        else _("Nothing is to be done; what was written stays."),
        "kind": "info",
    }


def _report(evaluation: Evaluation, user: User) -> list[dict[str, Any]]:
    """Return the actions after the sign-off: edit the recommendations, score the findings and send the draft."""
    acts: list[dict[str, Any]] = []
    if is_allowed("recommendation.edit", user, evaluation):
        acts.append(
            {
                "what": _("Edit the recommendations"),
                "why": _why_edit(evaluation),
                "url": reverse("workspace:recommendations", args=[evaluation.uid]),
                "act": _("Edit"),
                "kind": "info",
            }
        )
    if is_allowed("evaluation.judge", user, evaluation):
        acts.append(
            {
                "what": _("Score the findings and send the draft to the hotline"),
                "why": _("The findings are signed off. What counts is kept, and the hotline has its time to respond."),
                "url": reverse("workspace:scorecard", args=[evaluation.uid]),
                "act": _("To the scorecard"),
                "kind": "info",
            }
        )
    return acts or [
        {
            "what": _("The findings are signed off and are being scored"),
            "why": _("The hotline gets the draft and may respond to it."),
            "kind": "wait",
        }
    ]


def _why_edit(evaluation: Evaluation) -> str:
    if count := evaluation.recommendations.undecided().count():
        words = ngettext(
            "%(count)d draft does not go with the findings: keep it or leave it out.",
            "%(count)d drafts do not go with the findings: keep them or leave them out.",
            count,
        )
        return words % {"count": count}
    return _("They are drafted from the Guide. The hotline reads them with the draft.")


def _replies(evaluation: Evaluation, user: User) -> list[dict[str, Any]]:
    """Return the assessors' action to reply to remarks; for other users, that the evaluation waits for the replies."""
    waits = {
        "what": _("The assessors answer what the hotline contests"),
        "why": _("The panel votes when it has their answers."),
        "kind": "wait",
    }
    if not is_allowed("evaluation.reply", user, evaluation):
        return [waits | {"url": reverse("workspace:response", args=[evaluation.uid])}]
    url = reverse("workspace:replies", args=[evaluation.uid])
    return [
        waits
        | {
            "what": _("Answer what the hotline contests"),
            "url": url,
            "act": _("To its remarks"),
            "kind": "info",
        }
    ]


def _response(evaluation: Evaluation, user: User) -> dict[str, Any]:
    assert evaluation.respond_by is not None  # set when the draft was sent to the hotline
    day, zone = date_format(evaluation.respond_by), evaluation.round.clock_on(evaluation.respond_by)
    until = _("Until %(day)s, 23:59 (time zone %(zone)s).") % {"day": day, "zone": zone}
    is_theirs = is_allowed("evaluation.answer", user, evaluation)
    if evaluation.round.today > evaluation.respond_by:
        until = (
            _("The last day was %(day)s. You can still respond.") if is_theirs else _("The hotline had until %(day)s.")
        )
        until %= {"day": day}
    url = reverse("workspace:response", args=[evaluation.uid])
    if is_theirs:
        return {
            "what": _("Read the draft and respond"),
            "why": until,
            "url": url,
            "act": _("Respond"),
            "kind": "info",
        }
    return {"what": _("The hotline reads the draft and may respond"), "why": until, "url": url, "kind": "wait"}


def _decision(evaluation: Evaluation, user: User) -> list[dict[str, Any]]:
    if evaluation.awaits_replies:
        return _replies(evaluation, user)
    if is_allowed("evaluation.decide", user, evaluation):
        return [
            {
                "what": _("The panel is to decide"),
                "why": _("Everything about this hotline is on one screen."),
                "url": reverse("workspace:deliberation", args=[evaluation.uid]),
                "act": _("To the panel’s screen"),
                "kind": "info",
            }
        ]
    if not is_allowed("evaluation.run", user, evaluation):
        return [{"what": _("The panel is to decide"), "kind": "wait"}]
    quorum = evaluation.framework.procedure.quorum
    words = ngettext(
        "%(cast)d of at least %(quorum)d member has voted.",
        "%(cast)d of at least %(quorum)d members have voted.",
        quorum,
    )
    return [
        {
            "what": _("The panel is to decide"),
            "why": words % {"cast": evaluation.tally.cast, "quorum": quorum},
            "kind": "wait",
        }
    ]


def _accreditation(evaluation: Evaluation, user: User) -> list[dict[str, Any]]:
    """Return the line of a deferral, and the user's actions on the newest decision."""
    decision = evaluation.decisions.first()
    if decision is None:
        return []
    decision.evaluation = evaluation
    is_theirs = is_allowed("evaluation.answer", user, evaluation)  # then Home has the conditions above
    conditions = [] if is_theirs else condition_acts([evaluation], user)
    return [*_deferral(decision), *conditions, *accreditation_actions(decision, user)]


def _deferral(decision: Decision) -> list[dict[str, Any]]:
    evaluation = decision.evaluation
    if decision.hand_in_by is None:
        return []
    return [
        {
            "what": _("The decision is deferred: something is missing"),
            "why": _(
                "It must be handed in by %(day)s, 23:59 (time zone %(zone)s). MCE takes the evaluation up again for it."
            )
            % {"day": date_format(decision.hand_in_by), "zone": evaluation.round.clock_on(decision.hand_in_by)},
            "url": reverse("workspace:scorecard", args=[evaluation.uid]),
            "kind": "wait",
        }
    ]
