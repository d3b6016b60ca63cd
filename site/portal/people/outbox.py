"""The outbox: sent and waiting letters, and those of the demonstration, which are never sent."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from portal.access import require
from portal.letters import outbox as post
from portal.letters.models import Letter
from portal.presentation.form_values import read_words
from portal.requests.signed_in import SignedInRequest

ON_A_PAGE = 25


def outbox(request: SignedInRequest) -> HttpResponse:
    require(request, "outbox.view")
    words = read_words(request.GET, "q").strip()
    letters = Letter.objects.select_related("to_user").defer("body")
    for word in words.split():
        letters = letters.filter(
            Q(subject__icontains=word) | Q(to_address__icontains=word) | Q(to_user__name__icontains=word)
        )
    page = Paginator(letters, ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "people/outbox.html", {"page": page, "words": words})


def letter(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """Show one letter. Outside the demonstration its text is hidden: it may contain a secret link for one person."""
    require(request, "outbox.view")
    found = get_object_or_404(Letter.objects.select_related("to_user"), uid=uid)
    body = found.body if settings.DEMONSTRATION else ""
    return render(request, "people/letter.html", {"letter": found, "body": body})


@require_POST
def send_again(request: SignedInRequest, uid: UUID) -> HttpResponse:
    require(request, "outbox.view")
    found = get_object_or_404(Letter, uid=uid, sent_at=None)
    if not settings.DEMONSTRATION:
        with transaction.atomic():
            found.attempts = 0
            found.save(update_fields=["attempts"])
            post.send_letter.enqueue(str(found.uid))
        messages.success(request, gettext("The letter is on its way again."))
    return redirect("workspace:outbox")


urlpatterns = [
    path("outbox/", outbox, name="outbox"),
    path("outbox/<uuid:uid>/", letter, name="letter"),
    path("outbox/<uuid:uid>/again/", send_again, name="send_letter_again"),
]
