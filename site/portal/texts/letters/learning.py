"""Letters about what hotlines learn from each other: good practice in the library, and visits between hotlines."""

from django.utils.translation import gettext_lazy as _

from portal.texts.letters.letter import PAGE, THEIR_WORDS, Letter, texts_of

_PRACTICES = texts_of(
    "practices",
    Letter(
        "practice_ask",
        _("%(hotline)s: may we publish this good practice?"),
        (
            _(
                "Missing Children Europe would like to publish “%(title)s”, which assessors saw at your hotline "
                "(%(code)s), in the library of good practice. Read the text. Nothing is published without your "
                "consent, and you can withdraw it at any time."
            ),
            PAGE,
        ),
    ),
    Letter(
        "practice_consent",
        _("%(hotline)s agrees to publish a good practice"),
        (
            _("The hotline of %(hotline)s agrees to the text “%(title)s” (%(code)s). You can publish it now."),
            PAGE,
        ),
    ),
    Letter(
        "practice_refuse",
        _("%(hotline)s does not agree to publish a good practice"),
        (
            _(
                "The hotline of %(hotline)s does not agree to the text “%(title)s” (%(code)s). You can change it "
                "and ask again."
            ),
            THEIR_WORDS,
            PAGE,
        ),
    ),
    Letter(
        "practice_publish",
        _("%(hotline)s: your good practice is published"),
        (
            _(
                "“%(title)s” (%(code)s) is now in the library of good practice, with your consent. You can "
                "withdraw it at any time."
            ),
            PAGE,
        ),
    ),
    Letter(
        "practice_take_down",
        _("%(hotline)s: your good practice is taken out of the library"),
        (
            _(
                "Missing Children Europe took “%(title)s” (%(code)s) out of the library of good practice. Your "
                "consent stays."
            ),
            THEIR_WORDS,
            PAGE,
        ),
    ),
    Letter(
        "practice_withdraw",
        _("%(hotline)s withdraws its consent to a good practice"),
        (
            _(
                "The hotline of %(hotline)s withdraws its consent to “%(title)s” (%(code)s). It is no longer "
                "public, in any language."
            ),
            PAGE,
        ),
    ),
    Letter(
        "practice_question",
        _("A question about your good practice"),
        (
            _("The hotline of %(by)s asks about your good practice “%(title)s” (%(code)s)."),
            THEIR_WORDS,
            PAGE,
        ),
    ),
    Letter(
        "practice_answer",
        _("%(hotline)s answers your question"),
        (
            _("The hotline of %(hotline)s answers your question about “%(title)s” (%(code)s)."),
            THEIR_WORDS,
            PAGE,
        ),
    ),
)

_EXCHANGES = texts_of(
    "exchanges",
    Letter(
        "exchange_request",
        _("%(hotline)s would like to visit you"),
        (
            _("The hotline of %(hotline)s would like to visit yours. Accept the visit, or say why it is not possible."),
            THEIR_WORDS,
            PAGE,
        ),
    ),
    Letter(
        "exchange_accept",
        _("%(hotline)s accepts your visit"),
        (
            _(
                "The hotline of %(hotline)s accepts your visit. Agree on the days with each other; afterwards, "
                "write a short report."
            ),
            PAGE,
        ),
    ),
    Letter(
        "exchange_decline",
        _("%(hotline)s cannot host you"),
        (
            _("The hotline of %(hotline)s cannot host your visit."),
            THEIR_WORDS,
            PAGE,
        ),
    ),
    Letter(
        "exchange_hold",
        _("%(hotline)s reports on its visit"),
        (
            _(
                "The hotline of %(hotline)s has written what it takes home from its visit to you. Read it, then "
                "close the visit."
            ),
            THEIR_WORDS,
            PAGE,
        ),
    ),
    Letter(
        "exchange_close",
        _("%(hotline)s has read your report"),
        (
            _("The hotline of %(hotline)s has read your report. The visit is closed."),
            PAGE,
        ),
    ),
    Letter(
        "exchange_cancel",
        _("A visit between hotlines is cancelled"),
        (
            _("The visit of %(hotline)s to %(name)s is cancelled."),
            THEIR_WORDS,
            PAGE,
        ),
        examples={"name": "Polska"},
    ),
)

TEXTS = (*_PRACTICES, *_EXCHANGES)
