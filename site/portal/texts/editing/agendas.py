"""The templates of agendas beside the texts: where editors find them."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse

from portal.agendas.models import AgendaTemplatePage
from portal.agendas.reader import find_default
from portal.models import HomePage
from standards.presentation.collation import sort_key


@dataclass(frozen=True, slots=True)
class EditedTemplate:
    """A template in the language of the site as editors find it."""

    name: str
    url: str
    is_live: bool
    is_default: bool
    has_draft: bool


@dataclass(frozen=True, slots=True)
class EditedTemplates:
    """Every template, published or not, and the page on which one is added; empty without a home page."""

    templates: tuple[EditedTemplate, ...]
    is_shipped_default: bool
    add_url: str


def list_edited_templates() -> EditedTemplates:
    pages = list(AgendaTemplatePage.objects.select_related("locale"))
    default = find_default([page for page in pages if page.live])
    own = [page for page in pages if page.locale.language_code == settings.LANGUAGE_CODE]
    home = HomePage.objects.order_by("path").first()
    return EditedTemplates(
        tuple(
            EditedTemplate(
                page.title if page.live else page.draft_title,
                reverse("wagtailadmin_pages:edit", args=[page.pk]),
                page.live,
                str(page.translation_key) == default,
                page.has_unpublished_changes,
            )
            for page in sorted(own, key=lambda page: sort_key(page.draft_title, settings.LANGUAGE_CODE))
        ),
        not default,
        reverse("wagtailadmin_pages:add", args=["portal", "agendatemplatepage", home.pk]) if home else "",
    )
