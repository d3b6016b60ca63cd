"""The texts of the moves of a recommendation, and of reasons against them."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from evaluation.models import Recommendation
from portal.presentation.moves import MoveWords, declare_moves
from portal.presentation.reasons import declare_reasons

declare_moves(
    Recommendation,
    {
        "issue": MoveWords(pgettext_lazy("move", "Issue"), _("Recommendation issued")),
        "accept": MoveWords(
            pgettext_lazy("recommendation", "Accept"),
            _("Recommendation accepted"),
            means=_("Accept it: the hotline will do this."),
        ),
        "contest": MoveWords(
            pgettext_lazy("recommendation", "Contest"),
            _("Recommendation contested"),
            _("Why do you contest it?"),
            means=_("Contest it, saying why. Missing Children Europe answers."),
        ),
        "insist": MoveWords(
            pgettext_lazy("recommendation", "Insist"),
            _("Recommendation issued again"),
            _("Why does it stand?"),
            means=_("Insist on it, saying why. The hotline can accept or contest it again."),
            leads_back=True,
        ),
        "withdraw": MoveWords(
            pgettext_lazy("recommendation", "Take back"),
            _("Recommendation taken back"),
            _("Why is it taken back?"),
            means=_("Take it back: the hotline is right to contest it."),
        ),
        "start": MoveWords(
            pgettext_lazy("recommendation", "Start"),
            _("Work started"),
            means=_("Start working on it."),
        ),
        "submit_evidence": MoveWords(
            _("Submit the evidence"),
            _("Evidence submitted"),
            _("What did you do, and what does the evidence show?"),
            means=_("Submit the evidence, saying what was done. Somebody independent looks at it."),
        ),
        "verify": MoveWords(
            pgettext_lazy("recommendation", "Verify"),
            _("Recommendation verified"),
            means=_("Verify it: what was asked for is there."),
        ),
        "refuse": MoveWords(
            pgettext_lazy("recommendation", "Send back"),
            _("Evidence sent back: not verified"),
            _("What is still missing?"),
            means=_("Send it back, saying what is still missing."),
            leads_back=True,
        ),
        "resume": MoveWords(
            pgettext_lazy("recommendation", "Go on working"),
            _("Work resumed"),
            means=_("Resume the work on what is still missing."),
        ),
        "close": MoveWords(
            pgettext_lazy("recommendation", "Close"),
            _("Recommendation closed"),
            means=_("Close it: nothing is left to do."),
        ),
        "settle_by_condition": MoveWords(
            pgettext_lazy("recommendation", "Verify"), _("Verified: the condition about it is met")
        ),
    },
)

declare_reasons(
    {
        "no_proof": (_("Nothing is shown yet"), _("Add a document or an address, or say why there can be neither.")),
        "followed_as_condition": (
            _("It is a condition of the decision"),
            _("Send the evidence on the page of the condition."),
        ),
    }
)
