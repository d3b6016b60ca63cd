"""Beginning the agenda of a visit from a template, in the language of its hotline."""

from django.conf import settings

from evaluation.models import Hotline, Visit
from evaluation.queries import to_be_observed
from evaluation.visits.agendas import Session, Template, begin_sessions


def language_of_hotline(hotline: Hotline) -> str:
    """Return the first language of the hotline that the site has, or else that of the site."""
    known = dict(settings.LANGUAGES)
    return next((code for code in hotline.language_codes if code in known), str(settings.LANGUAGE_CODE))


def begin_agenda(visit: Visit, template: Template) -> list[Session]:
    """Return the sessions with which an agenda begins. Nothing is saved."""
    evaluation = visit.evaluation
    texts, framework = evaluation.round.edition.texts(template.language), evaluation.framework
    return begin_sessions(
        template,
        framework,
        days=visit.days,
        visited={framework.domain_of[indicator.code].code for indicator in to_be_observed(evaluation)},
        title_of=lambda code: str(texts[f"domain/{code}/title"]),
    )
