"""The texts around every letter: its greeting and its end."""

from django.utils.translation import gettext_lazy as _

from portal.texts.examples import EXAMPLES
from reports.texts.declaration import Kind, Text

TEXTS = (
    Text(
        "letters.greeting",
        "letters.frame",
        _("The greeting of every letter to somebody who is known here."),
        Kind.LINE,
        (_("Dear %(name)s,"),),
        EXAMPLES,
        longest=200,
    ),
    Text(
        "letters.end",
        "letters.frame",
        _("The end of every letter."),
        Kind.LINES,
        (
            _("This letter was written by 116 000 Quality, the quality system of the hotlines for missing children."),
            " ",
            _("Answers to it go to Missing Children Europe, %(contact)s."),
        ),
        EXAMPLES,
    ),
    Text(
        "letters.end_unread",
        "letters.frame",
        _("The end of every letter while no address of Missing Children Europe is set."),
        Kind.LINES,
        (
            _("This letter was written by 116 000 Quality, the quality system of the hotlines for missing children."),
            " ",
            _("Nobody reads answers to it."),
        ),
    ),
)
