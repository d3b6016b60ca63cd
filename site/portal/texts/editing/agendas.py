"""The templates of agendas and the sheets of visits, listed with the texts for editors."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.conf import settings
from django.urls import reverse

from evaluation.visits.sheets.templates import WITH_CRITERIA
from portal.handbook.models import PublishedByMCE
from portal.public.models import HomePage
from portal.visits.agenda_templates.models import AgendaTemplatePage
from portal.visits.agenda_templates.reader import find_default
from portal.visits.sheet_templates.models import SheetTemplatePage
from portal.visits.sheet_templates.reader import find_newest
from standards.presentation.collation import sort_key

TemplatePage = TypeVar("TemplatePage", bound=PublishedByMCE)


@dataclass(frozen=True, slots=True)
class EditedTemplate:
    """A template in the language of the site, as editors find it."""

    name: str
    url: str
    is_live: bool
    is_default: bool
    has_draft: bool


@dataclass(frozen=True, slots=True)
class EditedTemplates:
    """Every template, published or not, and the URL on which one is added; empty without a home page."""

    templates: tuple[EditedTemplate, ...]
    is_shipped_default: bool
    add_url: str


def list_edited_agendas() -> EditedTemplates:
    return _list(AgendaTemplatePage, lambda pages: {find_default(pages)} - {""})


def list_edited_sheets() -> EditedTemplates:
    """Return the sheets; the default of each kind is the one that visits use."""

    def find_used(pages: Sequence[SheetTemplatePage]) -> set[str]:
        newest = (find_newest(page for page in pages if page.kind == kind) for kind in WITH_CRITERIA)
        return {str(found[0].translation_key) for found in newest if found}

    return _list(SheetTemplatePage, find_used)


def _list(model: type[TemplatePage], find_defaults: Callable[[Sequence[TemplatePage]], set[str]]) -> EditedTemplates:
    pages = list(model.objects.select_related("locale"))
    defaults = find_defaults([page for page in pages if page.live])
    own = [page for page in pages if page.locale.language_code == settings.LANGUAGE_CODE]
    home = HomePage.objects.order_by("path").first()
    return EditedTemplates(
        tuple(
            EditedTemplate(
                page.title if page.live else page.draft_title,
                reverse("wagtailadmin_pages:edit", args=[page.pk]),
                page.live,
                str(page.translation_key) in defaults,
                page.has_unpublished_changes,
            )
            for page in sorted(own, key=lambda page: sort_key(page.draft_title, settings.LANGUAGE_CODE))
        ),
        not defaults,
        reverse("wagtailadmin_pages:add", args=["portal", model._meta.model_name, home.pk]) if home else "",
    )
