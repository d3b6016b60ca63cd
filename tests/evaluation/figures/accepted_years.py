"""Hotlines with accepted files of a year, and published years."""

from datetime import date
from typing import Any

from evaluation.figures.dictionary.items import code_lists
from evaluation.figures.publishing.release import draft_release, publish
from evaluation.models import Figure, Hotline, NetworkRelease, StatisticsImport, User
from evaluation.models.people.roles import Role
from tests.factories import HotlineFactory, StatisticsImportFactory, person

CATEGORIES = {"runaway": 60, "parental_abduction": 30, "migration": 12, "criminal_abduction": 2, "unknown": 7}


def accepted(country: str, *, state: str = "accepted", year: int = 2025, calls: int = 400, **details: Any) -> Hotline:
    """Return a hotline with a year's file: calls, and cases of which two are abductions by a third person."""
    hotline = HotlineFactory(country=country, name=f"Land {country}", is_invented=False)
    keep(hotline, state=state, year=year, calls=calls, **details)
    return hotline


def three(countries: str = "BE LU NL", **details: Any) -> list[Hotline]:
    """Return as many hotlines as a publication needs; two of all their cases are abductions by a third person."""
    return [accepted(country, criminal=0 if n else 2, **details) for n, country in enumerate(countries.split())]


def keep(hotline: Hotline, *, state: str = "accepted", year: int = 2025, calls: int = 400, **details: Any) -> None:
    statistics = StatisticsImportFactory(
        hotline=hotline,
        state=state,
        period_start=details.get("start", date(year, 1, 1)),
        period_end=details.get("end", date(year, 12, 31)),
        file_digest=f"{hotline.country}{year}{state}{calls}",
    )
    short, new = details.get("short", 20), CATEGORIES | {"criminal_abduction": details.get("criminal", 2)}
    cells = [("A03", "", calls), ("A04", "", calls - 60), ("A05", "", short), ("A06", "", 60 - short)]
    for code in code_lists()["category"]:
        cells += [(item, code, new.get(code, 0)) for item in ("A21", "A25")]
        cells.append(("A26", code, 0))
    Figure.objects.bulk_create(
        Figure(statistics=statistics, item=item, dim1_value=code, value=value, quality="measured")
        for item, code, value in cells
    )


def correct(hotline: Hotline, *, calls: int, **details: Any) -> None:
    """Accept other figures in place of the accepted ones."""
    StatisticsImport.objects.filter(hotline=hotline, state="accepted").update(state="superseded")
    keep(hotline, calls=calls, **details)


def coordinator_of_mce() -> User:
    return person(Role.MCE_COORDINATOR)


def release(year: int = 2025, *, invented: bool = False, by: User | None = None) -> NetworkRelease:
    """Publish the next release of a year."""
    draft = draft_release(year, invented=invented)
    publish(year, invented=invented, sha256=draft.sha256, by=by or coordinator_of_mce())
    return NetworkRelease.objects.get(network_year__year=year, network_year__is_invented=invented, sha256=draft.sha256)
