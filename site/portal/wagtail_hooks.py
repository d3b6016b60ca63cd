"""Wagtail hooks of the Guide: URLs, buttons, and refusals for released pages."""

from collections.abc import Iterator
from typing import Any

from django.contrib.messages import get_messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets import Button
from wagtail.models import Page

from portal.cms import compare, guide, mapping, overview
from portal.cms import hooks as _menus  # noqa: F401 - registers the hooks of menus
from portal.cms.edition_files import draft_pdf
from portal.cms.edition_files import pages as edition_files
from portal.cms.editors import indicator, rule
from portal.cms.link_checks import pages as link_checks
from portal.cms.previews import pages as _previews  # noqa: F401 - registers the previews
from portal.cms.releasing import pages as releasing
from portal.cms.translations.addresses import list_addresses
from portal.handbook.models import PageOfHandbook, PublishedByMCE
from portal.texts.editing import files as text_files
from portal.texts.editing import pages as texts
from portal.visits.agenda_templates import previews as _agendas  # noqa: F401 - registers the preview
from standards.models import EditionPage, GuidePage
from standards.models.edition_form import PREVIEW
from standards.models.forms import DESCRIBE_ASKING, DESCRIBE_SUPPORTS, DRAW_BANDS

FIRST = -100
"""Runs before wagtail-localize, which responds for the pages that it translates."""


@hooks.register("register_admin_urls", order=FIRST)
def add_addresses() -> list[Any]:
    return [
        path("guide/<int:page_id>/", overview.tree, name="guide_tree"),
        *list_addresses(),
        path("guide/<int:page_id>/files/", edition_files.files, name="guide_files"),
        path("guide/<int:page_id>/files/load/", edition_files.load_file, name="guide_load_file"),
        path("guide/<int:page_id>/files/guide.<str:extension>", edition_files.download, name="guide_download"),
        path("guide/<int:page_id>/files/print/", draft_pdf.print_draft, name="guide_print_draft"),
        path("guide/<int:page_id>/files/draft.pdf", draft_pdf.draft_file, name="guide_draft_file"),
        path("guide/<int:page_id>/compare/", compare.compare, name="guide_compare"),
        path("guide/<int:page_id>/mapping/", mapping.mapping, name="guide_mapping"),
        path("guide/<int:page_id>/rule/", rule.describe_rule, name=PREVIEW),
        path("guide/<int:page_id>/bands/", indicator.draw_bands, name=DRAW_BANDS),
        path("guide/<int:page_id>/asking/", indicator.describe_asking, name=DESCRIBE_ASKING),
        path("guide/<int:page_id>/supports/", indicator.describe_supports, name=DESCRIBE_SUPPORTS),
        path("guide/<int:page_id>/links/", link_checks.links, name="guide_links"),
        path("guide/<int:page_id>/next/", guide.begin_next_edition, name="begin_edition"),
        path("guide/<int:page_id>/release/", releasing.release_edition, name="release_edition"),
        path("texts/", texts.texts, name="texts"),
        *(
            path(
                f"texts/<str:language>.{ending}",
                texts.translation_file,
                {"ending": ending},
                name=f"texts_file_{ending}",
            )
            for ending in text_files.CONTENT_TYPES
        ),
        path("texts/<str:key>/<str:language>/", texts.text, name="texts_text"),
        path("texts/<str:key>/<str:language>/preview/", texts.preview, name="texts_preview"),
        path("guide/<int:page_id>/publish-wording/", releasing.publish_language, name="publish_wording"),
    ]


@hooks.register("insert_global_admin_css")
def add_styles() -> SafeString:
    """Add styles that, among others, make Wagtail's own lists of pages usable on a phone."""
    return format_html('<link rel="stylesheet" href="{}">', static("portal/css/cms.css"))


@hooks.register("register_admin_menu_item")
def offer_guide() -> MenuItem:
    return MenuItem(
        gettext_lazy("The Guide"), reverse("wagtailadmin_home"), name="guide", icon_name="list-ul", order=50
    )


@hooks.register("register_admin_menu_item")
def offer_texts() -> MenuItem:
    return MenuItem(gettext_lazy("Texts"), reverse("texts"), name="texts", icon_name="edit", order=60)


@hooks.register("register_page_header_buttons")
def offer_tree(page: Page, user: Any, next_url: str | None = None, view_name: str = "") -> Iterator[Button]:
    """Link each page of an edition to its place in the tree."""
    part = page.specific
    edition_page = part.edition_page if isinstance(part, guide.PARTS) else None
    if edition_page is not None and edition_page.pk:
        fragment = f"#{part.code}" if part.pk != edition_page.pk else ""
        address = reverse("guide_tree", args=[edition_page.pk]) + fragment
        yield Button(_("Show in the Guide"), address, icon_name="list-ul", priority=4)


@hooks.register("register_page_header_buttons")
@hooks.register("register_page_listing_more_buttons")
def offer_release(page: Page, user: Any, next_url: str | None = None, view_name: str = "") -> Iterator[Button]:
    edition_page = page.specific if issubclass(page.specific_class or Page, EditionPage) else None
    if edition_page is None or not guide.may_release(edition_page, user) or edition_page.why_frozen():
        return
    if edition_page.is_source:
        address, label = reverse("release_edition", args=[page.pk]), _("Release edition")
    elif edition_page.edition:
        address, label = reverse("publish_wording", args=[page.pk]), _("Publish wording")
    else:
        return
    yield Button(label, address, icon_name="lock", priority=5)


@hooks.register("register_page_header_buttons")
@hooks.register("register_page_listing_more_buttons")
def offer_next_edition(page: Page, user: Any, next_url: str | None = None, view_name: str = "") -> Iterator[Button]:
    edition_page = page.specific if issubclass(page.specific_class or Page, EditionPage) else None
    if edition_page and edition_page.is_source and guide.may_begin(edition_page, user):
        address = reverse("begin_edition", args=[page.pk])
        yield Button(_("Begin the next edition"), address, icon_name="plus", priority=6)


@hooks.register("before_edit_page", order=FIRST)
def refuse_to_edit(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Refuse to save a frozen page. It can be viewed: the editor is locked and shows why."""
    why = guide.frozen_reason(page) if request.method == "POST" else ""
    return guide.refuse(request, why, page) if why else None


@hooks.register("before_edit_page", order=FIRST)
def refuse_half_translation(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Refuse to publish a page that MCE publishes while texts of it are in the source language.

    Such a page is edited in the editor of wagtail-localize, which posts `action=publish`, not Wagtail's
    `action-publish`.
    """
    if request.POST.get("action") != "publish" or not (why := _why_not_published(page)):
        return None
    messages.error(request, why)
    return redirect("wagtailadmin_pages:edit", page.pk)


def _why_not_published(page: Page) -> str:
    if not isinstance(page, PublishedByMCE) or page.is_translated:
        return ""
    return _("Some texts of this page are not translated yet. Translate them, then publish it.")


@hooks.register("after_create_page")
@hooks.register("after_edit_page")
def say_what_is_public(request: HttpRequest, page: Page) -> None:
    """Say that a release alone makes a part of a draft edition public, instead of Wagtail's message."""
    if "action-publish" not in request.POST or not isinstance(page.specific, guide.PARTS):
        return
    list(get_messages(request))  # read, so that they are not shown
    messages.success(request, _("Saved for the next release. It is public only once the edition is released."))


@hooks.register("before_delete_page", order=FIRST)
@hooks.register("before_unpublish_page", order=FIRST)
def refuse_removal(request: HttpRequest, page: Page) -> HttpResponse | None:
    why = guide.frozen_reason_inside(page)
    return guide.refuse(request, why, page) if why else None


@hooks.register("before_move_page", order=FIRST)
def refuse_to_move(request: HttpRequest, page: Page, destination: Page) -> HttpResponse | None:
    why = guide.frozen_reason(page) or guide.frozen_reason(destination)
    return guide.refuse(request, why, page) if why else None


@hooks.register("construct_explorer_page_queryset")
def warn_about_sorting(parent_page: Page, pages: Any, request: HttpRequest) -> Any:
    """Warn why the parts of a released edition cannot be reordered, in the view for that."""
    if request.GET.get("ordering") == "ord" and (why := guide.frozen_reason(parent_page)):
        messages.warning(request, why)
    return pages


@hooks.register("before_create_page", order=FIRST)
def refuse_to_add(request: HttpRequest, parent: Page, page_class: type[Page]) -> HttpResponse | None:
    why = guide.frozen_reason(parent)
    return guide.refuse(request, why, parent) if why else None


@hooks.register("before_copy_page", order=FIRST)
def refuse_to_copy(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Refuse to copy pages above the Guide: its editions would exist twice under one code."""
    if not EditionPage.objects.descendant_of(page).exists():
        return None
    return guide.refuse(request, _("The Guide is not copied. Begin the next edition to change it."), page)


def _pages_to_publish(objects: list[Any], *, is_deep: bool) -> Iterator[Page]:
    for thing in objects:
        if isinstance(thing, Page):
            yield thing.specific
            yield from thing.get_descendants().not_live().specific() if is_deep else ()


@hooks.register("before_bulk_action", order=FIRST)
def refuse_in_bulk(request: HttpRequest, action_type: str, objects: list[Any], action: Any) -> HttpResponse | None:
    """Refuse a bulk action on frozen pages, a move into one, or to publish half translated pages."""
    given = action.cleaned_form.cleaned_data if action.cleaned_form else {}
    for thing in objects:
        why = guide.frozen_reason_inside(thing) if isinstance(thing, Page) else ""
        if why:
            return guide.refuse(request, why, thing)
    if action_type == "publish":
        for page in _pages_to_publish(objects, is_deep=bool(given.get("include_descendants"))):
            if why := _why_not_published(page):
                return guide.refuse(request, f"{page.title}: {why}", page)
    destination = given.get("chooser")
    why = guide.frozen_reason(destination) if isinstance(destination, Page) else ""
    return guide.refuse(request, why, destination) if why else None


@hooks.register("before_serve_page", order=FIRST)
def lead_to_released_guide(page: Page, request: HttpRequest, _args: Any, _kwargs: Any) -> HttpResponse | None:
    """Redirect readers from pages that are for editing to their public pages."""
    if isinstance(page, GuidePage):
        return redirect("pages:guide")
    if isinstance(page, PageOfHandbook):
        return redirect(page.get_url(request))
    if isinstance(page, PublishedByMCE):
        raise Http404
    if not isinstance(page, guide.PARTS):
        return None
    if address := page.get_url(request):
        return redirect(address)
    raise Http404
