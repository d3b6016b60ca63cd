"""The people of a hotline who have the page of a standard open, as reported by the page every few seconds."""

from uuid import UUID

from django.http import JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from evaluation.discussions.assignments import members_of
from evaluation.discussions.presence import find_present_users, mark_absent, mark_present
from portal.access import find_evaluation
from portal.answers.standard_page import find_standard
from portal.requests.signed_in import SignedInRequest

MOST_NAMES = 3


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def present(request: SignedInRequest, uid: UUID, standard: str) -> JsonResponse:
    """Record that the user has the page open, and return the sentence about other people; empty if there are none.

    A page that closes or is hidden sends POST, which ends the presence.
    """
    evaluation = find_evaluation(request, uid, "evaluation.answer")
    code = find_standard(evaluation, standard).code
    if request.method == "POST":
        mark_absent(evaluation, code, request.user)
        return JsonResponse({})
    mark_present(evaluation, code, request.user)
    others = find_present_users(evaluation, code, members_of(evaluation.hotline), but=request.user)
    return JsonResponse({"sentence": describe_presence([person.name for person in others])})


def describe_presence(names: list[str]) -> str:
    """Return the sentence about the people on the page; empty for nobody."""
    if not names:
        return ""
    if len(names) > MOST_NAMES:
        return _("%(count)d colleagues are on this page.") % {"count": len(names)}
    words = ngettext("%(names)s is on this page.", "%(names)s are on this page.", len(names))
    return words % {"names": ", ".join(names)}
