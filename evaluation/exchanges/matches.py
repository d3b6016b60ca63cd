"""Match hotlines with hosts that are strong in their weak indicators and share a language. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from evaluation.exchanges.distances import Place, kilometres


@dataclass(frozen=True, slots=True)
class Offer:
    """The offer of a hotline to host at most `most` hotlines, in these languages, for these strong indicators."""

    most: int
    languages: frozenset[str]
    strong: frozenset[str]
    """The permanent keys of its strong indicators in the domains that it offers."""


@dataclass(frozen=True, slots=True)
class Side:
    """A hotline, by its country: its languages, its weak indicators, and its offer, if there is one."""

    country: str
    languages: frozenset[str]
    weak: Mapping[str, int]
    """The possible gain by permanent key of each indicator below the level of its obligation."""
    offer: Offer | None = None
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """A possible visit of one hotline to another: the gains by indicator, the shared languages, and the distance."""

    visitor: str
    host: str
    gains: Mapping[str, int]
    languages: tuple[str, ...]
    kilometres: int | None
    """None if the place of one of them is not known."""

    @property
    def gain(self) -> int:
        return sum(self.gains.values())


def find_matches(visitor: Side, sides: Iterable[Side]) -> list[Match]:
    """Return the matches of one hotline, those with the largest gain first, then the nearest."""
    found = [match for host in sides if (match := match_sides(visitor, host)) is not None]
    return sorted(found, key=lambda one: (-one.gain, one.kilometres is None, one.kilometres or 0, one.host))


def match_sides(visitor: Side, host: Side) -> Match | None:
    """Return the match of a visitor with a host; None without an offer, a shared language or a matching indicator."""
    offer = host.offer
    if offer is None or host.country == visitor.country:
        return None
    languages = visitor.languages & offer.languages
    gains = {key: gain for key, gain in visitor.weak.items() if key in offer.strong}
    if not languages or not gains:
        return None
    distance = None if visitor.place is None or host.place is None else kilometres(visitor.place, host.place)
    return Match(visitor.country, host.country, gains, tuple(sorted(languages)), distance)
