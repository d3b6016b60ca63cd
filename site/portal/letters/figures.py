"""Letters about figures: to Missing Children Europe after a confirmation, to the hotline after MCE's answer."""

from django.urls import reverse

from evaluation.models import Role, StatisticsImport, Step, User
from portal.letters.outbox import address_of, holders_of, people_of, write_letter
from portal.models import Letter

_READ_BY_MCE = ("confirm",)
_READ_BY_THE_HOTLINE = ("accept", "send_back")


def write_figures_letters(step: Step, statistics: StatisticsImport, *, by: User) -> list[Letter]:
    """Write to the users who act next, or whose file was answered. Other steps have no letter."""
    if step.move in _READ_BY_MCE:
        readers = holders_of(Role.MCE_COORDINATOR)
    elif step.move in _READ_BY_THE_HOTLINE:
        readers = people_of(statistics.hotline, Role.COORDINATOR)
    else:
        return []
    page = address_of(reverse("workspace:statistics", args=[statistics.uid]))
    return [
        write_letter(
            to=reader,
            template=f"accounts/letters/figures_{step.move}",
            context={"by": by, "page": page, "statistics": statistics, "note": step.words.note},
        )
        for reader in readers
        if reader.pk != by.pk
    ]
