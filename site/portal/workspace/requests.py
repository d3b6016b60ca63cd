"""The request type of views that require a sign-in, and the check that a form was rendered for its sender."""

from django.http import HttpRequest, HttpResponse
from django_htmx.middleware import HtmxDetails

from evaluation.models import User
from portal.requests import errors
from portal.requests.returned_forms import is_of_another


class SignedInRequest(HttpRequest):
    """The request of a view behind `signed_in`; used as an annotation only, never constructed."""

    user: User
    htmx: HtmxDetails


def refuse_foreign_form(request: SignedInRequest) -> HttpResponse | None:
    """Return the response that refuses a form rendered for another user; None for the user's own form."""
    return errors.lost_session(request) if is_of_another(request) else None
