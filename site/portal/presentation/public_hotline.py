"""The public data of a hotline: public facts, and an outcome once it is published. Never work in progress."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from evaluation import queries
from evaluation.accreditation.status import WITHDRAWN, Status
from evaluation.answers.judgements import judgements_at
from evaluation.engine.scoring import Line, as_tenths, is_below, required_domain_line
from evaluation.models import (
    Accreditation,
    Appeal,
    Decision,
    Extent,
    FindingVersion,
    Hotline,
    PublicExtent,
    Recommendation,
)
from evaluation.models.panel.fulfilment import PublicCondition
from evaluation.scorecards import read_result
from portal.presentation.passages import language_name
from portal.presentation.register import (
    RegisterEntry,
    RegisterStatus,
    count_statuses,
    expected_register_status,
    register_status_of,
)
from portal.presentation.scorecard.outcomes import ShownGroup, ShownResult, describe_ratio, opened_groups, show_results
from portal.presentation.status_sentences import public_sentence, public_source
from portal.presentation.tiles import place
from reports.models import Issue
from reports.public_version import StaffNames, conditions_for_public, replacement
from reports.result.export import publish_result
from standards.presentation.reading_language import interface_language
from standards.presentation.rule_sentences import describe_domains
from standards.presentation.sentences import Passage


@dataclass(frozen=True, slots=True)
class RegisterMap:
    """One tile map with its counts: the network, or the invented hotlines of a demonstration."""

    is_invented: bool
    tiles: list[dict[str, Any]]
    counts: list[dict[str, Any]]


def _tile(entry: RegisterEntry, spot: tuple[int, int], address: Callable[[str], str]) -> dict[str, Any]:
    column, row = spot
    return {
        "column": column,
        "row": row,
        "code": entry.code,
        "name": entry.hotline.name,
        "kind": entry.register_status.kind,
        "label": entry.register_status.label,
        "url": address(entry.code),
    }


def draw_maps(entries: list[RegisterEntry], address: Callable[[str], str]) -> list[RegisterMap]:
    """Return the maps that have a tile, the invented one first. `address` returns the URL of a code."""
    maps = []
    for is_invented in (True, False):
        chosen = [entry for entry in entries if entry.hotline.is_invented is is_invented]
        if not chosen:
            continue
        tiles = [_tile(entry, spot, address) for entry in chosen if (spot := place(entry.code))]
        tiles.sort(key=lambda tile: (tile["row"], tile["column"]))
        maps.append(RegisterMap(is_invented, tiles, count_statuses(chosen)))
    return maps


# --- One hotline ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DomainLine:
    """A domain on a hotline's page: its score, whether that misses the required line, and both as a sentence."""

    code: str
    title: Any
    ratio: Fraction | None
    is_low: bool
    sentence: str
    group: ShownGroup | None = None
    """The group of domains that begins with it."""

    @property
    def whole(self) -> int | None:
        """The width of its bar: whole per cent, rounded down."""
        tenths = as_tenths(self.ratio)
        return None if tenths is None else tenths // 10


@dataclass(frozen=True, slots=True)
class StatusOnDay:
    """A requested day, and the status of the hotline on it."""

    day: date
    register_status: RegisterStatus
    sentence: str
    source: str
    is_to_come: bool


def read_day(hotline: Hotline, day: date) -> StatusOnDay:
    """Return the status of a hotline on a day, by what is published today."""
    register_status = register_status_of(hotline, day)
    sentence, source = (
        public_sentence(register_status.status, register_status.label),
        public_source(register_status.status),
    )
    return StatusOnDay(day, register_status, sentence, source, is_to_come=day > timezone.localdate())


@dataclass(frozen=True, slots=True)
class RecommendationInProgress:
    """A public recommendation: its title, in the edition's source language."""

    title: Passage
    due_on: date | None
    is_late: bool


@dataclass(frozen=True)
class HotlinePage:
    """All data of a hotline's public page."""

    hotline: Hotline
    register_status: RegisterStatus
    domains: list[DomainLine]
    line: Line | None
    """The percentage that each domain must reach for full accreditation."""
    works_on: list[RecommendationInProgress]
    good_practice: list[Any]
    papers: list[Issue]
    conditions: list[PublicCondition] = field(default_factory=list)
    """The conditions that the panel set, with their present state."""
    results: tuple[ShownResult, ...] = ()
    """Further results, besides the decision."""
    extent: Extent = Extent.OUTCOME
    methods: tuple[str, ...] = ()
    """Sentences on how the score of a domain is computed."""

    @property
    def open_conditions(self) -> list[PublicCondition]:
        return [one for one in self.conditions if not one.is_met]

    @property
    def decision(self) -> Decision | None:
        return self.register_status.decision

    @property
    def shows_findings(self) -> bool:
        return _shows_findings(self.register_status.status)

    @property
    def shows_decision(self) -> bool:
        """Whether it is public who decided, and when."""
        return self.shows_findings or self.register_status.kind in ("deferred", "refused")

    @cached_property
    def result(self) -> dict[str, Any] | None:
        """The data from which anybody can recompute the result, if the whole report is public."""
        is_public = self.shows_findings and self.extent == Extent.WHOLE
        return publish_result(self.decision) if self.decision and is_public else None

    @property
    def is_withdrawal_contested(self) -> bool:
        """Whether the hotline's appeal against the withdrawal of its accreditation is open. One query if withdrawn."""
        lodged = Appeal.objects.filter(withdrawal__accreditation__hotline=self.hotline, state=Appeal.State.LODGED)
        return self.register_status.kind == WITHDRAWN and lodged.exists()

    @property
    def operation(self) -> Any:
        return self.hotline.operation_today

    @property
    def former(self) -> list[Any]:
        return [operation for operation in self.hotline.operations.all() if not operation.is_current]

    @property
    def languages(self) -> str:
        """The languages spoken on the line, in the reader's language."""
        return ", ".join(language_name(code) for code in self.hotline.language_codes)


def _shows_findings(status: Status) -> bool:
    """Whether findings are published: with a decision that accredits, until that is withdrawn."""
    return status.accreditation is not None and status.kind != WITHDRAWN


def read_hotline(country: str) -> HotlinePage | None:
    """Return the page of the hotline of a country code; None if there is no such hotline."""
    hotline = queries.with_operators(Hotline.objects.filter(country=country)).first()
    if hotline is None:
        return None
    register_status = register_status_of(hotline)
    decision = register_status.decision
    if decision is None or not _shows_findings(register_status.status):
        return _without_findings(hotline, register_status)
    chosen = _chosen_extent(decision)
    extent = Extent(chosen.extent) if chosen else Extent.OUTCOME
    return _read_page(hotline, register_status, decision, extent, _papers(decision, chosen))


def preview_hotline(decision: Decision, extent: Extent) -> HotlinePage:
    """Return the page of the hotline as it will be once `decision` is published to this extent."""
    hotline = queries.with_operators(Hotline.objects.filter(pk=decision.evaluation.hotline_id)).get()
    register_status = expected_register_status(decision)
    if register_status.decision != decision or not _shows_findings(register_status.status):
        return _without_findings(hotline, register_status)
    papers = newest_of_each_language(Issue.objects.filter(decision=decision, extent=extent))
    return _read_page(hotline, register_status, decision, extent, papers)


def _without_findings(hotline: Hotline, register_status: RegisterStatus) -> HotlinePage:
    return HotlinePage(hotline, register_status, [], None, [], [], [])


def _read_page(
    hotline: Hotline, register_status: RegisterStatus, decision: Decision, extent: Extent, papers: list[Issue]
) -> HotlinePage:
    """Return the page with what the extent makes public. The names of the hotline's staff are replaced."""
    evaluation, language = decision.evaluation, interface_language()
    names = StaffNames.of(hotline) if extent == Extent.WHOLE else None
    conditions = conditions_for_public(decision, language, names)
    if extent == Extent.OUTCOME:
        return replace(_without_findings(hotline, register_status), conditions=conditions)
    texts = evaluation.round.edition.texts(get_language())
    card = read_result(decision.scorecard)
    line = required_domain_line(evaluation.framework.rule)
    groups = opened_groups(card, evaluation.framework, texts)
    settled = (Recommendation.State.DRAFTED, Recommendation.State.VERIFIED, Recommendation.State.CLOSED)
    judged = judgements_at(FindingVersion, evaluation, decision.voted.decided_at)
    seen = [code for code, finding in judged.items() if finding.good_practice]
    is_whole = extent == Extent.WHOLE
    followed = [one.code for one in conditions if one.code and not one.is_met]
    order = {code: number for number, code in enumerate(card.indicators)}
    word = replacement(language)
    return HotlinePage(
        hotline=hotline,
        register_status=register_status,
        domains=[
            DomainLine(
                code=domain.code,
                title=texts[f"domain/{domain.code}/title"],
                ratio=domain.ratio,
                is_low=is_below(domain.ratio, line),
                sentence=describe_ratio(domain.ratio, line),
                group=groups.get(domain.code),
            )
            for domain in card.domains
        ],
        line=line,
        works_on=[
            RecommendationInProgress(
                Passage(names.replace(title, word), evaluation.round.edition.source_language),
                due_on,
                is_late=due_on is not None and due_on < evaluation.round.today,
            )
            for title, due_on in evaluation.recommendations.filter(is_dropped=False)
            .exclude(state__in=settled)
            .exclude(code__in=followed)
            .values_list("title", "due_on")
        ]
        if names
        else [],
        good_practice=[texts[f"indicator/{code}/wording"] for code in sorted(seen, key=lambda c: order.get(c, 0))],
        papers=papers,
        conditions=conditions,
        methods=describe_domains(evaluation.framework),
        results=show_results(
            card,
            evaluation.framework,
            texts,
            lambda code: reverse("pages:why", args=[hotline.country, code]) if is_whole else "",
        ),
        extent=extent,
    )


def _chosen_extent(decision: Decision | int) -> PublicExtent | None:
    """Return what was last chosen to be public of a published decision; None if the outcome alone is. One query."""
    return PublicExtent.objects.filter(publication__decision=decision).first()


def _papers(decision: Decision, chosen: PublicExtent | None) -> list[Issue]:
    """Return the public papers: those printed for the extent before it was chosen, the newest of each language."""
    if chosen is None:
        return []
    return newest_of_each_language(
        Issue.objects.filter(decision=decision, extent=chosen.extent, printed_at__lte=chosen.at)
    )


def newest_of_each_language(issues: QuerySet[Issue]) -> list[Issue]:
    """Return the newest issue in each language, that of the reader first."""
    found: dict[str, Issue] = {}
    for issue in issues.defer("document").order_by("-printed_at", "-pk"):
        found.setdefault(issue.language, issue)
    return sorted(found.values(), key=lambda issue: (issue.language != interface_language(), issue.language))


def _published_decisions(country: str) -> QuerySet[Decision]:
    """Return the decisions on a hotline whose documents are public: published, and accrediting.

    Decisions that a later published one replaced, and those whose accreditation was withdrawn, are excluded.
    """
    return (
        queries.published_decisions()
        .filter(accreditation__isnull=False, evaluation__hotline__country=country)
        .exclude(accreditation__state=Accreditation.State.WITHDRAWN)
        .exclude(replaced_by__publication__isnull=False)
    )


def find_published_report(country: str, uid: UUID) -> Issue | None:
    """Return a printed report that is public, or None."""
    public = Issue.objects.filter(uid=uid, decision__in=_published_decisions(country)).exclude(extent="")
    issue = public.defer("document").first()
    chosen = _chosen_extent(issue.decision_id) if issue else None
    if issue is None or chosen is None or chosen.extent != issue.extent or issue.printed_at > chosen.at:
        return None
    return issue


def find_result(country: str, uid: UUID) -> Decision | None:
    """Return a decision whose result is public, or None."""
    decision = _published_decisions(country).filter(uid=uid).first()
    chosen = _chosen_extent(decision) if decision else None
    return decision if chosen and chosen.extent == Extent.WHOLE else None
