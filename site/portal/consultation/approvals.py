"""The approvals of a consultation's edition, from Wagtail's page log."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page as ListPage
from django.core.paginator import Paginator
from django.utils.translation import gettext_lazy
from wagtail.models import Page, PageLogEntry

from evaluation.models import Consultation

ROWS_A_PAGE = 20

ACTS = {
    "wagtail.publish": gettext_lazy("published"),
    "wagtail.unpublish": gettext_lazy("taken from the site"),
    "wagtail.workflow.start": gettext_lazy("submitted for approval"),
    "wagtail.workflow.approve": gettext_lazy("approved"),
    "wagtail.workflow.reject": gettext_lazy("sent back"),
    "wagtail.workflow.cancel": gettext_lazy("approval cancelled"),
}
"""The actions of Wagtail's log that approve a page or revoke an approval."""


@dataclass(frozen=True, slots=True)
class Approval:
    title: str
    act: Any
    by: str
    at: datetime


def find_approvals(consultation: Consultation, number: str | None) -> ListPage[Approval]:
    """Return one page of the approvals of the edition's pages, the newest first."""
    entries = PageLogEntry.objects.none()
    if consultation.page is not None:
        pages = Page.objects.descendant_of(consultation.page, inclusive=True).values("pk")
        entries = PageLogEntry.objects.filter(page__in=pages, action__in=ACTS)
    page = Paginator(entries.select_related("user").order_by("-timestamp", "-pk"), ROWS_A_PAGE).get_page(number)
    page.object_list = [
        Approval(entry.label, ACTS[entry.action], entry.user.name if entry.user else "", entry.timestamp)
        for entry in page.object_list
    ]
    return page
