"""Letters about a recommendation."""

from django.utils.translation import gettext_lazy as _

from portal.texts.letters.letter import PAGE, THEIR_WORDS, Letter, texts_of

TEXTS = texts_of(
    "recommendations",
    Letter(
        "recommendation/contest",
        _("%(hotline)s contests a recommendation"),
        (
            _(
                "The hotline of %(hotline)s contests the recommendation “%(title)s” (%(code)s). Insist on it or "
                "take it back, saying why."
            ),
            THEIR_WORDS,
            PAGE,
        ),
    ),
    Letter(
        "recommendation/insist",
        _("%(hotline)s: a recommendation stands"),
        (
            _(
                "Missing Children Europe answered you about the recommendation “%(title)s” (%(code)s): it stands. "
                "You can accept it, or contest it again."
            ),
            THEIR_WORDS,
            PAGE,
        ),
    ),
    Letter(
        "recommendation/withdraw",
        _("%(hotline)s: a recommendation is taken back"),
        (
            _(
                "Missing Children Europe took the recommendation “%(title)s” (%(code)s) back. Nothing is left to "
                "do on it."
            ),
            THEIR_WORDS,
            PAGE,
        ),
    ),
    Letter(
        "recommendation/submit_evidence",
        _("%(hotline)s shows what it did"),
        (
            _(
                "The hotline of %(hotline)s submitted evidence on the recommendation “%(title)s” (%(code)s). "
                "Verify it, or say what is still missing."
            ),
            THEIR_WORDS,
            PAGE,
        ),
    ),
    Letter(
        "recommendation/verify",
        _("%(hotline)s: a recommendation is verified"),
        (
            _("The evidence on the recommendation “%(title)s” (%(code)s) was looked at. What was asked for is there."),
            THEIR_WORDS,
            PAGE,
        ),
    ),
    Letter(
        "recommendation/refuse",
        _("%(hotline)s: something is still missing"),
        (
            _("The evidence on the recommendation “%(title)s” (%(code)s) was looked at. Something is still missing."),
            THEIR_WORDS,
            PAGE,
        ),
    ),
)
