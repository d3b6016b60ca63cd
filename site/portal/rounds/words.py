"""The texts of the moves of a round, and of reasons against them."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from evaluation.models import Round
from portal.presentation.form_days import describe_bounds
from portal.presentation.moves import MoveWords, declare_moves
from portal.presentation.reasons import declare_reasons

declare_moves(
    Round,
    {
        "open": MoveWords(
            _("Open the round"),
            _("Round opened"),
            means=_("Open the round: every chosen hotline gets its self-assessment."),
        ),
        "close": MoveWords(
            _("Close the round"),
            _("Round closed"),
            means=_("Close the round: every outcome is published, or the hotline excused."),
        ),
        "discard": MoveWords(_("Discard the round"), _("Planned round discarded"), leads_back=True),
        "move_deadline": MoveWords(_("Move the deadline"), _("Last day of the self-assessment moved")),
        "add_hotline": MoveWords(_("Add a hotline"), _("Hotline added")),
        "remove_hotline": MoveWords(_("Remove a hotline"), _("Hotline removed"), leads_back=True),
        "write_to": MoveWords(_("Write to hotlines"), _("Hotlines written to")),
        "remind": MoveWords(_("Write to those who are late"), _("Those who are late written to")),
    },
)

declare_reasons(
    {
        "no_hotline": (_("No hotline is chosen"), _("Choose at least one.")),
        "not_published": (_("Not published yet: %(names)s"), ""),
        "round_not_open": (_("The round is not open"), _("Choose a round that is open, or open a new one.")),
        "already_in_the_round": (_("The hotline is in this round already"), ""),
        "opens_later": (
            _("The round opens on %(day)s"),
            _("It opens by itself on this day. To open it sooner, change the day."),
        ),
        "deadline_in_the_past": (
            _("The self-assessment would end on %(day)s, which is over"),
            _("Give today or a later day."),
        ),
        "no_hotline_chosen": (_("No hotline is chosen"), _("Choose at least one.")),
        "nobody_reads": (
            _("Nobody is there to read our letters"),
            _("Choose another hotline, or invite somebody first."),
        ),
        "written_today": (
            _("These words went to the same hotlines today"),
            _("Nothing is sent a second time. Change the words, or the hotlines."),
        ),
        "no_later_deadline": (_("The hotline has until %(day)s already"), _("Give a later day.")),
        "round_is_over": (
            _("The last day of the round was %(day)s"),
            _("Move its last day first, or plan a new round."),
        ),
        "day_outside": lambda reason: (gettext("This day is not possible"), describe_bounds(reason)),
        "not_extended": (
            _("No extension of this hotline is running"),
            _("Its last day is that of the round, or is over."),
        ),
        "same_deadline": (_("%(day)s is the last day already"), _("Give another day.")),
        "has_open_self_assessment": (
            _("A self-assessment is open already: %(names)s"),
            _(
                "A hotline never has two. It can come in when the other one is submitted, or when it is excused from it."
            ),
        ),
        "self_assessment_open_elsewhere": (
            _("The hotline has an open self-assessment in %(names)s"),
            _("A hotline never has two. Wait until that one is submitted, or excuse the hotline from it."),
        ),
        "has_begun": (
            _("Something is written or arranged already: %(names)s"),
            _("Excuse the hotline on the page of its evaluation: what is written stays."),
        ),
        "nobody_is_late": (_("Nobody is late"), ""),
        "reminded_today": (_("Those who are late were written to today"), _("Write again tomorrow at the earliest.")),
    }
)
