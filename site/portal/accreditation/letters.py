"""Letters about an accreditation: its moves and its withdrawal."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from evaluation.models import Accreditation, Role, User, Withdrawal
from evaluation.workflow import MoveMade
from portal.letters.declaration import PAGE, THE_GROUNDS, THEIR_REASONS, THEIR_WORDS, Letter, declare_letters, names_of
from portal.letters.outbox import Values, address_of
from portal.letters.recipients import coordinators_and_mce, coordinators_mce_and_lead, holders_of


def _values(made: MoveMade) -> Values:
    accreditation = made.thing
    return {
        **names_of(accreditation.decision.evaluation),
        "day": accreditation.valid_until,
        "note": made.sealed,
        "page": address_of(reverse("workspace:accreditation", args=[accreditation.uid])),
    }


def _concerned(made: MoveMade) -> list[User]:
    return coordinators_mce_and_lead(made.thing.decision.evaluation)


declare_letters(
    "accreditations",
    Letter(
        name="accreditation_suspend",
        moves=("suspend",),
        to=_concerned,
        subject=_("%(hotline)s: the accreditation is suspended"),
        body=(
            _(
                "Missing Children Europe has suspended the accreditation of %(hotline)s. The register says so from "
                "today; the grounds are not published."
            ),
            THE_GROUNDS,
            PAGE,
        ),
    ),
    Letter(
        name="accreditation_reinstate",
        moves=("reinstate",),
        to=_concerned,
        subject=_("%(hotline)s: the accreditation is reinstated"),
        body=(
            _("Missing Children Europe has reinstated the accreditation of %(hotline)s. It holds until %(day)s."),
            THEIR_WORDS,
            PAGE,
        ),
    ),
    Letter(
        name="accreditation_give_up",
        moves=("give_up",),
        to=_concerned,
        subject=_("%(hotline)s: the accreditation is given up"),
        body=(
            _(
                "%(hotline)s has given its accreditation up. The register says from today that it has no current "
                "accreditation."
            ),
            THEIR_WORDS,
            PAGE,
        ),
    ),
    Letter(
        name="accreditation_check_midterm",
        moves=("check_midterm",),
        to=_concerned,
        subject=_("%(hotline)s: the mid-term check is made"),
        body=(
            _("Missing Children Europe has made the mid-term check of the accreditation of %(hotline)s."),
            (_("What was seen:"), "\n{note}"),
            PAGE,
        ),
    ),
    Letter(
        name="accreditation_take_back_expiry",
        moves=("take_back_expiry",),
        to=_concerned,
        subject=_("%(hotline)s: the accreditation has not ended"),
        body=(
            _(
                "By an error the accreditation of %(hotline)s was recorded as ended. Missing Children Europe has "
                "taken that back. It holds until %(day)s."
            ),
            THEIR_WORDS,
            PAGE,
        ),
    ),
    Letter(
        name="accreditation_take_back_expiry_suspended",
        moves=("take_back_expiry_suspended",),
        to=_concerned,
        subject=_("%(hotline)s: the accreditation has not ended"),
        body=(
            _(
                "By an error the accreditation of %(hotline)s was recorded as ended. Missing Children Europe has "
                "taken that back. It is suspended, as before."
            ),
            THEIR_WORDS,
            PAGE,
        ),
    ),
    machine=Accreditation,
    values=_values,
)


# --- The withdrawal --------------------------------------------------------------------------------------------------


def _values_of_withdrawal(made: MoveMade) -> Values:
    withdrawal = made.thing
    evaluation = withdrawal.evaluation
    day, last = withdrawal.heard_until, withdrawal.takes_effect_on
    if made.move == "confirm":
        day, stated = withdrawal.last_day_to_appeal, withdrawal.stated_at
        last = timezone.localdate(stated, withdrawal.accreditation.zone) if stated else None
    return {
        **names_of(evaluation),
        "note": made.sealed,
        "day": day or "",
        "date": last or "",
        "zone": evaluation.round.clock_on(day) if day else "",
        "page": address_of(reverse("workspace:withdrawal", args=[withdrawal.uid])),
    }


def _hotline_and_mce(made: MoveMade) -> list[User]:
    return coordinators_and_mce(made.thing.evaluation)


def _mce(_made: MoveMade) -> list[User]:
    return holders_of(Role.MCE_COORDINATOR)


declare_letters(
    "accreditations",
    Letter(
        name="withdrawal_propose",
        moves=("propose",),
        to=_hotline_and_mce,
        subject=_("%(hotline)s: the withdrawal of the accreditation is proposed"),
        body=(
            _(
                "A coordinator of Missing Children Europe proposes to withdraw the accreditation of %(hotline)s for good. It "
                "can be confirmed from %(date)s on; until then nothing changes, and nothing is public."
            ),
            THE_GROUNDS,
            _("The hotline can give its statement until %(day)s, 23:59 (time zone %(zone)s). Write it on this page:"),
            PAGE,
        ),
    ),
    Letter(
        name="withdrawal_answer",
        moves=("answer",),
        to=_mce,
        subject=_("%(hotline)s: a statement on the proposed withdrawal"),
        body=(
            _(
                "%(hotline)s has given its statement on the proposed withdrawal. A second coordinator can confirm the "
                "withdrawal from %(date)s on, or drop it."
            ),
            THEIR_WORDS,
            PAGE,
        ),
    ),
    Letter(
        name="withdrawal_confirm",
        moves=("confirm",),
        to=_hotline_and_mce,
        subject=_("%(hotline)s: the accreditation is withdrawn"),
        body=(
            _(
                "Missing Children Europe has withdrawn the accreditation of %(hotline)s. The register says from today that the "
                "hotline has no current accreditation; the grounds are not published. A new round can bring another one."
            ),
            THE_GROUNDS,
            _("The statement of the hotline was received on %(date)s and read before."),
            _(
                "The hotline can appeal against the withdrawal, once, until %(day)s, 23:59 (time zone %(zone)s). Members of "
                "the panel hear the appeal. Appeal on this page:"
            ),
            PAGE,
        ),
        optional=frozenset(("date",)),
    ),
    Letter(
        name="withdrawal_drop",
        moves=("drop",),
        to=_hotline_and_mce,
        subject=_("%(hotline)s: the accreditation is not withdrawn"),
        body=(
            _(
                "The proposed withdrawal of the accreditation of %(hotline)s is dropped. The accreditation stays as it is."
            ),
            THEIR_REASONS,
            PAGE,
        ),
    ),
    machine=Withdrawal,
    values=_values_of_withdrawal,
)
