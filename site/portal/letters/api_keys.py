"""Ends API keys when their creator loses the right to create them, and writes letters about it."""

from django.db import transaction
from django.urls import reverse

from evaluation.crm.intake.api_keys import end_keys_of_former_creators
from evaluation.models import Role, SystemKey, User
from portal.letters.outbox import address_of, holders_of, people_of, write_letter
from portal.models import Letter


@transaction.atomic
def end_keys(made_by: User | None = None) -> list[Letter]:
    """End the keys whose creator may no longer create them, with letters. `made_by` restricts it to one creator."""
    return [letter for key in end_keys_of_former_creators(made_by) for letter in _write_letter(key)]


def _write_letter(key: SystemKey) -> list[Letter]:
    """Write to the hotline's coordinators; to Missing Children Europe if there are none."""
    readers = people_of(key.hotline, Role.COORDINATOR) or holders_of(Role.MCE_COORDINATOR)
    page = address_of(reverse("workspace:system_keys", args=[key.hotline.country]))
    context = {"key": key, "hotline": key.hotline, "page": page}
    return [write_letter(to=reader, template="accounts/letters/key_ended", context=context) for reader in readers]
