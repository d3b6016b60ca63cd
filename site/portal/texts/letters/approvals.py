"""Letters about pages that wait for an approval, are approved or sent back."""

from django.utils.translation import gettext_lazy as _

from portal.texts.letters.letter import PAGE, Letter, texts_of

TEXTS = texts_of(
    "approvals",
    Letter(
        "page_waits",
        _("A page waits for you: %(title)s"),
        (_("The page “%(title)s” was submitted and waits for you to approve it or to send it back."), PAGE),
    ),
    Letter(
        "page_approved",
        _("Approved: %(title)s"),
        (_("The page “%(title)s”, which you submitted, was approved by %(by)s."), PAGE),
    ),
    Letter(
        "page_sent_back",
        _("Sent back: %(title)s"),
        (_("%(by)s sent back the page “%(title)s”, which you submitted."), "{note}", PAGE),
    ),
)
