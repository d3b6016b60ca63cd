"""Letters about figures and the keys with which they are sent."""

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from evaluation.figures.intake.api_keys import end_keys_of_former_creators
from evaluation.models import Role, StatisticsImport, SystemKey, User
from evaluation.workflow import MoveMade
from portal.letters.declaration import PAGE, Letter, declare_letters
from portal.letters.outbox import Values, address_of, write_letter
from portal.letters.recipients import holders_of, people_of


def _values(made: MoveMade) -> Values:
    statistics = made.thing
    return {
        "hotline": statistics.hotline.name,
        "file": statistics.file_name,
        "start": statistics.period_start,
        "end": statistics.period_end,
        "note": made.sealed,
        "page": address_of(reverse("workspace:statistics", args=[statistics.uid])),
    }


def _mce(_made: MoveMade) -> list[User]:
    return holders_of(Role.MCE_COORDINATOR)


def _coordinators(made: MoveMade) -> list[User]:
    return people_of(made.thing.hotline, Role.COORDINATOR)


declare_letters(
    "figures",
    Letter(
        name="figures_confirm",
        moves=("confirm",),
        to=_mce,
        subject=_("Figures of %(hotline)s wait to be accepted"),
        body=(
            _(
                "%(hotline)s has confirmed its figures from %(start)s to %(end)s (file %(file)s). They become part "
                "of the network's totals when you accept them."
            ),
            PAGE,
        ),
    ),
    Letter(
        name="figures_accept",
        moves=("accept",),
        to=_coordinators,
        subject=_("Figures of %(hotline)s are accepted"),
        body=(
            _(
                "Missing Children Europe has accepted the figures of %(hotline)s from %(start)s to %(end)s (file "
                "%(file)s). They are part of the network's totals now."
            ),
            PAGE,
        ),
    ),
    Letter(
        name="figures_send_back",
        moves=("send_back",),
        to=_coordinators,
        subject=_("Figures of %(hotline)s were sent back"),
        body=(
            _(
                "Missing Children Europe has sent back the figures of %(hotline)s from %(start)s to %(end)s (file "
                "%(file)s). They do not count until the hotline confirms them again or sends a corrected file."
            ),
            (_("The reason:"), "\n{note}"),
            PAGE,
        ),
    ),
    Letter(
        name="key_ended",
        subject=_("A key of the case system of %(hotline)s has ended"),
        body=(
            _(
                "The key “%(key)s”, with which the case system of %(hotline)s sends figures, has ended: %(name)s, "
                "who made it, no longer has the role that a key needs."
            ),
            _("What the system sends with it is refused from now on. If it should go on sending, make a new key:"),
            PAGE,
        ),
    ),
    machine=StatisticsImport,
    values=_values,
)


@transaction.atomic
def end_keys(made_by: User | None = None) -> list[SystemKey]:
    """End the keys whose creator may no longer create them, with letters. `made_by` restricts it to one creator."""
    ended = end_keys_of_former_creators(made_by)
    for key in ended:
        _write_key_letters(key)
    return ended


def _write_key_letters(key: SystemKey) -> None:
    """Write to the hotline's coordinators; to Missing Children Europe if there are none."""
    values = {
        "key": key.name,
        "name": key.made_by.name,
        "hotline": key.hotline.name,
        "page": address_of(reverse("workspace:system_keys", args=[key.hotline.country])),
    }
    for reader in people_of(key.hotline, Role.COORDINATOR) or holders_of(Role.MCE_COORDINATOR):
        write_letter("key_ended", values, to=reader)
