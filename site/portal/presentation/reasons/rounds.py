"""The texts of reasons against opening or correcting a round."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from evaluation.models.reasons import Reason
from portal.presentation.form_days import describe_bounds
from portal.presentation.reasons.words import day_of, names_of

ROUND_REASONS: dict[str, Callable[[Reason], tuple[str, str]]] = {
    "opens_later": lambda r: (
        _("The round opens on %(day)s") % {"day": day_of(r)},
        _("It opens by itself on this day. To open it sooner, change the day."),
    ),
    "deadline_in_the_past": lambda r: (
        _("The self-assessment would end on %(day)s, which is over") % {"day": day_of(r)},
        _("Give today or a later day."),
    ),
    "no_hotline_chosen": lambda _r: (_("No hotline is chosen"), _("Choose at least one.")),
    "nobody_reads": lambda _r: (
        _("Nobody is there to read our letters"),
        _("Choose another hotline, or invite somebody first."),
    ),
    "written_today": lambda _r: (
        _("These words went to the same hotlines today"),
        _("Nothing is sent a second time. Change the words, or the hotlines."),
    ),
    "no_later_deadline": lambda r: (
        _("The hotline has until %(day)s already") % {"day": day_of(r)},
        _("Give a later day."),
    ),
    "round_is_over": lambda r: (
        _("The last day of the round was %(day)s") % {"day": day_of(r)},
        _("Move its last day first, or plan a new round."),
    ),
    "day_outside": lambda r: (_("This day is not possible"), describe_bounds(r)),
    "not_extended": lambda _r: (
        _("No extension of this hotline is running"),
        _("Its last day is that of the round, or is over."),
    ),
    "same_deadline": lambda r: (
        _("%(day)s is the last day already") % {"day": day_of(r)},
        _("Give another day."),
    ),
    "has_open_self_assessment": lambda r: (
        _("A self-assessment is open already: %(names)s") % {"names": names_of(r)},
        _("A hotline never has two. It can come in when the other one is submitted, or when it is excused from it."),
    ),
    "self_assessment_open_elsewhere": lambda r: (
        _("The hotline has an open self-assessment in %(names)s") % {"names": names_of(r)},
        _("A hotline never has two. Wait until that one is submitted, or excuse the hotline from it."),
    ),
    "has_begun": lambda r: (
        _("Something is written or arranged already: %(names)s") % {"names": names_of(r)},
        _("Excuse the hotline on the page of its evaluation: what is written stays."),
    ),
    "nobody_is_late": lambda _r: (_("Nobody is late"), ""),
    "reminded_today": lambda _r: (
        _("Those who are late were written to today"),
        _("Write again tomorrow at the earliest."),
    ),
}
