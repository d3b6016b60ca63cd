"""Publish a year of the network: draft it outside any transaction, review it, and release exactly that draft."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import transaction

from evaluation.cached import find_cached, get_or_compute, recompute
from evaluation.figures.dictionary.items import SCHEMA_VERSION, code_lists
from evaluation.figures.publishing.disclosure import FEWEST_HOTLINES
from evaluation.figures.publishing.hotline_year import HotlineYear
from evaluation.figures.publishing.layout import count_changed
from evaluation.figures.publishing.network_tables import Former, YearTables, tabulate
from evaluation.figures.publishing.network_years import RULES, network_hotlines, read_hotline_years
from evaluation.figures.publishing.year_data import as_text, from_text
from evaluation.models import NetworkRelease, NetworkYear, Step, User
from evaluation.models.people.permissions import is_allowed, no_right
from evaluation.models.reasons import Reason
from evaluation.workflow import Refusal, act_of, perform
from standards.framework import canonical, digest

_KEPT = "release-draft"
"""The name under which the tables of drafts are cached."""


@dataclass(frozen=True)
class Draft:
    """The next release of a year, computed now, and the reasons why it cannot be published."""

    year: int
    is_invented: bool
    year_tables: YearTables
    document: str
    basis: str
    changed: int
    """How many hotlines joined, left or have other counts since the last release."""
    reasons: tuple[Reason, ...]

    @cached_property
    def sha256(self) -> str:
        return digest(self.document)


@dataclass(frozen=True, slots=True)
class DraftSource:
    """Everything that the next release of a year is computed from, read in a moment.

    `version` contains it: the counts and published results of the hotlines, every earlier release with its own, the
    data dictionary, and the rules.
    """

    year: int
    is_invented: bool
    given: Sequence[HotlineYear]
    formers: Sequence[NetworkRelease]
    hotlines: int
    basis: str
    version: Sequence[Any]

    @property
    def is_trivial(self) -> bool:
        """Whether there is nothing to suppress, as no table is published of so few hotlines."""
        return not self.formers and len(self.given) < FEWEST_HOTLINES

    def tabulate(self) -> YearTables:
        """Compute the tables, which takes seconds."""
        former = NetworkRelease.objects.in_bulk([one.pk for one in self.formers])
        return tabulate(self.year, self.given, self.hotlines, [_former(former[one.pk]) for one in self.formers])

    def draft(self, year_tables: YearTables) -> Draft:
        changed = count_changed(self.given, _given_to(self.formers[-1]) if self.formers else [])
        return Draft(
            year=self.year,
            is_invented=self.is_invented,
            year_tables=year_tables,
            document=as_text(year_tables, invented=self.is_invented),
            basis=self.basis,
            changed=changed,
            reasons=tuple(_find_reasons(year_tables, self.given, changed, has_formers=bool(self.formers))),
        )


def read_source(year: int, *, invented: bool) -> DraftSource:
    hotlines = network_hotlines(invented=invented)
    given = read_hotline_years(year, hotlines)
    releases = NetworkRelease.objects.filter(network_year__year=year, network_year__is_invented=invented)
    formers = list(releases.defer("document", "basis").order_by("number"))
    basis = canonical([one.as_data() for one in given])
    version = [
        *(RULES, SCHEMA_VERSION, {name: list(codes) for name, codes in code_lists().items()}, year, invented),
        *(len(hotlines), digest(basis), [[one.number, one.sha256, one.basis_sha256] for one in formers]),
    ]
    return DraftSource(year, invented, given, formers, len(hotlines), basis, version)


def find_kept_draft(source: DraftSource) -> Draft | None:
    """Return the next release of a year if its tables were computed from this source before."""
    year_tables: YearTables | None = find_cached(_KEPT, source.version)
    return None if year_tables is None else source.draft(year_tables)


def draft_release(year: int, *, invented: bool, is_fresh: bool = False) -> Draft:
    """Return the next release of a year, with suppression that takes every earlier release into account.

    The tables are cached by the digest of their source. With `is_fresh` they are computed in any case.
    """
    source = read_source(year, invented=invented)
    return source.draft((recompute if is_fresh else get_or_compute)(_KEPT, source.version, source.tabulate))


def _former(release: NetworkRelease) -> Former:
    return Former(_given_to(release), from_text(release.document))


def _given_to(release: NetworkRelease) -> list[HotlineYear]:
    return [HotlineYear.from_data(one) for one in json.loads(release.basis)]


def _find_reasons(
    year_tables: YearTables, given: Sequence[HotlineYear], changed: int, *, has_formers: bool
) -> list[Reason]:
    if year_tables.new_tables:
        return []
    if not has_formers:
        return [Reason("too_few_hotlines", have=len(given), need=FEWEST_HOTLINES)]
    if not changed:
        return [Reason("nothing_new")]
    return [Reason("too_few_changed", have=changed, need=FEWEST_HOTLINES)]


def publish(year: int, *, invented: bool, sha256: str, by: User, note: str = "") -> Step:
    """Release a year as it was reviewed; `sha256` is the digest of the reviewed draft's document.

    Computes the draft anew, outside the transaction of the move, and creates the year with its first release. Raises
    Refusal with every reason; then nothing is saved.
    """
    if not is_allowed("statistics.publish", by):
        raise Refusal("publish", [no_right("statistics.publish", by)])
    draft = draft_release(year, invented=invented, is_fresh=True)
    with transaction.atomic():
        network_year, _is_new = NetworkYear.objects.get_or_create(year=year, is_invented=invented)
        return perform(network_year, "publish", by=by, note=note, draft=draft, sha256=sha256)


def _may_be_released(
    network_year: NetworkYear, *, by: User | None, note: str, draft: Draft, sha256: str
) -> Iterable[Reason]:
    """Return reasons unless the draft is the reviewed one, follows every earlier release, and is publishable."""
    wanted = (network_year.year, network_year.is_invented, network_year.releases.count() + 1)
    if draft.sha256 != sha256 or (draft.year, draft.is_invented, draft.year_tables.release) != wanted:
        return [Reason("changed_meanwhile")]
    return draft.reasons


@act_of(NetworkYear.kind, "publish", check=_may_be_released)
def _write_release(network_year: NetworkYear, _step: Step, *, draft: Draft, sha256: str) -> None:
    """Create the release with its input."""
    NetworkRelease.objects.create(
        network_year=network_year,
        number=draft.year_tables.release,
        document=draft.document,
        sha256=sha256,
        basis=draft.basis,
        basis_sha256=digest(draft.basis),
    )


def newest_releases(years: Iterable[NetworkYear]) -> dict[int, NetworkRelease]:
    """Return the newest release of each year that has one, by the year's primary key. One query."""
    releases = NetworkRelease.objects.filter(network_year__in=list(years)).defer("basis")
    return {release.network_year_id: release for release in releases.order_by("number")}


def public_years(*, invented: bool) -> list[int]:
    """Return the published years, newest first."""
    public = NetworkYear.objects.filter(is_invented=invented, state=NetworkYear.State.PUBLIC)
    return list(public.values_list("year", flat=True))


def find_release(year: int, *, invented: bool, number: int | None = None) -> NetworkRelease | None:
    """Return a release of a published year: the newest, or the one with this number; None if there is none."""
    releases = NetworkRelease.objects.filter(
        network_year__year=year, network_year__is_invented=invented, network_year__state=NetworkYear.State.PUBLIC
    ).defer("basis")
    return (releases if number is None else releases.filter(number=number)).last()
