"""The texts of reasons against an act of a coordinator with a tie."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from evaluation.guards.reasons import Reason


def _coordinator_is_tied(reason: Reason) -> tuple[str, str]:
    if reason.names:
        why = _("A coordinator whom nothing ties to it does this: %(names)s.") % {"names": ", ".join(reason.names)}
    else:
        why = _("All coordinators have one. Invite somebody without a tie on the page People, who does it then.")
    return _("You have a tie with this hotline"), why


PEOPLE_REASONS: dict[str, Callable[[Reason], tuple[str, str]]] = {"coordinator_is_tied": _coordinator_is_tied}
