"""The texts of the moves of a consultation, and of reasons against them."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from evaluation.models import Consultation
from evaluation.models.reasons import Reason
from portal.presentation.moves import MoveWords, declare_moves
from portal.presentation.reasons import declare_reasons

declare_moves(
    Consultation,
    {
        "open": MoveWords(
            _("Open the consultation"),
            _("Consultation opened"),
            means=_(
                "Open the consultation: the draft is copied as it reads now, and everybody who is invited gets a letter."
            ),
        ),
        "discard": MoveWords(
            _("Discard the consultation"),
            _("Consultation discarded"),
            _("Why is it discarded?"),
            means=_("Discard it: nobody has been written to yet."),
            leads_back=True,
        ),
        "extend": MoveWords(_("Extend the consultation"), _("Consultation extended")),
        "close": MoveWords(
            _("Close the consultation"),
            _("Consultation closed"),
            means=_(
                "Close the consultation: nobody comments any more, and everybody who was invited reads all comments and answers."
            ),
        ),
    },
)


def _edition_is_no_draft(reason: Reason) -> tuple[str, str]:
    what = gettext("Edition %(code)s is not a draft") % {"code": ", ".join(reason.names)}
    return what, gettext(
        "It is released, or its pages are gone. A consultation is about an edition that is still being written."
    )


declare_reasons(
    {
        "consultation_is_gone": (
            _("The consultation was discarded meanwhile"),
            _("Prepare a new one. What you typed is still here to copy."),
        ),
        "consultation_opens_later": (
            _("The consultation opens on %(day)s"),
            _("It opens by itself on this day. To open it sooner, change the day."),
        ),
        "consultation_is_over": (_("The last day would be %(day)s, which is over"), _("Give today or a later day.")),
        "nobody_invited": (_("Nobody is invited"), _("Choose at least one hotline or assessor.")),
        "edition_is_no_draft": _edition_is_no_draft,
    }
)
