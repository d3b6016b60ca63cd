"""Letters about a consultation."""

from django.utils.translation import gettext_lazy as _

from portal.texts.letters.letter import PAGE, Letter, texts_of

TEXTS = texts_of(
    "consultations",
    Letter(
        "consultation_open",
        _("What do you say to the draft of the Guide, edition %(code)s?"),
        (
            _(
                "Missing Children Europe asks you about the draft of edition %(code)s of the Guide: %(name)s. "
                "Comment on each indicator that concerns you, and say how urgently it must change. You can do so "
                "until %(date)s, 23:59 (time zone %(zone)s)."
            ),
            PAGE,
        ),
    ),
    Letter(
        "consultation_extend",
        _("%(name)s: the last day has moved"),
        (
            _(
                "You can now comment on the draft of edition %(code)s of the Guide until %(date)s, 23:59 (time zone "
                "%(zone)s). What you have written is there."
            ),
            PAGE,
        ),
    ),
    Letter(
        "consultation_close",
        _("%(name)s is closed"),
        (
            _(
                "The consultation on the draft of edition %(code)s of the Guide is closed. You can now read all "
                "comments, with who wrote them, and what Missing Children Europe answers."
            ),
            PAGE,
        ),
    ),
)
