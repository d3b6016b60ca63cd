"""The texts of reasons against preparing, opening or extending a consultation."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from evaluation.models.reasons import Reason
from portal.presentation.reasons.words import day_of

CONSULTATION_REASONS: dict[str, Callable[[Reason], tuple[str, str]]] = {
    "consultation_is_gone": lambda _r: (
        _("The consultation was discarded meanwhile"),
        _("Prepare a new one. What you typed is still here to copy."),
    ),
    "consultation_opens_later": lambda r: (
        _("The consultation opens on %(day)s") % {"day": day_of(r)},
        _("It opens by itself on this day. To open it sooner, change the day."),
    ),
    "consultation_is_over": lambda r: (
        _("The last day would be %(day)s, which is over") % {"day": day_of(r)},
        _("Give today or a later day."),
    ),
    "nobody_invited": lambda _r: (_("Nobody is invited"), _("Choose at least one hotline or assessor.")),
    "edition_is_no_draft": lambda r: (
        _("Edition %(code)s is not a draft") % {"code": ", ".join(r.names)},
        _("It is released, or its pages are gone. A consultation is about an edition that is still being written."),
    ),
}
