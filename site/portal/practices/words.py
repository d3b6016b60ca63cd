"""The texts of the moves of good practice, and of reasons against them."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from evaluation.models import GoodPractice
from portal.presentation.moves import MoveWords, declare_moves
from portal.presentation.reasons import declare_reasons

declare_moves(
    GoodPractice,
    {
        "revise": MoveWords(_("Change the text"), _("Text changed"), leads_back=True),
        "ask": MoveWords(
            _("Ask the hotline for its consent"),
            _("Consent asked"),
            means=_("Ask for consent: the coordinators of the hotline get a letter and read this text."),
        ),
        "consent": MoveWords(_("Agree to the publication"), _("Consent given")),
        "refuse": MoveWords(
            pgettext_lazy("good practice", "Do not agree"),
            _("Consent refused"),
            _("What would have to change?"),
            means=_("Do not agree: nothing is published, and Missing Children Europe reads why."),
            leads_back=True,
        ),
        "publish": MoveWords(
            pgettext_lazy("good practice", "Publish"),
            _("Good practice published"),
            means=_("Publish it in the library, where everybody can read it."),
        ),
        "take_down": MoveWords(
            _("Take it out of the library"),
            _("Taken out of the library"),
            _("Why is it taken out?"),
            means=_("Take it out of the library. The consent of the hotline stays."),
            leads_back=True,
        ),
        "withdraw": MoveWords(
            _("Withdraw the consent"),
            _("Consent withdrawn"),
            means=_("Withdraw the consent: it disappears at once, in every language."),
            leads_back=True,
        ),
    },
)

declare_reasons(
    {
        "no_good_practice": (
            _("The note is not marked as good practice"),
            _("Only what assessors marked as good practice, in a published outcome, is proposed to a hotline."),
        ),
        "outcome_not_published": (
            _("The outcome of the hotline is not published"),
            _("Good practice comes after the outcome."),
        ),
        "practice_incomplete": (
            _("A title, a summary or the text is missing"),
            _("Write all three, so that the hotline reads what everybody will read."),
        ),
        "text_changed": (
            _("The text was changed meanwhile"),
            _("Read it as it is now. A consent is to one text only."),
        ),
    }
)
