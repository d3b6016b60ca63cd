"""The texts of reasons against the moves of good practice and of visits between hotlines."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from evaluation.models.reasons import Reason
from portal.presentation.reasons.words import day_of

LEARNING_REASONS: dict[str, Callable[[Reason], tuple[str, str]]] = {
    "no_good_practice": lambda _r: (
        _("The note is not marked as good practice"),
        _("Only what assessors marked as good practice, in a published outcome, is proposed to a hotline."),
    ),
    "outcome_not_published": lambda _r: (
        _("The outcome of the hotline is not published"),
        _("Good practice comes after the outcome."),
    ),
    "practice_incomplete": lambda _r: (
        _("A title, a summary or the text is missing"),
        _("Write all three, so that the hotline reads what everybody will read."),
    ),
    "text_changed": lambda _r: (
        _("The text was changed meanwhile"),
        _("Read it as it is now. A consent is to one text only."),
    ),
    "host_offers_no_more": lambda _r: (
        _("The hotline does not offer this any more"),
        _("It no longer hosts, or not for these indicators. Look at who else offers them."),
    ),
    "host_is_full": lambda r: (
        _("The hotline has accepted as many visits as it offers in a year: %(count)s") % {"count": r.have},
        _("Offer more, or decline with the day from which it is possible again."),
    ),
    "exchange_is_open": lambda _r: (
        _("You have requested a visit there already"),
        _("Go on with that one, or cancel it first."),
    ),
    "visit_is_to_come": lambda r: (
        _("%(day)s is to come") % {"day": day_of(r)},
        _("Write the report after the visit."),
    ),
    "visit_before_request": lambda r: (
        _("The visit was requested on %(day)s, and took place after that") % {"day": day_of(r)},
        _("Look at the year, and give the day of the visit."),
    ),
    "report_missing": lambda _r: (_("The report is empty"), _("Write what you take home.")),
}
