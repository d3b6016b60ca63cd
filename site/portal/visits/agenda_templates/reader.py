"""The templates from which an agenda can be begun: MCE's published ones, and the shipped one if none is the default."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings

from evaluation.visits.agendas import Template
from portal.handbook.reader import choose_languages
from portal.visits.agenda_templates.models import AgendaTemplatePage
from portal.visits.agenda_templates.shipped import shipped_template
from standards.presentation.collation import sort_key

SHIPPED = "shipped"
"""The code of the shipped template."""


@dataclass(frozen=True, slots=True)
class ListedTemplate:
    """A template and its code, which is the same in every language."""

    code: str
    template: Template


def list_templates(language: str) -> list[ListedTemplate]:
    """Return the templates, the default first.

    Each is in `language` if it is published in that, else in the language of the site, else in any.
    """
    pages = list(AgendaTemplatePage.objects.live().select_related("locale"))
    default = find_default(pages)
    listed = [
        ListedTemplate(str(page.translation_key), page.as_template()) for page in choose_languages(pages, language)
    ]
    listed.sort(key=lambda one: (one.code != default, sort_key(one.template.name, language)))
    return listed if default else [ListedTemplate(SHIPPED, shipped_template(language)), *listed]


def find_default(pages: Sequence[AgendaTemplatePage]) -> str:
    """Return the code of MCE's default, or an empty string.

    It is the template marked as default in the language of the site; of several, the one that was published last.
    """
    marked = [page for page in pages if page.is_default and page.locale.language_code == settings.LANGUAGE_CODE]
    if not marked:
        return ""
    return str(
        max(marked, key=lambda page: (page.last_published_at is not None, page.last_published_at)).translation_key
    )
