"""Letters about a person's account: invitation, role, country, password, second factor."""

from django.utils.translation import gettext_lazy as _

from portal.texts.letters.letter import PAGE, Letter, texts_of

IF_NOT_YOU = _(
    "It happened on %(time)s. If it was not you, set a new password at once and write to Missing Children Europe."
)

CHANGE = {"what": _("Anna Nowak (anna@example.org) gets the role “panel member”.")}

TEXTS = texts_of(
    "accounts",
    Letter(
        "invitation",
        _("%(name)s invites you to 116 000 Quality"),
        (
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
        "role",
        _("You have a new role: %(role)s"),
        (
            _("%(name)s gave you the role %(role)s."),
            _("It holds for the hotline of %(hotline)s."),
            PAGE,
        ),
        optional=frozenset(("hotline",)),
    ),
    Letter(
        "person_change_propose",
        _("A change about %(name)s waits for a second person"),
        (
            (_("%(by)s proposes this:"), "\n{what}"),
            _("Another coordinator confirms or drops it on the page People. Until then nothing changes."),
            PAGE,
        ),
        examples=CHANGE,
    ),
    Letter(
        "person_change_confirm",
        _("A change about %(name)s is made"),
        (
            (_("This was proposed by %(name)s, and is confirmed now:"), "\n{what}"),
            _("Confirmed by %(by)s."),
            PAGE,
        ),
        optional=frozenset(("by",)),
        examples=CHANGE,
    ),
    Letter(
        "person_change_drop",
        _("A change about %(name)s is dropped"),
        (
            (_("This was proposed by %(name)s, and is dropped now. Nothing changes:"), "\n{what}"),
            _("Dropped by %(by)s."),
            PAGE,
        ),
        examples=CHANGE,
    ),
    Letter(
        "country_changed",
        _("The country of %(name)s has changed"),
        (
            _(
                "The country of %(name)s was changed from %(before)s to %(now)s. It decides which hotline they may "
                "not assess or judge. If this cannot be right, write to Missing Children Europe."
            ),
            PAGE,
        ),
        examples={"before": "Portugal"},
    ),
    Letter(
        "password_reset_key",
        _("A new password for 116 000 Quality"),
        (
            (
                _("Somebody, probably you, asked for a new password. This link sets it, once:"),
                "\n{link}",
            ),
            _("If it was not you, leave this letter; nothing changes."),
        ),
    ),
    Letter("password_changed", _("Your password was changed"), (_("Your password was changed."), IF_NOT_YOU)),
    Letter("password_reset", _("Your password was set anew"), (_("Your password was set anew."), IF_NOT_YOU)),
    Letter("totp_activated", _("A second factor was set up"), (_("A second factor was set up."), IF_NOT_YOU)),
    Letter("totp_deactivated", _("Your second factor was removed"), (_("Your second factor was removed."), IF_NOT_YOU)),
    Letter(
        "recovery_codes_generated",
        _("New recovery codes were made"),
        (_("New recovery codes were made."), IF_NOT_YOU),
    ),
)
