"""The reasons against asking for a consent to a good practice, giving it, or publishing it, in words."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from evaluation.guards.reasons import Reason

PRACTICE_REASONS: dict[str, Callable[[Reason], tuple[str, str]]] = {
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
}
