"""Load the directory of hotlines, a CSV file of public facts, into the database."""

import csv
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from zoneinfo import available_timezones

from django.db import transaction

from evaluation.models import Hotline, Operation, Operator

COLUMNS = (
    "country", "iso2", "hotline_code", "operator", "operator_model", "operator_model_confidence", "mce_member",
    "languages", "operates_from", "operates_to", "record", "notes", "sources",
)  # fmt: skip
"""The columns of the file. An empty cell means unknown, not no. A column `time_zone` may be added."""

_MEMBER = {"yes": True, "no": False}
_AS_PUBLISHED = re.compile(r"(\d{4}(-\d{2}(-\d{2})?)?)?")
_LONGEST = {"country": 80, "operator": 200, "languages": 200}


class UnreadableDirectory(ValueError):
    """The file cannot be used. `problems` are sentences with the row, the column and the expected value."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def read_directory(path: Path) -> list[dict[str, str]]:
    """Read and validate the whole file. Raises UnreadableDirectory with all problems."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            if missing := [column for column in COLUMNS if column not in (reader.fieldnames or [])]:
                raise UnreadableDirectory([f"{path.name}: the column {column} is missing." for column in missing])
            rows = list(reader)
    except UnicodeDecodeError as broken:
        raise UnreadableDirectory([f"{path.name} is not written in UTF-8. Save it as CSV in UTF-8."]) from broken
    problems = []
    current: dict[str, int] = {}
    for number, row in enumerate(rows, start=2):
        if None in row or None in row.values():
            found = ["has not as many cells as the first row. Give each column one."]
        else:
            found = list(_find_problems(row))
            first = current.setdefault(row["hotline_code"], number) if row["record"] == "current" else number
            if first != number:
                found.append(f"{row['hotline_code']} is current in row {first} already. One operator runs it now.")
        problems += [f"{path.name}, row {number}: {problem}" for problem in found]
    if problems:
        raise UnreadableDirectory(problems)
    return rows


def _find_problems(row: Mapping[str, str]) -> Iterator[str]:
    if row["hotline_code"] != f"116000-{row['iso2']}" or len(row["iso2"]) != 2:
        yield "hotline_code must be 116000- and the country code of iso2."
    if row["operator_model"] not in Operator.Kind.values:
        yield f"operator_model must be one of {', '.join(Operator.Kind.values)}."
    if row["record"] not in ("current", "previous"):
        yield "record must be current or previous."
    if not row["operator"]:
        yield "operator is empty. Name the organisation."
    for column in ("operates_from", "operates_to"):
        if not _AS_PUBLISHED.fullmatch(row[column]):
            yield f"{column} must be a year, a month or a day: 2012, 2012-12 or 2012-12-01."
    for column, longest in _LONGEST.items():
        if len(row[column]) > longest:
            yield f"{column} is longer than {longest} characters. Shorten it."
    if (zone := row.get("time_zone") or "Europe/Brussels") not in available_timezones():
        yield f"time_zone is {zone}, which is no time zone. Write one such as Atlantic/Canary, or leave it empty."


@transaction.atomic
def load_directory(path: Path) -> int:
    """Update the directory from the file, which can be repeated. Return the number of hotlines in the file."""
    rows = read_directory(path)
    for row in sorted(rows, key=lambda row: row["record"]):  # "current" before "previous"
        facts: dict[str, object] = {"country": row["iso2"], "recorded_name": row["country"]}
        if row["record"] == "current":
            facts |= {
                "languages": row["languages"].replace(";", " "),
                "notes": row["notes"][:300],
                "mce_member": _MEMBER.get(row["mce_member"]),
            }
            if "time_zone" in row:
                facts["time_zone"] = row["time_zone"]
        hotline, _ = Hotline.objects.update_or_create(code=row["hotline_code"], defaults=facts)
        operator, _ = Operator.objects.update_or_create(name=row["operator"], defaults={"kind": row["operator_model"]})
        if row["record"] == "current":
            hotline.operations.exclude(operator=operator).update(is_current=False)
        Operation.objects.update_or_create(
            hotline=hotline,
            operator=operator,
            defaults={
                "since": row["operates_from"],
                "until": row["operates_to"],
                "is_current": row["record"] == "current",
                "sources": row["sources"],
            },
        )
    return len({row["hotline_code"] for row in rows})
