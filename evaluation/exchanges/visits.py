"""Exchange visits between hotlines: levels of each hotline, offers, requests, reports, and changes after a visit."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from evaluation.engine.scoring import IndicatorScore
from evaluation.exchanges.distances import Place
from evaluation.exchanges.matches import Match, Offer, Side, find_matches, match_sides
from evaluation.models import Accreditation, Decision, Evaluation, Exchange, HostOffer, Hotline, Role, Scorecard, User
from evaluation.models.exchanges import OPEN, visits_within_a_year
from evaluation.models.people.permissions import is_allowed, no_right
from evaluation.models.people.roles import HOTLINE_ROLES
from evaluation.models.reasons import Reason
from evaluation.queries import followed_up
from evaluation.scorecards import read_result
from evaluation.workflow import Act, Refusal, register_act
from standards.framework import Framework

# --- Weak and strong indicators of hotlines --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Standing:
    """The levels of one decided evaluation, by the permanent keys of its indicators."""

    evaluation: Evaluation
    scores: Mapping[str, IndicatorScore]

    @property
    def framework(self) -> Framework:
        return self.evaluation.framework

    def weak(self) -> dict[str, int]:
        """Return the gain of each indicator below the level of its obligation, by permanent key.

        The gain is the number of steps to the best level, weighted by the obligation.
        """
        rule, scale = self.framework.rule, self.framework.scale
        places = {obligation.code: len(rule.obligations) - n for n, obligation in enumerate(rule.obligations)}
        found = {}
        for key, score in self.scores.items():
            wanted = rule.obligation[score.obligation].wanted
            level = scale.worst if score.level is None else score.level
            if wanted is not None and score.counts and not scale.reaches(level, wanted):
                found[key] = (scale.rank(scale.best) - scale.rank(level)) * places[score.obligation]
        return found

    def strong(self, domains: Iterable[str]) -> frozenset[str]:
        """Return the permanent keys of the indicators at the best level in these domains, given by permanent key.

        Other hotlines can see them: call this only for a published standing.
        """
        framework, wanted = self.framework, set(domains)
        return frozenset(
            key
            for key, score in self.scores.items()
            if score.counts
            and score.level == framework.scale.best
            and framework.domain_of[score.code].permanent_key in wanted
        )


def read_standings(hotlines: Iterable[Hotline]) -> dict[int, Standing]:
    """Return the newest decided standing of hotlines, by key. Two queries.

    During a follow-up visit it is the standing of the last decision.
    """
    newest = _read_newest(hotlines, Q(state__in=Evaluation.DECIDED_AND_LATER) | followed_up())
    keys = [one.pk for one in newest if one.is_decided]
    again = Decision.objects.filter(evaluation__in=[one.pk for one in newest if not one.is_decided], replaced_by=None)
    wanted = Q(pk__in=Scorecard.objects.filter(evaluation__in=keys).latest_of_each().values("pk"))
    cards = Scorecard.objects.filter(wanted | Q(pk__in=again.values("scorecard")))
    return _standings(newest, {card.evaluation_id: card for card in cards})


def read_published_standings(hotlines: Iterable[Hotline]) -> dict[int, Standing]:
    """Return the newest published standing of hotlines, by key, from the scorecards of decisions. Two queries.

    Scorecards and decisions since then, for instance with corrected figures, are ignored until they are published.
    """
    published = Decision.objects.filter(publication__isnull=False)
    newest = _read_newest(hotlines, Q(pk__in=published.values("evaluation")))
    decisions = (
        published.filter(evaluation__in=[one.pk for one in newest])
        .select_related("scorecard")
        .order_by("decided_at", "pk")
    )
    return _standings(newest, {decision.evaluation_id: decision.scorecard for decision in decisions})


def _read_newest(hotlines: Iterable[Hotline], wanted: Q) -> list[Evaluation]:
    """Return the newest evaluation of each hotline that matches `wanted`. One query."""
    found = Evaluation.objects.filter(wanted, hotline__in=list(hotlines))
    found = found.select_related("round__edition").defer("round__edition__structure")
    return list({one.hotline_id: one for one in found.order_by("round__opens_on", "pk")}.values())


def _standings(evaluations: Iterable[Evaluation], cards: Mapping[int, Scorecard]) -> dict[int, Standing]:
    return {one.hotline_id: _standing(one, cards[one.pk]) for one in evaluations if one.pk in cards}


def _standing(evaluation: Evaluation, card: Scorecard) -> Standing:
    indicators = evaluation.framework.indicators
    scores = read_result(card).indicators
    return Standing(evaluation, {indicators[code].permanent_key: score for code, score in scores.items()})


def read_sides(
    place_of: Callable[[Hotline], Place | None], hotlines: Iterable[Hotline] | None = None, *, visitors: bool = True
) -> list[Side]:
    """Return the weak indicators and the offers of these hotlines, or of all. Without `visitors`, only the offers.

    An offer counts while the hotline is accredited. A constant number of queries.
    """
    wanted = list(Hotline.objects.all() if hotlines is None else hotlines)
    accredited = Accreditation.objects.filter(
        state=Accreditation.State.VALID, decision__valid_until__gte=timezone.localdate()
    )
    offered = HostOffer.objects.filter(hotline__in=wanted).filter(hotline__in=accredited.values("hotline"))
    offers = {offer.hotline_id: offer for offer in offered}
    standings = read_standings(wanted) if visitors else {}
    published = read_published_standings([one for one in wanted if one.pk in offers])
    return [
        Side(
            hotline.country,
            frozenset(hotline.language_codes),
            standings[hotline.pk].weak() if visitors and hotline.pk in standings else {},
            _offer(offers.get(hotline.pk), published.get(hotline.pk)),
            place_of(hotline),
        )
        for hotline in wanted
    ]


def read_sides_to_plan(place_of: Callable[[Hotline], Place | None]) -> list[Side]:
    """Return the sides of a new programme: hosts with their remaining capacity, visitors without an open visit.

    A constant number of queries.
    """
    taken = Counter(visits_within_a_year(Exchange.objects.all()).values_list("host__country", flat=True))
    with_open_visit = set(Exchange.objects.filter(state__in=OPEN).values_list("visitor__country", flat=True))
    return [
        replace(
            side,
            weak={} if side.country in with_open_visit else side.weak,
            offer=side.offer and _left_of(side.offer, taken[side.country]),
        )
        for side in read_sides(place_of)
    ]


def _left_of(offer: Offer, taken: int) -> Offer | None:
    return replace(offer, most=offer.most - taken) if taken < offer.most else None


def _offer(offer: HostOffer | None, standing: Standing | None) -> Offer | None:
    if offer is None or standing is None:
        return None
    return Offer(offer.most, frozenset(offer.languages), standing.strong(offer.domains))


def matches_of(hotline: Hotline, place_of: Callable[[Hotline], Place | None]) -> list[Match]:
    """Return the matches of a hotline with all hosts. They reveal only the offers of the others."""
    others = Hotline.objects.filter(host_offer__isnull=False).exclude(pk=hotline.pk)
    (own,) = read_sides(place_of, [hotline])
    return find_matches(own, read_sides(place_of, others, visitors=False))


# --- Offers ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def offer_to_host(hotline: Hotline, *, most: int, domains: list[str], languages: list[str], by: User) -> None:
    """Create or update the offer of a hotline to host, with its domains and languages. Raises Refusal."""
    if not is_allowed("exchange.offer", by, hotline):
        raise Refusal("offer", [no_right("exchange.offer", by, hotline)])
    HostOffer.objects.update_or_create(
        hotline=hotline,
        defaults={"most": most, "domains": domains, "languages": languages, "by": by, "at": timezone.now()},
    )


@transaction.atomic
def withdraw_offer(hotline: Hotline, *, by: User) -> None:
    """Delete the offer of a hotline to host. Accepted visits are kept. Raises Refusal."""
    if not is_allowed("exchange.offer", by, hotline):
        raise Refusal("offer", [no_right("exchange.offer", by, hotline)])
    HostOffer.objects.filter(hotline=hotline).delete()


# --- Requests and reports --------------------------------------------------------------------------------------------


@transaction.atomic
def request_exchange(visitor: Hotline, host: Hotline, keys: Iterable[str], message: str, *, by: User) -> Exchange:
    """Request a visit for indicators, by permanent key, in which the host is strong.

    Raises Refusal without the right, if an exchange is open, and if the host offers none of the indicators any more.
    """
    exchange = Exchange(visitor=visitor, host=host, message=message.strip(), requested_by=by)
    if not is_allowed("exchange.visit", by, exchange):
        raise Refusal("request", [no_right("exchange.visit", by, exchange)])
    if Exchange.objects.filter(visitor=visitor, host=host, state__in=OPEN).exists():
        raise Refusal("request", [Reason("exchange_is_open")])
    (own,), (offered,) = read_sides(_nowhere, [visitor]), read_sides(_nowhere, [host], visitors=False)
    match = match_sides(own, offered)
    chosen = [key for key in keys if match is not None and key in match.gains]
    if not chosen:
        raise Refusal("request", [Reason("host_offers_no_more")])
    scores = read_standings([visitor])[visitor.pk].scores
    exchange.levels = {key: scores[key].level for key in chosen}
    try:
        with transaction.atomic():
            exchange.save()
    except IntegrityError as error:  # a concurrent request
        raise Refusal("request", [Reason("exchange_is_open")]) from error
    return exchange


def _nowhere(_hotline: Hotline) -> None:
    """Return None as the place of a hotline, for use where distances do not matter."""


def _lock_offer(exchange: Exchange, _by: User | None) -> None:
    """Lock the host's offer, so that visits that are accepted concurrently are counted one after the other."""
    HostOffer.objects.select_for_update().filter(hotline=exchange.host_id).first()


register_act(Exchange.kind, "accept", act=Act(lock=_lock_offer))


def _check_held(exchange: Exchange, *, by: User | None, note: str, day: date, report: str) -> Iterator[Reason]:
    if day > timezone.localdate():
        yield Reason("visit_is_to_come", day=day)
    if day < (requested := timezone.localdate(exchange.requested_at)):
        yield Reason("visit_before_request", day=requested)
    if not report.strip():
        yield Reason("report_missing")


def _set_held(exchange: Exchange, *, by: User | None, day: date, report: str) -> None:
    """Set the day of the visit and the report."""
    exchange.set_held(day, report)


register_act(Exchange.kind, "hold", act=Act(check=_check_held, prepare=_set_held))


# --- Readers ---------------------------------------------------------------------------------------------------------


def exchanges_of(user: User) -> QuerySet[Exchange]:
    """Return the visits that a user may see, newest first: all for MCE, those visited or hosted for a hotline."""
    found = Exchange.objects.select_related("visitor", "host")
    if user.has_role(Role.MCE_COORDINATOR):
        return found
    own = user.hotlines_as(*HOTLINE_ROLES)
    return found.filter(Q(visitor__in=own) | Q(host__in=own))


@dataclass(frozen=True, slots=True)
class Change:
    """The level of the visitor in one indicator, before the visit and in its next decided evaluation."""

    key: str
    before: int | None
    after: int | None


def find_level_changes(exchange: Exchange) -> tuple[Standing, list[Change]] | None:
    """Return the visitor's standing in its first decided evaluation after the visit, and the changes of its levels.

    The round of that evaluation opens after the visit; None if there is none yet. Only for the visitor and MCE, because
    its outcome may not be published yet.
    """
    if exchange.held_on is None:
        return None
    is_decided = Q(state__in=Evaluation.DECIDED_AND_LATER) | followed_up()
    later = Evaluation.objects.filter(
        is_decided, hotline=exchange.visitor_id, round__opens_on__gt=exchange.held_on
    ).select_related("round__edition")
    evaluation = later.order_by("round__opens_on", "pk").first()
    card = evaluation.decided_scorecard if evaluation else None
    if evaluation is None or card is None:
        return None
    standing = _standing(evaluation, card)
    changes = [
        Change(key, before, standing.scores[key].level if key in standing.scores else None)
        for key, before in exchange.levels.items()
    ]
    return standing, changes
