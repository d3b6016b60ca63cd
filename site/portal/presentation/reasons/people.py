"""The texts of reasons against a change of a person, and against an act of a coordinator with a tie."""

from collections.abc import Callable

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from evaluation.models import Role
from evaluation.models.reasons import Reason


def _coordinator_is_tied(reason: Reason) -> tuple[str, str]:
    if reason.names:
        why = _("A coordinator whom nothing ties to it does this: %(names)s.") % {"names": ", ".join(reason.names)}
    else:
        why = _("All coordinators have one. Invite somebody without a tie on the page People, who does it then.")
    return _("You have a tie with this hotline"), why


def _role_ended(reason: Reason) -> tuple[str, str]:
    (role,), day = reason.codes, reason.day
    assert day is not None  # a role that was ended has a last day
    words = _("Your role “%(role)s” ended on %(day)s") % {"role": Role(role).label, "day": date_format(day)}
    return words, _("Missing Children Europe gives roles.")


PEOPLE_REASONS: dict[str, Callable[[Reason], tuple[str, str]]] = {
    "coordinator_is_tied": _coordinator_is_tied,
    "role_ended": _role_ended,
    "assessed_it": lambda _reason: (
        _("You assessed this hotline"),
        _("Who was on the team of a study visit does not decide on it."),
    ),
    "needs_another_coordinator": lambda _reason: (
        _("Another coordinator does this"),
        _("Nobody confirms what they proposed themselves, or a role of their own."),
    ),
    "needs_a_second_person": lambda _reason: (_("A second person has to confirm this"), ""),
    "change_is_proposed": lambda _reason: (
        _("This is proposed already"),
        _("It is on the page People, and waits for a second person."),
    ),
    "changed_since": lambda _reason: (
        _("Something else has changed since this was proposed"),
        _("Drop it, and propose it again if it is still needed."),
    ),
}
