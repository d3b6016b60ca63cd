"""What the public may read of a hotline: public facts, and an outcome once it is published. Never work in progress."""

import json
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from evaluation import queries
from evaluation.models import Accreditation, Decision, Evaluation, Hotline, Recommendation, Round
from evaluation.scoring import as_tenths, domain_line, is_below, read_scorecard
from evaluation.status import SUSPENDED, WITHDRAWN, Published, Status, histories_of, read_status
from portal.pages.tiles import place
from portal.passages import language_name
from portal.status_words import public_sentence, public_source
from reports.models import Issue
from reports.publishing import publish_result
from standards.drawing import outcome_kind
from standards.models import Edition, Texts

KINDS = ("accredited", "conditional", "suspended", "deferred", "running", "lapsed")
"""How a hotline may stand, in the order of the lists. What is withdrawn or over is no current accreditation."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a hotline stands on a day: `kind` as it is drawn, `label` in words, and what it rests on."""

    kind: str
    label: Any
    status: Status
    until: date | None = None

    @property
    def decision(self) -> Decision | None:
        return self.status.decision

    @property
    def suspended_since(self) -> date | None:
        return self.status.since if self.status.kind == SUSPENDED else None


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
        "suspended": _("Suspended"),
        "deferred": _("Deferred"),
        "running": _("Being evaluated"),
        "lapsed": _("No current accreditation"),
    }[kind]


def read_register() -> list[Entry]:
    """Every hotline with where it stands, by country. A constant number of queries, however many there are."""
    hotlines = list(queries.with_operators(Hotline.objects.order_by("name")))
    standings = _standings(hotlines)
    return [Entry(hotline, standings[hotline.pk]) for hotline in hotlines]


def _standings(hotlines: list[Hotline], day: date | None = None) -> dict[int, Standing]:
    """Where each hotline stands on a day, by its key; without a day, today where its last round kept its deadlines."""
    histories = histories_of(hotlines)
    running = set() if day else _being_evaluated()
    statuses = {key: read_status(history, day or _today(history)) for key, history in histories.items()}
    texts = _texts(status.decision.evaluation.round.edition for status in statuses.values() if status.decision)
    return {key: _standing(status, texts, is_running=key in running) for key, status in statuses.items()}


def _today(history: Sequence[Published]) -> date:
    return history[0].publication.decision.evaluation.round.today if history else timezone.localdate()


def _being_evaluated() -> set[int]:
    """The hotlines that are in an open round without a published decision yet, or whose deferral was taken up again.

    A decision that is being corrected or was made anew on an appeal is nobody's business until it is published.
    """
    under_way = Evaluation.objects.filter(round__state=Round.State.OPEN).exclude(
        state__in=(Evaluation.State.PUBLISHED, Evaluation.State.EXCUSED)
    )
    return set(
        under_way.exclude(state=Evaluation.State.DECIDED, decisions__publication__isnull=False).values_list(
            "hotline", flat=True
        )
    )


def _texts(editions: Iterable[Edition]) -> dict[int, Texts]:
    """The words of the editions in the reader's language; one query an edition."""
    return {edition.pk: edition.texts(get_language()) for edition in {e.pk: e for e in editions}.values()}


def _standing(status: Status, texts: dict[int, Texts], *, is_running: bool) -> Standing:
    decision = status.decision
    if status.kind == SUSPENDED:
        return Standing("suspended", words_of_kind("suspended"), status)
    if decision and (status.is_accredited or (decision.hand_in_by and not is_running)):
        label = texts[decision.evaluation.round.edition_id][f"outcome/{decision.outcome}"]
        kind = outcome_kind(decision.evaluation.round.edition.framework, decision.outcome)
        return Standing(kind, label, status, status.until)
    kind = "running" if is_running else "lapsed"
    return Standing(kind, words_of_kind(kind), status)


@dataclass(frozen=True, slots=True)
class Map:
    """One tile map with its counts: the network, or the invented hotlines of a demonstration."""

    is_invented: bool
    tiles: list[dict[str, Any]]
    counts: list[dict[str, Any]]


def count_standings(entries: list[Entry]) -> list[dict[str, Any]]:
    """How many hotlines stand where, in the order of the lists. What is rare is named only if there is one."""
    counted = Counter(entry.standing.kind for entry in entries)
    return [
        {"kind": kind, "label": words_of_kind(kind), "count": counted[kind]}
        for kind in KINDS
        if counted[kind] or kind not in ("suspended", "deferred")
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

    code: str
    title: Any
    ratio: Fraction | None
    is_low: bool

    @property
    def whole(self) -> int | None:
        """The width of its bar: whole per cent, rounded down."""
        tenths = as_tenths(self.ratio)
        return None if tenths is None else tenths // 10


@dataclass(frozen=True, slots=True)
class AskedDay:
    """A day that a reader asked about, and where the hotline stood or will stand then."""

    day: date
    standing: Standing
    sentence: str
    source: str
    is_to_come: bool


def read_day(hotline: Hotline, day: date) -> AskedDay:
    """Where a hotline stands on a day, by what is published today."""
    standing = _standings([hotline], day)[hotline.pk]
    sentence, source = public_sentence(standing.status, standing.label), public_source(standing.status)
    return AskedDay(day, standing, sentence, source, is_to_come=day > timezone.localdate())


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
        return _shows_findings(self.standing.status)

    @cached_property
    def result(self) -> dict[str, Any] | None:
        """The file by which anybody can compute the result again, where what was found is told."""
        return publish_result(self.decision) if self.decision and self.shows_findings else None

    @property
    def operation(self) -> Any:
        return self.hotline.operation_today

    @property
    def former(self) -> list[Any]:
        return [operation for operation in self.hotline.operations.all() if not operation.is_current]

    @property
    def languages(self) -> str:
        """The languages spoken on the line, in the reader's language."""
        return ", ".join(language_name(code) for code in self.hotline.languages.replace(",", " ").split())


def _shows_findings(status: Status) -> bool:
    """What was found is published with a decision that accredits, until that is withdrawn."""
    return status.accreditation is not None and status.kind != WITHDRAWN


def read_hotline(country: str) -> HotlinePage | None:
    """The page of the hotline of a country code; None when there is no such hotline."""
    hotline = queries.with_operators(Hotline.objects.filter(country=country)).first()
    if hotline is None:
        return None
    standing = _standings([hotline])[hotline.pk]
    decision = standing.decision
    if not _shows_findings(standing.status):
        return HotlinePage(hotline, standing, [], None, [], [], [])
    evaluation = decision.evaluation
    texts = evaluation.round.edition.texts(get_language())
    card = read_scorecard(json.loads(decision.scorecard.payload)["scorecard"])
    line = domain_line(evaluation.framework.rule)
    settled = (Recommendation.State.DRAFTED, Recommendation.State.VERIFIED, Recommendation.State.CLOSED)
    seen = evaluation.findings.filter(good_practice=True).values_list("code", flat=True)
    order = {code: number for number, code in enumerate(card.indicators)}
    return HotlinePage(
        hotline=hotline,
        standing=standing,
        domains=[
            DomainLine(
                code=domain.code,
                title=texts[f"domain/{domain.code}/title"],
                ratio=domain.ratio,
                is_low=is_below(domain.ratio, line),
            )
            for domain in card.domains
        ],
        line=line,
        works_on=list(
            evaluation.recommendations.filter(is_dropped=False).exclude(state__in=settled).order_by("priority", "pk")
        ),
        good_practice=[texts[f"indicator/{code}/wording"] for code in sorted(seen, key=lambda c: order.get(c, 0))],
        papers=_newest_of_each_language(decision),
    )


def _newest_of_each_language(decision: Decision) -> list[Issue]:
    found: dict[str, Issue] = {}
    for issue in Issue.objects.filter(decision=decision).defer("document").order_by("-printed_at", "-pk"):
        found.setdefault(issue.language, issue)
    return sorted(found.values(), key=lambda issue: (issue.language != get_language(), issue.language))


def _told_decisions(country: str) -> QuerySet[Decision]:
    """The decisions on a hotline of which the public may have the papers: published, and accrediting.

    Not when something else was published in their place, nor when what they grant is withdrawn.
    """
    return (
        queries.published_decisions()
        .filter(accreditation__isnull=False, evaluation__hotline__country=country)
        .exclude(accreditation__state=Accreditation.State.WITHDRAWN)
        .exclude(replaced_by__publication__isnull=False)
    )


def find_paper(country: str, uid: UUID) -> Issue | None:
    """A printed report that the public may have."""
    return Issue.objects.filter(uid=uid, decision__in=_told_decisions(country)).defer("document").first()


def find_result(country: str, uid: UUID) -> Decision | None:
    """A decision whose result the public may compute again."""
    return _told_decisions(country).filter(uid=uid).first()
