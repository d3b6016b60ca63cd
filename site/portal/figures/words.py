"""The texts of the moves of a file of figures and of a year of the network, and of reasons against them."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from evaluation.models import NetworkYear, StatisticsImport
from portal.presentation.moves import MoveWords, declare_moves
from portal.presentation.reasons import declare_reasons

declare_moves(
    StatisticsImport,
    {
        "confirm": MoveWords(
            _("Confirm the figures"),
            _("Figures confirmed"),
            means=_("Confirm the figures: from now on they count."),
        ),
        "ask_for_columns": MoveWords(_("Ask what the columns mean"), _("Columns unknown: a person is asked")),
        "match_columns": MoveWords(_("Match the columns"), _("Columns matched")),
        "pass_checks": MoveWords(_("Pass the checks"), _("File read and checked")),
        "refuse": MoveWords(_("Refuse the file"), _("File refused by the checks, nothing of it kept")),
        "accept": MoveWords(
            _("Accept the figures"),
            _("Figures accepted"),
            means=_("Accept the figures: from now on they are part of the network's totals."),
        ),
        "send_back": MoveWords(
            _("Send the figures back"),
            _("Figures sent back"),
            _("What is wrong with them?"),
            means=_("Send the figures back, saying why. They do not count until the hotline confirms them again."),
            leads_back=True,
        ),
        "withdraw": MoveWords(
            _("Take the file back"),
            _("File taken back"),
            _("Why is it taken back?"),
            means=_("Take the file back, saying why. What it had put aside counts again."),
            leads_back=True,
        ),
        "supersede": MoveWords(_("Supersede"), _("Figures superseded by a later file")),
        "restore_accepted": MoveWords(_("Restore"), _("Figures count again, accepted: the later file was taken out")),
        "restore": MoveWords(_("Restore"), _("Figures count again: the later file was taken out")),
    },
)

declare_moves(
    NetworkYear,
    {
        "publish": MoveWords(_("Make it public"), _("Year made public")),
        "retract": MoveWords(
            _("Take it from the site"),
            _("Year taken from the site"),
            _("Why is it taken from the site?"),
            means=_("Take the year from the site, saying why. It may be made public again."),
            leads_back=True,
        ),
    },
)

declare_reasons(
    {
        "too_many_waiting": (
            _("Too many files of this hotline are waiting"),
            _("Wait until they are read, or say what the columns of those mean that wait for it."),
        ),
        "looks_personal": (
            _("It looks like an e-mail address, a telephone number or a date"),
            _("Say it without. What you write is kept and read, so name nobody."),
        ),
        "earlier_files_changed": (
            _("Another file for this time was confirmed or taken back while you looked at this page"),
            _("Look again at what keeps counting and what stops. What you ticked is still ticked."),
        ),
        "warnings_unexplained": (
            _("The checks noticed something that nobody has explained yet"),
            _("Write a sentence about each point, and save them."),
        ),
        "too_few_hotlines": (
            _("Too few hotlines for any table"),
            ngettext_lazy(
                "So far %(have)d hotline has an accepted file. It takes %(need)d with every number of a table.",
                "So far %(have)d hotlines have an accepted file. It takes %(need)d with every number of a table.",
                "have",
            ),
        ),
        "too_few_changed": (
            _("Too few hotlines have changed for a new release"),
            ngettext_lazy(
                "Since the last release %(have)d hotline came, left or corrected its figures. What only one or two brought "
                "could be read as theirs by whoever kept the last release: it takes %(need)d.",
                "Since the last release %(have)d hotlines came, left or corrected their figures. What only one or two brought "
                "could be read as theirs by whoever kept the last release: it takes %(need)d.",
                "have",
            ),
        ),
        "nothing_new": (
            _("Nothing has changed since the last release"),
            _("A new one opens when other figures are accepted."),
        ),
        "changed_meanwhile": (
            _("The figures have changed since you looked at them"),
            _("Below is what would be made public now. Look at it and decide again."),
        ),
    }
)
