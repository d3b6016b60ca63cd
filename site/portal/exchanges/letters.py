"""Letters about a visit between hotlines: to the coordinators of the host, or of the visitor."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from evaluation.models import Exchange, Role, User
from evaluation.workflow import MoveMade
from portal.letters.declaration import PAGE, THEIR_WORDS, Letter, declare_letters
from portal.letters.outbox import Values, address_of, write_letter
from portal.letters.recipients import people_of


def _values_of(exchange: Exchange, hotline: str, note: str) -> dict[str, Any]:
    return {
        "hotline": hotline,
        "name": exchange.host.name,
        "note": note.strip(),
        "page": address_of(reverse("workspace:exchange", args=[exchange.uid])),
    }


def _values(made: MoveMade) -> Values:
    """Return the values, with the name of the hotline that made the move; of the visitor if the visit is cancelled."""
    exchange = made.thing
    author = exchange.visitor if made.move in ("hold", "cancel") else exchange.host
    return _values_of(exchange, author.name, exchange.report if made.move == "hold" else made.note)


def _host(made: MoveMade) -> list[User]:
    return people_of(made.thing.host, Role.COORDINATOR)


def _visitor(made: MoveMade) -> list[User]:
    return people_of(made.thing.visitor, Role.COORDINATOR)


def _both(made: MoveMade) -> list[User]:
    return [*_host(made), *_visitor(made)]


declare_letters(
    "exchanges",
    Letter(
        name="exchange_request",
        subject=_("%(hotline)s would like to visit you"),
        body=(
            _("The hotline of %(hotline)s would like to visit yours. Accept the visit, or say why it is not possible."),
            THEIR_WORDS,
            PAGE,
        ),
    ),
    Letter(
        name="exchange_accept",
        moves=("accept",),
        to=_visitor,
        subject=_("%(hotline)s accepts your visit"),
        body=(
            _(
                "The hotline of %(hotline)s accepts your visit. Agree on the days with each other; afterwards, "
                "write a short report."
            ),
            PAGE,
        ),
    ),
    Letter(
        name="exchange_decline",
        moves=("decline",),
        to=_visitor,
        subject=_("%(hotline)s cannot host you"),
        body=(
            _("The hotline of %(hotline)s cannot host your visit."),
            THEIR_WORDS,
            PAGE,
        ),
    ),
    Letter(
        name="exchange_hold",
        moves=("hold",),
        to=_host,
        subject=_("%(hotline)s reports on its visit"),
        body=(
            _(
                "The hotline of %(hotline)s has written what it takes home from its visit to you. Read it, then "
                "close the visit."
            ),
            THEIR_WORDS,
            PAGE,
        ),
    ),
    Letter(
        name="exchange_close",
        moves=("close",),
        to=_visitor,
        subject=_("%(hotline)s has read your report"),
        body=(
            _("The hotline of %(hotline)s has read your report. The visit is closed."),
            PAGE,
        ),
    ),
    Letter(
        name="exchange_cancel",
        moves=("cancel",),
        to=_both,
        subject=_("A visit between hotlines is cancelled"),
        body=(
            _("The visit of %(hotline)s to %(name)s is cancelled."),
            THEIR_WORDS,
            PAGE,
        ),
        examples={"name": "Polska"},
    ),
    machine=Exchange,
    values=_values,
)


def write_request_letters(exchange: Exchange) -> None:
    """Write to the coordinators of the host that the visitor would like to come."""
    for person in people_of(exchange.host, Role.COORDINATOR):
        if person != exchange.requested_by:
            write_letter("exchange_request", _values_of(exchange, exchange.visitor.name, exchange.message), to=person)
