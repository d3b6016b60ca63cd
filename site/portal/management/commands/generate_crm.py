import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

INVENTED = re.compile(r"116000-(?:X[A-Z]|Q[M-Z])")
YEARS = re.compile(r"(20[0-9]{2})(?:-(20[0-9]{2}))?")
LEVELS = ("aggregate", "contact", "case")
PARTS: dict[str, list[dict[str, int]]] = {
    "year": [{}],
    "quarter": [{"quarter": quarter} for quarter in range(1, 5)],
    "month": [{"month": month} for month in range(1, 13)],
}
"""The parts of a year, by the name of the period."""


class Command(BaseCommand):
    help = (
        "Writes invented exports of invented hotlines into FOLDER, to try the import with: totals, contacts and cases "
        "that agree with each other, their months with the year. The same seed writes the same figures."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, metavar="FOLDER")
        parser.add_argument(
            "--hotline",
            nargs="+",
            required=True,
            metavar="CODE",
            help="invented ones only: 116000-XA to 116000-XZ and 116000-QM to 116000-QZ",
        )
        parser.add_argument(
            "--years", required=True, metavar="YEARS", help="such as 2025 or 2023-2025, as far as they are over"
        )
        parser.add_argument("--period", choices=[*PARTS], default="year", help="what a file is about (default year)")
        parser.add_argument("--level", nargs="+", choices=LEVELS, default=LEVELS, help="which files (default all)")
        parser.add_argument("--seed", type=int, default=1, metavar="N", help="other figures for another (default 1)")

    def handle(
        self,
        *,
        folder: Path,
        hotline: list[str],
        years: str,
        period: str,
        level: Sequence[str],
        seed: int,
        **options: Any,
    ) -> None:
        for code in hotline:
            if not INVENTED.fullmatch(code):
                raise CommandError(
                    _(
                        "%(code)s is not the code of an invented hotline. "
                        "Write one from 116000-XA to 116000-XZ or from 116000-QM to 116000-QZ."
                    )
                    % {"code": code},
                    returncode=2,
                )
        files = _invent(hotline, _read_years(years), PARTS[period], level, seed)
        failure, written = None, 0
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for name, content in files:
                (folder / name).write_bytes(content)
                self.stdout.write(str(folder / name))
                written += 1
        except OSError as error:
            failure = error.strerror
        if failure:
            raise CommandError(_("The files cannot be written: %(reason)s.") % {"reason": failure}, returncode=2)
        self.stdout.write(ngettext("%(count)d file written.", "%(count)d files written.", written) % {"count": written})


def _read_years(text: str) -> range:
    found = YEARS.fullmatch(text)
    first, last = (int(found[1]), int(found[2] or found[1])) if found else (1, 0)
    if first > last:
        raise CommandError(_("Write the years as 2025 or as 2023-2025, the earlier one first."), returncode=2)
    return range(first, last + 1)


def _invent(
    hotlines: Iterable[str], years: range, parts: Iterable[dict[str, int]], levels: Iterable[str], seed: int
) -> Iterator[tuple[str, bytes]]:
    """Yield the name and the content of each file, for periods that are over."""
    from portal.demonstration.exports import WRITTEN_AFTER, Exports, period

    for code in hotlines:
        exports = Exports(code, seed)
        for year in years:
            for part in parts:
                first, last = period(year, **part)
                if last + WRITTEN_AFTER >= timezone.localdate():
                    continue
                for level in levels:
                    content = (
                        exports.aggregate(first, last) if level == "aggregate" else exports.records(level, first, last)
                    )
                    yield f"{code}-{level}-{_name_of(year, **part)}.csv", content


def _name_of(year: int, *, quarter: int = 0, month: int = 0) -> str:
    return f"{year}-Q{quarter}" if quarter else f"{year}-{month:02}" if month else str(year)
