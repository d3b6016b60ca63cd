"""Drafts that wait for a decision: edited but no longer required, or left out but required again."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evaluation.models import Evaluation, Recommendation, User
from evaluation.models.people.permissions import is_allowed
from evaluation.recommendations.drafting import EDITABLE, Drafting

Relevance = Recommendation.Relevance


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


def report_drafting(request: HttpRequest, drafting: Drafting) -> bool:
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


def warn_of_undecided(request: HttpRequest, count: int) -> None:
    """Add a message if some drafts wait for a decision."""
    if count:
        words = ngettext(
            "%(count)d draft does not go with the findings. Keep it or leave it out, under “Recommendations”.",
            "%(count)d drafts do not go with the findings. Keep them or leave them out, under “Recommendations”.",
            count,
        )
        messages.warning(request, words % {"count": count})
