"""Keys of case systems that end with the role of the person who made them, and the letters that say so."""

from django.db import transaction
from django.urls import reverse

from evaluation.crm.intake.api_keys import end_keys_without_maker
from evaluation.models import Role, SystemKey, User
from portal.letters.outbox import address_of, holders_of, write_letter
from portal.models import Letter


@transaction.atomic
def end_keys(made_by: User | None = None) -> list[Letter]:
    """End the keys whose maker, one person or anybody, may not make them any more, and tell the coordinators."""
    return [letter for key in end_keys_without_maker(made_by) for letter in _write_letter(key)]


def _write_letter(key: SystemKey) -> list[Letter]:
    """The hotline's coordinators; Missing Children Europe where there is none."""
    readers = holders_of(Role.COORDINATOR, hotline=key.hotline) or holders_of(Role.MCE_COORDINATOR)
    page = address_of(reverse("workspace:system_keys", args=[key.hotline.country]))
    context = {"key": key, "hotline": key.hotline, "page": page}
    return [write_letter(to=reader, template="accounts/letters/key_ended", context=context) for reader in readers]
