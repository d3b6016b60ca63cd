"""The preview of a template in the CMS: the agenda of a visit on which every domain is examined."""

from itertools import groupby
from typing import Any

from evaluation.visits.agendas import begin_sessions, compute_times
from portal.visits.agenda_templates.models import AgendaTemplatePage
from portal.visits.shown.agenda import show_sessions
from standards.models import Edition
from standards.models.tree import context_of
from standards.presentation.sentences import Passage


@context_of(AgendaTemplatePage)
def preview(page: AgendaTemplatePage) -> dict[str, Any]:
    """Return the context of the preview. Without a released edition a session for each domain is not shown."""
    language = page.locale.language_code
    edition = Edition.objects.first()
    title = Passage(page.title, language)
    if edition is None:
        return {"title": title, "days": []}
    framework, texts = edition.framework, edition.texts(language)
    sessions = begin_sessions(
        page.as_template(),
        framework,
        days=page.days,
        visited={domain.code for domain in framework.domains},
        title_of=lambda code: str(texts[f"domain/{code}/title"]),
    )
    days = groupby(compute_times(sessions), key=lambda timed: timed.session.day)
    return {
        "title": title,
        "days": [(number, show_sessions(timed, framework, language)) for number, timed in days],
    }
