"""Letters between colleagues on an evaluation."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from portal.texts.letters.letter import PAGE, Letter, texts_of

TEXTS = texts_of(
    "evaluations",
    Letter(
        "mention",
        _("%(name)s asks you about %(code)s, %(hotline)s"),
        (
            _(
                "%(name)s asks you in a comment on indicator %(code)s of %(hotline)s, round %(round)s. Read it and "
                "answer here:"
            ),
            PAGE,
        ),
    ),
    Letter(
        "assigned",
        ngettext_lazy("%(number)s indicator is with you now", "%(number)s indicators are with you now", "number"),
        (_("These indicators of the self-assessment were given to you:"), "{indicators}"),
        counted="number",
    ),
)
