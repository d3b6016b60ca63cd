"""The editions that can be compared, released or draft, with their contents, and the mapping between two of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from standards.drafts.fields import write_texts
from standards.editions.comparison import Decision, EditionContent, EditionMapping, Pair, propose_pairs
from standards.editions.page_reader import read_tree
from standards.models import Edition, EditionPage, MappingDecision


@dataclass(frozen=True)
class ComparedEdition:
    """An edition to compare: its release, or its page while it is a draft."""

    code: str
    released: Edition | None
    page: EditionPage | None

    @property
    def is_draft(self) -> bool:
        return self.released is None

    @property
    def source_language(self) -> str:
        if self.released:
            return self.released.source_language
        assert self.page is not None  # a draft is its page
        return str(self.page.source_language)

    def read(self) -> EditionContent:
        """Return its content in its source language."""
        if self.released:
            return EditionContent(self.released.framework, self.released.texts(self.source_language))
        assert self.page is not None  # a draft is its page
        tree = read_tree(self.page)
        return EditionContent(tree.framework, write_texts(tree.text))


def list_editions() -> list[ComparedEdition]:
    """Return every edition, the newest first: drafts, then releases. Runs two queries."""
    released = {edition.code: edition for edition in Edition.objects.all()}
    pages = {
        page.code: page for page in EditionPage.objects.select_related("locale").order_by("path") if page.is_source
    }
    drafts = [ComparedEdition(code, None, page) for code, page in reversed(pages.items()) if code not in released]
    return [*drafts, *(ComparedEdition(code, edition, pages.get(code)) for code, edition in released.items())]


def of_release(edition: Edition) -> ComparedEdition:
    return ComparedEdition(edition.code, edition, None)


_PROPOSALS: dict[tuple[str, str], tuple[Pair, ...]] = {}
"""The proposed pairs of two released editions, by their digests. They need not expire, as no release ever changes."""


def read_mapping(
    before: ComparedEdition,
    now: ComparedEdition,
    *,
    on: datetime | None = None,
    confirmed_until: datetime | None = None,
) -> EditionMapping:
    """Return the mapping between two editions with the decisions made up to `on`, by default up to now.

    Of the later decisions, the confirmations made up to `confirmed_until` count, too.
    """
    former, present = before.read(), now.read()
    decisions = _decisions(before, now, on, confirmed_until)
    return EditionMapping(
        former, present, decisions, _asked_anew(before, now), _proposals(before, now, former, present)
    )


def _proposals(
    before: ComparedEdition, now: ComparedEdition, former: EditionContent, present: EditionContent
) -> tuple[Pair, ...]:
    if before.released is None or now.released is None:
        return propose_pairs(former, present)
    found = (before.released.sha256, now.released.sha256)
    if found not in _PROPOSALS:
        _PROPOSALS[found] = propose_pairs(former, present)
    return _PROPOSALS[found]


def _decisions(
    before: ComparedEdition, now: ComparedEdition, on: datetime | None, confirmed_until: datetime | None
) -> Iterable[Decision]:
    """Return the latest decision of each pair."""
    rows = MappingDecision.objects.filter(before=before.code, now=now.code).order_by("pk").select_related("by")
    if on:
        later = Q(is_confirmed=True, at__lte=confirmed_until) if confirmed_until else Q(pk=None)
        rows = rows.filter(Q(at__lte=on) | later)
    found = {}
    for row in rows:
        found[row.before_key, row.now_key] = Decision(
            row.before_key, row.now_key, row.is_confirmed, row.questions, str(row.by), row.at
        )
    return found.values()


def _asked_anew(before: ComparedEdition, now: ComparedEdition) -> set[str]:
    """Return the keys of the indicators that are asked anew by an edition released between the two."""
    if before.released is None:
        return set()
    between = Edition.objects.filter(released_at__gt=before.released.released_at)
    if now.released:
        between = between.filter(released_at__lt=now.released.released_at)
    return {i.permanent_key for edition in between for i in edition.framework.indicators.values() if i.asked_anew}


def decide(
    before: ComparedEdition,
    now: ComparedEdition,
    mapping: EditionMapping,
    pairs: Iterable[Pair],
    *,
    is_confirmed: bool,
    by: Any,
) -> int:
    """Store a decision for each pair, unless its latest decision is the same. Return the number of stored decisions.

    Duplicate pairs count once.
    """
    known = {mapped.pair: mapped for mapped in mapping.mapped}
    rows = []
    for pair in dict.fromkeys(pairs):
        questions, mapped = mapping.questions(pair), known.get(pair)
        former = mapped.decision if mapped else None
        if former and (former.is_confirmed, former.questions) == (is_confirmed, questions):
            continue
        rows.append(
            MappingDecision(
                before=before.code,
                now=now.code,
                before_key=mapping.before.framework.indicators[pair.before].permanent_key,
                now_key=mapping.now.framework.indicators[pair.now].permanent_key,
                is_confirmed=is_confirmed,
                questions=questions,
                by=by,
            )
        )
    return len(MappingDecision.objects.bulk_create(rows))
