"""The texts of the moves of a change of a person, and of reasons against them."""

from django.utils.formats import date_format
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from evaluation.models import PersonChange, Role
from evaluation.models.reasons import Reason
from portal.presentation.moves import MoveWords, declare_moves
from portal.presentation.reasons import declare_reasons

declare_moves(
    PersonChange,
    {
        "make": MoveWords(pgettext_lazy("change of a person", "Make the change"), _("Change of a person made")),
        "propose": MoveWords(pgettext_lazy("change of a person", "Propose"), _("Change of a person proposed")),
        "confirm": MoveWords(
            pgettext_lazy("change of a person", "Confirm"),
            _("Change of a person confirmed"),
            means=_("Confirm the change: it is made now."),
        ),
        "drop": MoveWords(
            pgettext_lazy("change of a person", "Drop"),
            _("Change of a person dropped"),
            means=_("Drop the change: nothing changes."),
            leads_back=True,
        ),
    },
)


def _coordinator_is_tied(reason: Reason) -> tuple[str, str]:
    if reason.names:
        why = gettext("A coordinator whom nothing ties to it does this: %(names)s.") % {
            "names": ", ".join(reason.names)
        }
    else:
        why = gettext("All coordinators have one. Invite somebody without a tie on the page People, who does it then.")
    return gettext("You have a tie with this hotline"), why


def _role_ended(reason: Reason) -> tuple[str, str]:
    (role,), day = reason.codes, reason.day
    assert day is not None  # a role that was ended has a last day
    words = gettext("Your role “%(role)s” ended on %(day)s") % {"role": Role(role).label, "day": date_format(day)}
    return words, gettext("Missing Children Europe gives roles.")


declare_reasons(
    {
        "coordinator_is_tied": _coordinator_is_tied,
        "role_ended": _role_ended,
        "assessed_it": (
            _("You assessed this hotline"),
            _("Who was on the team of a study visit does not decide on it."),
        ),
        "needs_another_coordinator": (
            _("Another coordinator does this"),
            _("Nobody confirms what they proposed themselves, or a role of their own."),
        ),
        "needs_a_second_person": (_("A second person has to confirm this"), ""),
        "change_is_proposed": (
            _("This is proposed already"),
            _("It is on the page People, and waits for a second person."),
        ),
        "changed_since": (
            _("Something else has changed since this was proposed"),
            _("Drop it, and propose it again if it is still needed."),
        ),
    }
)
