"""The texts of the moves of a visit between hotlines, and of reasons against them."""

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from evaluation.models import Exchange
from evaluation.models.reasons import Reason
from portal.presentation.moves import MoveWords, declare_moves
from portal.presentation.reasons import declare_reasons

declare_moves(
    Exchange,
    {
        "accept": MoveWords(
            pgettext_lazy("exchange", "Accept"),
            _("Visit accepted"),
            means=_("Accept the visit: agree on the days with each other."),
        ),
        "decline": MoveWords(
            pgettext_lazy("exchange", "Decline"),
            _("Visit declined"),
            _("Why is the visit not possible?"),
            means=_("Decline the visit, saying why."),
            leads_back=True,
        ),
        "hold": MoveWords(_("Save the report"), _("Visit held and reported")),
        "close": MoveWords(
            pgettext_lazy("exchange", "Close"),
            pgettext_lazy("exchange", "Visit closed"),
            means=_("Close it: you have read the report."),
        ),
        "cancel": MoveWords(
            _("Cancel the visit"),
            _("Visit cancelled"),
            _("Why is the visit cancelled?"),
            means=_("Cancel the visit, saying why."),
            leads_back=True,
        ),
    },
)


def _host_is_full(reason: Reason) -> tuple[str, str]:
    what = gettext("The hotline has accepted as many visits as it offers in a year: %(count)s") % {"count": reason.have}
    return what, gettext("Offer more, or decline with the day from which it is possible again.")


declare_reasons(
    {
        "host_offers_no_more": (
            _("The hotline does not offer this any more"),
            _("It no longer hosts, or not for these indicators. Look at who else offers them."),
        ),
        "host_is_full": _host_is_full,
        "exchange_is_open": (
            _("You have requested a visit there already"),
            _("Go on with that one, or cancel it first."),
        ),
        "visit_is_to_come": (_("%(day)s is to come"), _("Write the report after the visit.")),
        "visit_before_request": (
            _("The visit was requested on %(day)s, and took place after that"),
            _("Look at the year, and give the day of the visit."),
        ),
        "report_missing": (_("The report is empty"), _("Write what you take home.")),
    }
)
