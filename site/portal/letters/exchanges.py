"""Letters about a visit between hotlines: to the host, or to the visitor."""

from django.urls import reverse

from evaluation.models import Exchange, Role, User
from portal.letters.outbox import address_of, people_of, write_letter
from portal.models import Letter

_TO_HOST, _TO_VISITOR = ("request", "hold"), ("accept", "decline", "close")
"""The moves whose letters go to one side. Letters about a cancelled visit go to both."""


def write_exchange_letters(move: str, exchange: Exchange, *, by: User, note: str = "") -> list[Letter]:
    """Write to the coordinators concerned by a step, except its user. Call in the transaction of the move."""
    sides = [exchange.host] if move in _TO_HOST else [exchange.visitor] if move in _TO_VISITOR else []
    sides += [exchange.host, exchange.visitor] if move == "cancel" else []
    page = address_of(reverse("workspace:exchange", args=[exchange.uid]))
    context = {"exchange": exchange, "note": note.strip(), "page": page}
    return [
        write_letter(to=person, template=f"accounts/letters/exchange_{move}", context=context)
        for side in sides
        for person in people_of(side, Role.COORDINATOR)
        if person.pk != by.pk
    ]
