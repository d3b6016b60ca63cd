"""The demonstration's figures: three years and more of each invented hotline, sent, explained, confirmed and accepted.

Two of the hotlines leave something to do: one has a corrected file to confirm, another waits for acceptance.
"""

from django.utils import timezone

from evaluation.crm.confirming import accept, confirm, explain
from evaluation.crm.generating import generate
from evaluation.crm.importing import import_statistics
from evaluation.models import Hotline, StatisticsImport, User

YEARS = 3
WAITS_FOR_ACCEPTANCE = "XH"
HAS_A_CORRECTION = "XA"


def send_figures(hotline: Hotline, *, since: int, seed: int, quality: float, coordinator: User, mce: User) -> None:
    """Send a file for each year from `since`, or from three years ago, until last year."""
    last = timezone.localdate().year - 1
    for year in range(min(since, last - YEARS + 1), last + 1):
        content = generate(hotline.code, year, seed=seed, quality=quality)
        sent = import_statistics(hotline, content, f"{hotline.code}-{year}.csv", by=coordinator)
        if sent.state != StatisticsImport.State.CHECKED:
            continue
        explain(sent, ["The way of counting changed that year."] * len(sent.warnings), by=coordinator)
        confirm(sent, by=coordinator)
        if (hotline.country, year) != (WAITS_FOR_ACCEPTANCE, last):
            accept(sent, by=mce)
    if hotline.country == HAS_A_CORRECTION:
        corrected = generate(hotline.code, last, seed=seed, quality=quality + 0.03)
        import_statistics(hotline, corrected, f"{hotline.code}-{last} corrected.csv", by=coordinator)
