"""Letters about good practice: the hotline's consent, what is published, questions and answers."""

from django.utils.translation import gettext_lazy as _

from portal.texts.letters.letter import PAGE, THEIR_WORDS, Letter, texts_of

TEXTS = texts_of(
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
