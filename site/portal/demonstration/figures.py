"""The figures of the demonstration: each hotline's years, sent, explained, confirmed and accepted.

Three of the hotlines have unfinished work: one has a corrected file to confirm, another waits for acceptance, and one
never sent any. One also sends the contacts and cases of a month, which agree with its totals.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random

from evaluation.figures.intake.confirmation import explain, recheck
from evaluation.figures.intake.imports import import_statistics
from evaluation.figures.publishing.network_years import count_accepted
from evaluation.figures.publishing.release import draft_release, publish
from evaluation.models import Hotline, StatisticsImport, User
from evaluation.workflow import perform
from portal.demonstration.clock import at
from portal.demonstration.exports import WRITTEN_AFTER, Exports, generate, period
from portal.demonstration.hotlines import Line

WAITS_FOR_ACCEPTANCE, SENT_DAYS_AGO = "XH", 16
HAS_A_CORRECTION = "XA"
SENDS_RECORDS = "XI"
SENT_NONE = "XJ"
LEAVE_GAPS = ("XE", "XQ", "XT")
"""The hotlines whose systems do not record everything."""
RECORDS_ALL = 0.6
"""The quality from which an invented file has no gaps (portal.demonstration.exports)."""
EXPLANATIONS = (
    "We moved to another case system in the spring of that year and entered open cases anew.",
    "A campaign in schools brought many short contacts in May and June.",
    "From that year on the chat is counted with the telephone; before, it was left out.",
    "The night desk was closed for six weeks, and calls went to our partner, who counts by itself.",
    "Cases of children in migration are reported by the reception centre since the autumn.",
    "Checked again against the telephone bills: the numbers are right, the year was unusual.",
    "A single family rang more than two hundred times; the contacts are real.",
)


def send_figures(
    line: Line, hotline: Hotline, years: range, today: date, *, coordinator: User, mce: User
) -> Iterator[datetime]:
    """Send the file of each year in the first months of the next one; MCE accepts it some days later."""
    if line.country == SENT_NONE:
        return
    dice = Random(f"figures {line.country}")  # noqa: S311 - invented
    seed = sum(line.country.encode())
    quality = line.quality if line.country in LEAVE_GAPS else max(line.quality, RECORDS_ALL)
    exports = Exports(hotline.code, seed, quality)
    for year in years[-2:] if line.country == SENDS_RECORDS else years:
        # A file is refused before its time of generation.
        day = date(year + 1, 1, 1) + WRITTEN_AFTER + timedelta(days=dice.randint(3, 50))
        is_last = year == years[-1]
        if is_last and line.country == WAITS_FOR_ACCEPTANCE:
            day = today - timedelta(days=SENT_DAYS_AGO)
        yield at(day, dice.randint(9, 16), dice.randint(0, 59))
        if line.country == SENDS_RECORDS:
            content = exports.aggregate(*period(year))
        else:
            content = generate(hotline.code, year, seed=seed, quality=quality)
        sent = import_statistics(hotline, content, f"{hotline.code}-{year}.csv", by=coordinator)
        if not _confirm(sent, coordinator, dice):
            continue
        yield at(day + timedelta(days=dice.randint(4, 12)), dice.randint(9, 16), dice.randint(0, 59))
        if not (is_last and line.country == WAITS_FOR_ACCEPTANCE):
            perform(sent, "accept", by=mce)
    if line.country == SENDS_RECORDS:
        for level in ("contact", "case"):
            content = exports.records(level, *period(years[-1], month=12))
            sent = import_statistics(hotline, content, f"{hotline.code}-{years[-1]}-12 {level}.csv", by=coordinator)
            if _confirm(sent, coordinator, dice):
                perform(sent, "accept", by=mce)


def send_correction(
    line: Line, hotline: Hotline, year: int, moment: datetime, *, coordinator: User
) -> Iterator[datetime]:
    """Send a corrected file, which is not confirmed yet."""
    yield moment
    corrected = generate(hotline.code, year, seed=sum(line.country.encode()), quality=line.quality + 0.03)
    import_statistics(hotline, corrected, f"{hotline.code}-{year} corrected.csv", by=coordinator)


def _confirm(sent: StatisticsImport, coordinator: User, dice: Random) -> bool:
    """Explain and confirm a file; return False if its validation failed."""
    if sent.state != StatisticsImport.State.CHECKED:
        return False
    recheck(sent)
    explanations = [dice.choice(EXPLANATIONS) for _warning in sent.warnings]
    explain(sent, explanations, by=coordinator)
    perform(sent, "confirm", by=coordinator)
    return True


def make_public(years: range, mce: User) -> Iterator[datetime]:
    """Release each year of the invented network that may be released, in June of the next year."""
    for year in years:
        yield at(date(year + 1, 6, 3), 11)
        if year in count_accepted(invented=True):
            draft = draft_release(year, invented=True)
            if not draft.reasons:
                publish(year, invented=True, sha256=draft.sha256, by=mce)
