"""Letters about figures and the keys with which they are sent."""

from django.utils.translation import gettext_lazy as _

from portal.texts.letters.letter import PAGE, Letter, texts_of

TEXTS = texts_of(
    "figures",
    Letter(
        "figures_confirm",
        _("Figures of %(hotline)s wait to be accepted"),
        (
            _(
                "%(hotline)s has confirmed its figures from %(start)s to %(end)s (file %(file)s). They become part "
                "of the network's totals when you accept them."
            ),
            PAGE,
        ),
    ),
    Letter(
        "figures_accept",
        _("Figures of %(hotline)s are accepted"),
        (
            _(
                "Missing Children Europe has accepted the figures of %(hotline)s from %(start)s to %(end)s (file "
                "%(file)s). They are part of the network's totals now."
            ),
            PAGE,
        ),
    ),
    Letter(
        "figures_send_back",
        _("Figures of %(hotline)s were sent back"),
        (
            _(
                "Missing Children Europe has sent back the figures of %(hotline)s from %(start)s to %(end)s (file "
                "%(file)s). They do not count until the hotline confirms them again or sends a corrected file."
            ),
            (_("The reason:"), "\n{note}"),
            PAGE,
        ),
    ),
    Letter(
        "key_ended",
        _("A key of the case system of %(hotline)s has ended"),
        (
            _(
                "The key “%(key)s”, with which the case system of %(hotline)s sends figures, has ended: %(name)s, "
                "who made it, no longer has the role that a key needs."
            ),
            _("What the system sends with it is refused from now on. If it should go on sending, make a new key:"),
            PAGE,
        ),
    ),
)
