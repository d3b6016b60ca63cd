"""For each weak indicator of a hotline, the hotlines that are strong in it, share a language and agreed to host. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from evaluation.exchange.distances import Place, kilometres


@dataclass(frozen=True, slots=True)
class Offer:
    """What a hotline agreed to: visits of at most `most` hotlines, in these languages, at these strong indicators."""

    most: int
    languages: frozenset[str]
    strong: frozenset[str]
    """The permanent keys of indicators that it is strong in, within the domains that it offers."""


@dataclass(frozen=True, slots=True)
class Side:
    """One hotline, by its country: the languages it speaks, what it is weak in, and what it offers, if it does."""

    country: str
    languages: frozenset[str]
    weak: Mapping[str, int]
    """By the permanent key of an indicator that is below what its obligation requires, the gain of mending it."""
    offer: Offer | None = None
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """What one hotline can see at another: the gain by indicator, the languages they share, the distance."""

    visitor: str
    host: str
    gains: Mapping[str, int]
    languages: tuple[str, ...]
    kilometres: int | None
    """None where nobody knows where one of them lies."""

    @property
    def gain(self) -> int:
        return sum(self.gains.values())


def find_matches(visitor: Side, sides: Iterable[Side]) -> list[Match]:
    """Return the matches of one hotline, those with the largest gain first, then the nearest."""
    found = [match for host in sides if (match := match_sides(visitor, host)) is not None]
    return sorted(found, key=lambda one: (-one.gain, one.kilometres is None, one.kilometres or 0, one.host))


def match_sides(visitor: Side, host: Side) -> Match | None:
    """Return what a hotline can see at another; None if it does not host, shares no language, or is not stronger."""
    offer = host.offer
    if offer is None or host.country == visitor.country:
        return None
    languages = visitor.languages & offer.languages
    gains = {key: gain for key, gain in visitor.weak.items() if key in offer.strong}
    if not languages or not gains:
        return None
    distance = None if visitor.place is None or host.place is None else kilometres(visitor.place, host.place)
    return Match(visitor.country, host.country, gains, tuple(sorted(languages)), distance)
