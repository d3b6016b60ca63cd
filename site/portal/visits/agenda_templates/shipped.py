"""The shipped template: an opening, a session for each domain in which something is to be observed, and a closing."""

from django.utils import translation
from django.utils.translation import gettext as _

from evaluation.visits.agendas import Template, TemplateSession
from standards.presentation.reading_language import active_language, interface_language


def shipped_template(language: str) -> Template:
    """Return the shipped template in a language of the site; in English if the interface is not translated into it."""
    active = active_language(language)
    with translation.override(active):
        return Template(_("Domain by domain"), interface_language(active), days=2, sessions=shipped_sessions())


def shipped_sessions() -> tuple[TemplateSession, ...]:
    """Return the sessions of the shipped template in the active language."""
    return (
        TemplateSession(
            _("Opening"),
            minutes=30,
            people=_("everybody who takes part"),
            guidance=_("Who is here, what these days are for, and what happens afterwards."),
        ),
        TemplateSession(
            "",
            minutes=60,
            people=_("those who do the work of this domain"),
            guidance=_("Look at what the answers rest on. Never note anything about a child or a caller."),
            is_each_domain=True,
        ),
        TemplateSession(
            _("Closing"),
            minutes=30,
            people=_("everybody who takes part"),
            guidance=_("What went well, what was missing, and when the draft of the report comes. No outcome yet."),
        ),
    )
