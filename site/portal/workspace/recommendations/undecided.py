"""Drafts that wait for a decision: edited but no longer required, or left out but required again."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from evaluation.follow_up.drafting import EDITABLE, Drafting, decide_draft
from evaluation.guards.permissions import is_allowed
from evaluation.models import Evaluation, Recommendation, User
from evaluation.workflow import Refusal
from portal.presentation.reasons.refusals import report_refusal
from portal.workspace.access import find_recommendation
from portal.workspace.requests import SignedInRequest

Relevance = Recommendation.Relevance

PAGES = ("scorecard", "recommendations")
"""The pages with buttons that keep or leave out a draft, by URL name."""


@dataclass(frozen=True, slots=True)
class Undecided:
    """A draft with the sentence about its present relevance."""

    recommendation: Recommendation
    sentence: str


def sentence_about(draft: Recommendation) -> str:
    """Describe the relevance of a draft and the possible actions; empty if there is nothing to decide."""
    code = {"code": draft.code}
    if draft.relevance == Relevance.REMOVED:
        return _("The findings no longer call for %(code)s, so the draft was removed. Saved, it comes back.") % code
    if draft.is_dropped:
        return ""
    if draft.relevance == Relevance.RETURNED:
        return _("%(code)s was left out, and the findings call for it again: keep it or leave it out.") % code
    if draft.relevance != Relevance.OUTDATED:
        return ""
    if draft.level is None:
        return _("%(code)s does not count now: keep the edited draft or leave it out.") % code
    return _("%(code)s is met now: keep the edited draft or leave it out.") % code


def undecided_drafts(evaluation: Evaluation, user: User) -> list[Undecided]:
    """Return the drafts that the user must decide on; empty without the right, and once they are issued."""
    if evaluation.state not in EDITABLE or not is_allowed("recommendation.edit", user, evaluation):
        return []
    return [Undecided(draft, sentence_about(draft)) for draft in evaluation.recommendations.undecided()]


def report_drafting(request: SignedInRequest, drafting: Drafting) -> bool:
    """Add messages about the result of drafting. Return False if nothing changed."""
    if count := len(drafting.drafted):
        words = ngettext("%(count)d recommendation is drafted.", "%(count)d recommendations are drafted.", count)
        messages.success(request, words % {"count": count})
    if count := len(drafting.removed):
        words = ngettext(
            "%(count)d draft is removed: the findings no longer call for it, and nobody had edited it.",
            "%(count)d drafts are removed: the findings no longer call for them, and nobody had edited them.",
            count,
        )
        messages.success(request, words % {"count": count})
    warn_of_undecided(request, len(drafting.undecided))
    return bool(drafting.drafted or drafting.removed or drafting.undecided)


def warn_of_undecided(request: SignedInRequest, count: int) -> None:
    """Add a message if some drafts wait for a decision."""
    if count:
        words = ngettext(
            "%(count)d draft does not go with the findings. Keep it or leave it out, under “Recommendations”.",
            "%(count)d drafts do not go with the findings. Keep them or leave them out, under “Recommendations”.",
            count,
        )
        messages.warning(request, words % {"count": count})


@require_POST
def settle(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """Keep a draft or leave it out, by the pressed button."""
    draft = find_recommendation(request, uid, "recommendation.edit")
    page = request.POST.get("from")
    name = page if page in PAGES else "recommendations"
    back = HttpResponseRedirect(f"{reverse(f'workspace:{name}', args=[draft.evaluation.uid])}#undecided")
    choice = request.POST.get("choice")
    if choice not in ("keep", "leave_out"):
        messages.error(request, _("Press “Keep” or “Leave out”."))
        return back
    try:
        is_settled = decide_draft(draft, keep=choice == "keep", by=request.user)
    except Refusal as refusal:
        report_refusal(request, refusal, draft.evaluation)
        return back
    if not is_settled:
        messages.info(request, _("Nothing is to be decided about the draft on %(code)s now.") % {"code": draft.code})
    elif choice == "keep":
        messages.success(request, _("The draft on %(code)s is kept.") % {"code": draft.code})
    else:
        messages.success(request, _("The draft on %(code)s is left out.") % {"code": draft.code})
    return back
