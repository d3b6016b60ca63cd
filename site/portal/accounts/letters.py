"""Texts of the letters about a person's account: invitation, role, country, password, second factor.

allauth asks for the letters of passwords and second factors by the names of its templates.
"""

from django.utils.translation import gettext_lazy as _

from portal.letters.declaration import PAGE, Letter, declare_letters
from reports.texts.declaration import Example

IF_NOT_YOU = _(
    "It happened on %(time)s. If it was not you, set a new password at once and write to Missing Children Europe."
)

CHANGE: dict[str, Example] = {
    "what": _("Anna Nowak (anna@example.org) gets the role “panel member”."),
    "proposer": "Ivan Horvat",
}

declare_letters(
    "accounts",
    Letter(
        name="invitation",
        subject=_("%(name)s invites you to 116 000 Quality"),
        body=(
            _(
                "Dear %(invited)s, %(name)s of Missing Children Europe invites you to 116 000 Quality, where the "
                "hotlines for missing children examine and improve their work."
            ),
            (_("Your role:"), " {role}"),
            (_("This link takes you in. Say your name and choose a password:"), "\n{link}"),
            _(
                "It works once, and until %(date)s. If you do not know why you get this letter, leave it; nothing "
                "happens."
            ),
        ),
    ),
    Letter(
        name="role",
        subject=_("You have a new role: %(role)s"),
        body=(
            _("%(name)s gave you the role %(role)s."),
            _("It holds for the hotline of %(hotline)s."),
            PAGE,
        ),
        optional=frozenset(("hotline",)),
    ),
    Letter(
        name="person_change_propose",
        subject=_("A change about %(name)s waits for a second person"),
        body=(
            (_("%(by)s proposes this:"), "\n{what}"),
            _("Another coordinator confirms or drops it on the page People. Until then nothing changes."),
            PAGE,
        ),
        examples=CHANGE,
    ),
    Letter(
        name="person_change_confirm",
        subject=_("A change about %(name)s is made"),
        body=(
            (_("This was proposed by %(proposer)s, and is confirmed now:"), "\n{what}"),
            _("Confirmed by %(by)s."),
            PAGE,
        ),
        optional=frozenset(("by",)),
        examples=CHANGE,
    ),
    Letter(
        name="person_change_drop",
        subject=_("A change about %(name)s is dropped"),
        body=(
            (_("This was proposed by %(proposer)s, and is dropped now. Nothing changes:"), "\n{what}"),
            _("Dropped by %(by)s."),
            PAGE,
        ),
        examples=CHANGE,
    ),
    Letter(
        name="country_changed",
        subject=_("The country of %(name)s has changed"),
        body=(
            _(
                "The country of %(name)s was changed from %(before)s to %(now)s. It decides which hotline they may "
                "not assess or judge. If this cannot be right, write to Missing Children Europe."
            ),
            PAGE,
        ),
        examples={"before": "Portugal"},
    ),
    Letter(
        name="password_reset_key",
        subject=_("A new password for 116 000 Quality"),
        body=(
            (
                _("Somebody, probably you, asked for a new password. This link sets it, once:"),
                "\n{link}",
            ),
            _("If it was not you, leave this letter; nothing changes."),
        ),
    ),
    Letter(
        name="password_changed",
        subject=_("Your password was changed"),
        body=(_("Your password was changed."), IF_NOT_YOU),
    ),
    Letter(
        name="password_reset",
        subject=_("Your password was set anew"),
        body=(_("Your password was set anew."), IF_NOT_YOU),
    ),
    Letter(
        name="totp_activated",
        subject=_("A second factor was set up"),
        body=(_("A second factor was set up."), IF_NOT_YOU),
    ),
    Letter(
        name="totp_deactivated",
        subject=_("Your second factor was removed"),
        body=(_("Your second factor was removed."), IF_NOT_YOU),
    ),
    Letter(
        name="recovery_codes_generated",
        subject=_("New recovery codes were made"),
        body=(_("New recovery codes were made."), IF_NOT_YOU),
    ),
)
