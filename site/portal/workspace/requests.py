"""The request type of views behind the sign-in."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from evaluation.models import User


class SignedInRequest(HttpRequest):
    """The request of a view behind `signed_in`; used as an annotation only, never constructed."""

    user: User
    htmx: HtmxDetails
