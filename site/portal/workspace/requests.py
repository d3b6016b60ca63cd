"""The request of a view that is reached after the sign-in only."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from evaluation.models import User


class SignedInRequest(HttpRequest):
    """What a view behind `signed_in` gets; used as an annotation only, never constructed."""

    user: User
    htmx: HtmxDetails
