"""The demonstration's figures: three years and more of each invented hotline, sent, explained, confirmed and accepted.

Two of the hotlines leave something to do: one has a corrected file to confirm, another waits for acceptance. One sends
its contacts and cases of a month, too, which agree with its totals.
"""

from django.utils import timezone

from evaluation.crm.confirming import accept, confirm, explain, look_again
from evaluation.crm.generating import WRITTEN_AFTER, Exports, generate, period
from evaluation.crm.importing import import_statistics
from evaluation.crm.publishing.network_years import count_accepted
from evaluation.crm.publishing.releasing import draft_release, publish
from evaluation.models import Hotline, StatisticsImport, User

YEARS = 3
WAITS_FOR_ACCEPTANCE = "XH"
HAS_A_CORRECTION = "XA"
SENDS_RECORDS = "XI"


def send_figures(hotline: Hotline, *, since: int, seed: int, quality: float, coordinator: User, mce: User) -> None:
    """Send a file for each year from `since`, or from three years ago, until last year."""
    last = (timezone.localdate() - WRITTEN_AFTER).year - 1
    exports = Exports(hotline.code, seed, quality)
    for year in range(min(since, last - YEARS + 1), last + 1):
        if hotline.country == SENDS_RECORDS:
            content = exports.aggregate(*period(year))
        else:
            content = generate(hotline.code, year, seed=seed, quality=quality)
        sent = import_statistics(hotline, content, f"{hotline.code}-{year}.csv", by=coordinator)
        waits = (hotline.country, year) == (WAITS_FOR_ACCEPTANCE, last)
        _let_count(sent, coordinator, None if waits else mce)
    if hotline.country == HAS_A_CORRECTION:
        corrected = generate(hotline.code, last, seed=seed, quality=quality + 0.03)
        import_statistics(hotline, corrected, f"{hotline.code}-{last} corrected.csv", by=coordinator)
    if hotline.country == SENDS_RECORDS:
        for level in ("contact", "case"):
            content = exports.records(level, *period(last, month=12))
            sent = import_statistics(hotline, content, f"{hotline.code}-{last}-12 {level}.csv", by=coordinator)
            _let_count(sent, coordinator, mce)


def _let_count(sent: StatisticsImport, coordinator: User, mce: User | None) -> None:
    """Explain and confirm what was sent, and accept it unless nobody does yet."""
    if sent.state != StatisticsImport.State.CHECKED:
        return
    look_again(sent)
    explain(sent, ["The way of counting changed that year."] * len(sent.warnings), by=coordinator)
    confirm(sent, by=coordinator)
    if mce is not None:
        accept(sent, by=mce)


def make_public(by: User) -> None:
    """Release every year of the invented network that may be released."""
    for year in sorted(count_accepted(invented=True)):
        draft = draft_release(year, invented=True)
        if not draft.reasons:
            publish(year, invented=True, sha256=draft.sha256, by=by)
