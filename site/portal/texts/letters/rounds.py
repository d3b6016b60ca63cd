"""Letters about a round: opened, deadline moved, reminder, a message of MCE, hotline left out."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from portal.texts.letters.letter import NOTE, PAGE, STILL_OPEN, THEIR_WORDS, Letter, texts_of

SWITCH_OFF = _("You can switch such reminders off on the page of your account.")

TEXTS = texts_of(
    "rounds",
    Letter(
        "open",
        _("The self-assessment of %(round)s is open"),
        (
            _(
                "Missing Children Europe has opened the round %(round)s. The self-assessment of %(hotline)s waits "
                "for you, until %(date)s, 23:59 (time zone %(zone)s)."
            ),
            PAGE,
        ),
    ),
    Letter(
        "round_opened",
        _("The round %(name)s has opened"),
        (
            _(
                "The round %(name)s opened by itself on its day. The last day of the self-assessment is %(date)s, "
                "23:59 (time zone %(zone)s)."
            ),
            _("Left out, because a self-assessment is open already: %(busy)s."),
            _("No letter went to these hotlines, because nobody has a role there: %(unreached)s."),
            PAGE,
        ),
        optional=frozenset(("busy", "unreached")),
    ),
    Letter(
        "deadline",
        _("%(round)s: the last day of the self-assessment has moved"),
        (
            _(
                "The self-assessment of %(hotline)s in the round %(round)s can now be submitted until %(date)s, "
                "23:59 (time zone %(zone)s). Before, the last day was %(before)s."
            ),
            THEIR_WORDS,
            PAGE,
        ),
    ),
    Letter(
        "late",
        _("%(round)s: your self-assessment has not come yet"),
        (
            _(
                "The self-assessment of %(hotline)s in the round %(round)s was to be submitted by %(date)s. It is "
                "still open: everything you wrote is there. Submit it, or write to Missing Children Europe if you "
                "need more time."
            ),
            STILL_OPEN,
            THEIR_WORDS,
            PAGE,
        ),
        optional=NOTE | {"open"},
    ),
    Letter(
        "date_submit",
        ngettext_lazy(
            "%(round)s: %(number)s day is left for the self-assessment, until %(day)s",
            "%(round)s: %(number)s days are left for the self-assessment, until %(day)s",
            "number",
        ),
        (
            _(
                "The self-assessment of %(hotline)s in the round %(round)s can be submitted until %(day)s, 23:59 "
                "(time zone %(zone)s)."
            ),
            STILL_OPEN,
            _("A coordinator of the hotline signs and submits it."),
            PAGE,
            SWITCH_OFF,
        ),
        optional=frozenset(("open",)),
        counted="number",
    ),
    Letter(
        "date_slipped",
        _("%(hotline)s has not submitted its self-assessment"),
        (
            _(
                "The last day of the self-assessment of %(hotline)s in the round %(round)s was %(day)s, and it has not "
                "been submitted. Missing Children Europe can write to the hotline, or move the last day."
            ),
            STILL_OPEN,
            PAGE,
            SWITCH_OFF,
        ),
        optional=frozenset(("open",)),
    ),
    Letter(
        "word_to_hotlines",
        _("%(round)s: Missing Children Europe writes to %(hotline)s"),
        (
            _("Missing Children Europe writes to you about the evaluation of %(hotline)s in the round %(round)s."),
            THEIR_WORDS,
            PAGE,
        ),
    ),
    Letter(
        "removed",
        _("%(hotline)s is no longer in the round %(round)s"),
        (
            _(
                "Missing Children Europe removed %(hotline)s from the round %(round)s before anything was written. "
                "There is nothing for you to do."
            ),
            THEIR_WORDS,
            PAGE,
        ),
    ),
    Letter(
        "readmit",
        _("%(hotline)s is in the round %(round)s again"),
        (
            _(
                "Missing Children Europe took %(hotline)s into the round %(round)s again. Everything you wrote is "
                "there. The last day of the self-assessment is %(date)s, 23:59 (time zone %(zone)s)."
            ),
            THEIR_WORDS,
            PAGE,
        ),
    ),
    Letter(
        "excuse",
        _("%(hotline)s is excused from the round %(round)s"),
        (
            _(
                "Missing Children Europe excused %(hotline)s from the round %(round)s. What is written stays "
                "readable and can no longer be changed."
            ),
            THEIR_WORDS,
            PAGE,
        ),
    ),
)
