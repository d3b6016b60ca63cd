"""What the public may read of a hotline: public facts, and an outcome once it is published. Never work in progress."""

import json
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _

from evaluation import queries
from evaluation.models import Decision, Evaluation, Hotline, Recommendation, Round
from evaluation.scoring import Scorecard, as_tenths, read_scorecard
from portal.pages.tiles import place
from reports.models import Issue
from standards.framework import Test
from standards.models import Edition, Texts

GRANTED = ("accredited", "conditional")
"""Outcomes that are published with what was found. Any other reads "no current accreditation" in public."""

KINDS = ("accredited", "conditional", "deferred", "running", "lapsed")
"""How a hotline may stand, in the order of the lists."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a hotline stands today: `kind` as it is drawn, `label` in words, the decision behind it if any."""

    kind: str
    label: Any
    until: date | None = None
    decision: Decision | None = None


@dataclass(frozen=True)
class Entry:
    """A hotline in the register."""

    hotline: Hotline
    standing: Standing

    @property
    def code(self) -> str:
        return self.hotline.country

    @cached_property
    def operator(self) -> str:
        operation = self.hotline.operation_today
        return operation.operator.name if operation else ""

    @cached_property
    def searched(self) -> str:
        return folded(f"{self.hotline.name} {self.hotline.code} {self.operator}")


def folded(text: str) -> str:
    """Lower case and without accents, so that `aland` finds `Åland`."""
    return "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))


def words_of_kind(kind: str) -> str:
    """What a kind of standing is called in lists, where no edition speaks."""
    return {
        "accredited": _("Accredited"),
        "conditional": _("With conditions"),
        "deferred": _("Deferred"),
        "running": _("Being evaluated"),
        "lapsed": _("No current accreditation"),
    }[kind]


def read_register() -> list[Entry]:
    """Every hotline with where it stands, by country. A constant number of queries, however many there are."""
    hotlines = list(queries.with_operators(Hotline.objects.order_by("name")))
    standings = _standings(hotlines)
    return [Entry(hotline, standings[hotline.pk]) for hotline in hotlines]


def _standings(hotlines: Iterable[Hotline]) -> dict[int, Standing]:
    outcomes = queries.current_outcomes()
    running = set(
        Evaluation.objects.filter(round__state=Round.State.OPEN)
        .exclude(state=Evaluation.State.PUBLISHED)
        .values_list("hotline", flat=True)
    )
    texts = _texts(decision.evaluation.round.edition for decision in outcomes.values())
    return {
        hotline.pk: _standing(outcomes.get(hotline.pk), hotline.pk in running, texts, timezone.localdate())
        for hotline in hotlines
    }


def _texts(editions: Iterable[Edition]) -> dict[int, Texts]:
    """The words of the editions in the reader's language; one query an edition."""
    return {edition.pk: edition.texts(get_language()) for edition in {e.pk: e for e in editions}.values()}


def _standing(decision: Decision | None, is_running: bool, texts: dict[int, Texts], today: date) -> Standing:
    if decision is not None:
        is_valid = decision.valid_until is not None and decision.valid_until >= today
        label = texts[decision.evaluation.round.edition_id][f"outcome/{decision.outcome}"]
        if decision.outcome in GRANTED and is_valid:
            return Standing(decision.outcome, label, decision.valid_until, decision)
        if decision.outcome == "deferred" and not is_running:
            return Standing("deferred", label, None, decision)
    if is_running:
        return Standing("running", words_of_kind("running"), None, decision)
    return Standing("lapsed", words_of_kind("lapsed"), None, decision)


@dataclass(frozen=True, slots=True)
class Map:
    """One tile map with its counts: the network, or the invented hotlines of a demonstration."""

    is_invented: bool
    tiles: list[dict[str, Any]]
    counts: list[dict[str, Any]]


def count_standings(entries: list[Entry]) -> list[dict[str, Any]]:
    """How many hotlines stand where, in the order of the lists. A deferral is rare: it is named only if there is one."""
    counted = Counter(entry.standing.kind for entry in entries)
    return [
        {"kind": kind, "label": words_of_kind(kind), "count": counted[kind]}
        for kind in KINDS
        if counted[kind] or kind != "deferred"
    ]


def _tile(entry: Entry, spot: tuple[int, int], address: Callable[[str], str]) -> dict[str, Any]:
    column, row = spot
    return {
        "column": column,
        "row": row,
        "code": entry.code,
        "name": entry.hotline.name,
        "kind": entry.standing.kind,
        "label": entry.standing.label,
        "url": address(entry.code),
    }


def draw_maps(entries: list[Entry], address: Callable[[str], str]) -> list[Map]:
    """The maps that have a tile, the invented one first; `address` gives the page of a code."""
    maps = []
    for is_invented in (True, False):
        chosen = [entry for entry in entries if entry.hotline.is_invented is is_invented]
        if not chosen:
            continue
        tiles = [_tile(entry, spot, address) for entry in chosen if (spot := place(entry.code))]
        tiles.sort(key=lambda tile: (tile["row"], tile["column"]))
        maps.append(Map(is_invented, tiles, count_standings(chosen)))
    return maps


# --- One hotline ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DomainLine:
    """A domain on a hotline's page: what it reached, and whether that is below the line."""

    title: Any
    ratio: Fraction | None
    is_low: bool

    @property
    def whole(self) -> int | None:
        """The width of its bar: whole per cent, rounded down."""
        tenths = as_tenths(self.ratio)
        return None if tenths is None else tenths // 10


@dataclass(frozen=True)
class HotlinePage:
    """Everything that a hotline's public page says."""

    hotline: Hotline
    standing: Standing
    domains: list[DomainLine]
    line: int | None
    """The per cent that each domain must reach for full accreditation."""
    works_on: list[Recommendation]
    good_practice: list[Any]
    papers: list[Issue]

    @property
    def decision(self) -> Decision | None:
        return self.standing.decision

    @property
    def shows_findings(self) -> bool:
        return self.decision is not None and self.decision.outcome in GRANTED

    @property
    def operation(self) -> Any:
        return self.hotline.operation_today

    @property
    def former(self) -> list[Any]:
        return [operation for operation in self.hotline.operations.all() if not operation.is_current]

    @property
    def languages(self) -> str:
        """The languages spoken on the line, in the reader's language."""
        return ", ".join(_language_name(code) for code in self.hotline.languages.replace(",", " ").split())


def _language_name(code: str) -> str:
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code


def read_hotline(country: str) -> HotlinePage | None:
    """The page of the hotline of a country code; None when there is no such hotline."""
    hotline = queries.with_operators(Hotline.objects.filter(country=country)).first()
    if hotline is None:
        return None
    standing = _standings([hotline])[hotline.pk]
    decision = standing.decision
    if decision is None or decision.outcome not in GRANTED:
        return HotlinePage(hotline, standing, [], None, [], [], [])
    evaluation = decision.evaluation
    texts = evaluation.round.edition.texts(get_language())
    card = read_scorecard(json.loads(decision.scorecard.payload)["scorecard"])
    line = _domain_line(card)
    issued = Recommendation.State.ISSUED
    seen = evaluation.findings.filter(good_practice=True).values_list("code", flat=True)
    order = {code: number for number, code in enumerate(card.indicators)}
    return HotlinePage(
        hotline=hotline,
        standing=standing,
        domains=[
            DomainLine(
                title=texts[f"domain/{domain.code}/title"],
                ratio=domain.ratio,
                is_low=line is not None and domain.ratio is not None and domain.ratio * 100 < line,
            )
            for domain in card.domains
        ],
        line=line,
        works_on=list(evaluation.recommendations.filter(is_dropped=False, state=issued).order_by("priority", "pk")),
        good_practice=[texts[f"indicator/{code}/wording"] for code in sorted(seen, key=lambda c: order.get(c, 0))],
        papers=_newest_of_each_language(decision),
    )


def _domain_line(card: Scorecard) -> int | None:
    """The share of each domain that the strictest outcome asks for."""
    asked = [
        check.condition.percent
        for outcome in card.outcomes
        for check in outcome.checks
        if check.condition.test is Test.DOMAINS and check.condition.percent is not None
    ]
    return max(asked, default=None)


def _newest_of_each_language(decision: Decision) -> list[Issue]:
    found: dict[str, Issue] = {}
    for issue in Issue.objects.filter(decision=decision).defer("document").order_by("-printed_at", "-pk"):
        found.setdefault(issue.language, issue)
    return sorted(found.values(), key=lambda issue: (issue.language != get_language(), issue.language))


def find_paper(country: str, uid: UUID) -> Issue | None:
    """A printed report that the public may have: its evaluation is published, and its outcome is shown."""
    return (
        Issue.objects.filter(
            uid=uid,
            decision__in=queries.published_decisions(),
            decision__outcome__in=GRANTED,
            decision__evaluation__hotline__country=country,
        )
        .defer("document")
        .first()
    )
