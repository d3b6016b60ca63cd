"""Read the figures that the network's reports published over the years, with their notes on quality.

Two numbers that contradict each other are both shown, each with its source; they are neither averaged nor connected. A
line connects two years only if both were counted in the same way, according to their reports.
"""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

BLOCKS: Mapping[str, tuple[str, ...]] = {
    "contacts": ("calls_received", "calls_responded_to", "contacts", "unanswered_share_pct", "calls_change_pct"),
    "cases": ("cases", "new_cases", "open_cases_carried_over", "children", "cases_change_pct"),
    "categories": (
        *("share_runaway_pct", "share_parental_abduction_pct", "share_migration_pct"),
        *("share_lost_pct", "share_criminal_abduction_pct"),
    ),
    "abroad": (
        *("cross_border_share_pct", "cross_border_intra_eu_share_pct", "cross_border_north_africa_share_pct"),
        "parental_abduction_international_share_pct",
    ),
    "children": (
        *("runaway_found_in_year_pct", "parental_abduction_found_in_year_pct", "migration_found_in_year_pct"),
        *("runaway_found_within_1_week_pct", "runaway_found_1_week_to_1_month_pct", "runaway_not_found_pct"),
        *("runaway_found_deceased", "runaway_repeat_2_5_share_pct", "runaway_repeat_share_pct"),
        *("runaway_violence_share_pct", "violence_share_pct", "runaway_girls_share_pct"),
        *("median_age_lowest", "median_age_highest"),
    ),
    "hotlines": (
        *("volunteers_share_pct", "hotline_budget_change_pct", "hotline_staff_change_pct"),
        *("hotlines_using_accreditation_criteria", "accreditation_criteria", "hotlines_in_quality_project"),
        *("hotlines_little_caller_data_pct", "never_heard_of_116_numbers_pct"),
    ),
}
"""The series by subject, in the order of the page."""

COUNTED_ANEW = {("share_runaway_pct", 2015)}
"""The series, with the year, that are counted differently from that year on although their notes do not mention it."""

DERIVED = {("calls_received", 2014), ("calls_received", 2015)}
"""The numbers, by series and year, that were computed from a chart and not printed."""

FEWEST_POINTS = 3
"""The fewest points of a chart: of fewer, the table is more useful."""


@dataclass(frozen=True, slots=True)
class Published:
    """One number of a report. `qualifier` is = ~ < or >; `hotlines` is the number that reported, if known."""

    year: int
    item: str
    qualifier: str
    value: Fraction
    unit: str
    hotlines: int | None
    note: str
    is_contradicted: bool
    sources: tuple[str, ...]

    @property
    def is_exact(self) -> bool:
        return self.qualifier == "=" and not self.is_contradicted and (self.item, self.year) not in DERIVED


@dataclass(frozen=True, slots=True)
class PublishedSeries:
    """All numbers of one item, by year."""

    item: str
    numbers: tuple[Published, ...]

    @property
    def has_chart(self) -> bool:
        return len({number.year for number in self.numbers}) >= FEWEST_POINTS


def read_published(lines: Iterable[str]) -> tuple[Published, ...]:
    """Parse the file of published figures."""
    return tuple(
        Published(
            year=int(row["year"]),
            item=row["item"],
            qualifier=row["qualifier"],
            value=Fraction(row["value"]),
            unit=row["unit"],
            hotlines=int(row["hotlines_reporting"]) if row["hotlines_reporting"] else None,
            note=row["definition_note"],
            is_contradicted=row["conflict"] == "yes",
            sources=tuple(row["source"].split(" | ")),
        )
        for row in csv.DictReader(lines)
    )


def series_of(published: Sequence[Published]) -> dict[str, list[PublishedSeries]]:
    """Return the series of each block, without series that have no number."""
    found = {
        block: [
            PublishedSeries(item, tuple(sorted((n for n in published if n.item == item), key=lambda n: n.year)))
            for item in wanted
        ]
        for block, wanted in BLOCKS.items()
    }
    return {block: [one for one in several if one.numbers] for block, several in found.items()}


def is_counted_alike(before: Published, after: Published) -> bool:
    """Whether a line may connect two numbers: the years are consecutive and no report contradicts it.

    Both must have the same number of reporting hotlines; unknown in only one of them counts as different.
    """
    return (
        after.year == before.year + 1
        and before.note == after.note
        and before.hotlines == after.hotlines
        and not before.is_contradicted
        and not after.is_contradicted
        and (after.item, after.year) not in COUNTED_ANEW
    )
