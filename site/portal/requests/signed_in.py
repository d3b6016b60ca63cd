"""The request type of views that require a sign-in, and the check that a form was rendered for its sender."""

from django.http import HttpRequest, HttpResponse
from django_htmx.middleware import HtmxDetails

from evaluation.models import User
from evaluation.models.people.roles import Role
from portal.requests import errors
from portal.requests.returned_forms import is_of_another


class SignedInRequest(HttpRequest):
    """The request of a view behind `signed_in`; used as an annotation only, never constructed."""

    user: User
    htmx: HtmxDetails


KEPT_FOR = "Kept-For"
"""The header of a page that a device of an assessor keeps for work without a network: whose page it is, until when."""


def keep_for_assessor(request: SignedInRequest, response: HttpResponse) -> HttpResponse:
    """Let a device that records keep the page of an assessor, as long as the session lasts."""
    if request.user.has_role(Role.ASSESSOR):
        until = int(request.session.get_expiry_date().timestamp() * 1000)
        response.headers[KEPT_FOR] = f"{request.user.uid} {until}"
    return response


def refuse_foreign_form(request: SignedInRequest) -> HttpResponse | None:
    """Return the response that refuses a form rendered for another user; None for the user's own form."""
    return errors.lost_session(request) if is_of_another(request) else None
