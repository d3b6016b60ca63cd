"""The Guide in the CMS: beginning an edition, who may release one, and refusing changes of a released one."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages
from wagtail.models import Page

from portal.presentation.refusals import describe_missing_role
from standards.editions.next_edition import begin_edition, find_code_problem, next_title
from standards.framework import MalformedEdition
from standards.models import DomainPage, EditionPage, IndicatorPage, StandardPage

PARTS = (EditionPage, DomainPage, StandardPage, IndicatorPage)
"""The kinds of page that a release freezes."""


# --- The next edition -----------------------------------------------------------------------------------------------


class NextEditionForm(forms.Form):
    """Code and title of the next edition. If empty, they follow from the year."""

    year = forms.IntegerField(
        label=gettext_lazy("Year"),
        min_value=2000,
        max_value=2199,
        help_text=gettext_lazy("The year the edition is for, such as 2028."),
    )
    code = forms.CharField(
        label=gettext_lazy("Code"),
        required=False,
        max_length=20,
        help_text=gettext_lazy("It cannot change after the release. Empty: the year."),
    )
    title = forms.CharField(
        label=gettext_lazy("Title"),
        required=False,
        max_length=255,
        help_text=gettext_lazy("Empty: the title of the former edition, with the new year."),
    )

    def __init__(self, former: EditionPage, *args: Any, **kwargs: Any) -> None:
        self.former = former
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if year := found.get("year"):
            found["code"] = found.get("code") or str(year)
            found["title"] = found.get("title") or next_title(self.former, year)
        if found.get("code") and (problem := find_code_problem(found["code"])):
            self.add_error("code", problem)
        return found


def may_begin(page: EditionPage, user: Any) -> bool:
    return bool(page.get_parent().specific.permissions_for_user(user).can_add_subpage())


@require_http_methods(["GET", "POST"])
def begin_next_edition(request: HttpRequest, page_id: int) -> HttpResponse:
    """Ask for code and title; on POST, create the pages of the next edition as drafts, copies of this one."""
    page = find_edition_page(page_id)
    if not may_begin(page, request.user):
        return refuse_role(request, "guide.edit")
    if not page.is_source:
        return refuse(
            request, _("This page is a translation. Begin the next edition from the page it was written on."), page
        )
    form = NextEditionForm(page, request.POST or None, initial={"year": timezone.localdate().year + 1})
    if form.is_valid():
        wanted = form.cleaned_data
        try:
            begun = begin_edition(page, code=wanted["code"], title=wanted["title"], user=request.user)
        except MalformedEdition as malformed:
            for problem in malformed.problems:
                form.add_error("code", problem)
        else:
            message = _("Edition %(code)s is begun. It says what edition %(former)s says, and nobody else sees it yet.")
            messages.success(request, message % {"code": begun.code, "former": page.code})
            return redirect("guide_tree", begun.pk)
    return TemplateResponse(request, "standards/begin_edition.html", {"page": page, "form": form})


# --- Its pages --------------------------------------------------------------------------------------------------------


def find_edition_page(page_id: int) -> EditionPage:
    """Return the page of an edition. Raises Http404.

    Selects by the id of its Page: with its own primary key, Django would pass a number to the database that is too
    large for the column.
    """
    return get_object_or_404(EditionPage, page_ptr__id=page_id)


def find_source_page(page_id: int) -> EditionPage:
    """Return the page of an edition in its source language, by the id of that page or of a translation."""
    page = find_edition_page(page_id)
    return (
        page
        if page.is_source
        else next((other for other in page.get_translations().select_related("locale") if other.is_source), page)
    )


def may_release(page: EditionPage, user: Any) -> bool:
    return bool(page.permissions_for_user(user).can_publish())


# --- Refusing changes -----------------------------------------------------------------------------------------------


def frozen_reason(page: Page) -> str:
    """Return why this page may not change; empty if it may."""
    found = page.specific
    return found.why_frozen() if isinstance(found, PARTS) else ""


def frozen_reason_inside(page: Page) -> str:
    """Return why this page, or an edition below it that would move with it, may not change; empty if they may."""
    if why := frozen_reason(page):
        return why
    edition_page: EditionPage
    for edition_page in EditionPage.objects.descendant_of(page):
        if why := edition_page.why_frozen():
            return why
    return ""


def refuse(request: HttpRequest, why: str, page: Page) -> HttpResponse:
    """Show the reason and redirect to the parent page; nothing is changed."""
    messages.error(request, why)
    parent = page.get_parent()
    return redirect("wagtailadmin_explore", (parent or page).pk)


def refuse_role(request: HttpRequest, right: str) -> HttpResponse:
    """Show which role has the right, to a user without it."""
    messages.error(request, describe_missing_role(request.user, right))
    return redirect("wagtailadmin_home")
