"""Files of records that tests write row by row, and an independent, slow counter of them."""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from evaluation.figures.dictionary.items import code_lists, items, record_fields
from evaluation.figures.formats import Source, open_file
from evaluation.figures.formats.published.header import read_header
from evaluation.figures.formats.published.rows import Row
from evaluation.figures.records import RecordReading, read_records
from portal.demonstration.exports.totals import head

FIRST, LAST = date(2025, 1, 1), date(2025, 3, 31)
ROWS_ABOVE = 10
"""The rows above the first record: the header and the column names."""

Record = Mapping[str, str]
Counted = dict[str, dict[tuple[str, ...], Decimal | None]]

CONTACT = {
    "contact_month": "2025-02",
    "channel": "phone_116000",
    "direction": "inbound",
    "result": "answered",
    "wait_seconds": "12",
    "language": "fr",
    "contact_role": "parent_guardian",
    "contact_type": "missing_report",
    "category": "runaway",
    "risk_level": "high",
    "passed_to_police": "yes_60min",
    "linked_to_case": "new_case",
}
CASE = {
    "case_key": "a-case-of-nobody-1",
    "child_seq": "1",
    "opened_month": "2025-02",
    "closed_month": "2025-03",
    "status_end": "closed",
    "new_in_period": "new",
    "category": "parental_abduction",
    "category_scope": "international",
    "at_risk_only": "false",
    "sex": "girl",
    "age_band": "7-9",
    "country_missing_from": "BE",
    "country_found_or_suspected": "MA",
    "region": "north_africa",
    "police_informed": "by_hotline",
    "first_risk_level": "high",
    "hague_application": "yes",
    "outcome": "found_safe",
    "found_how": "police",
    "duration_band": "8-30d",
    "aftercare_offered": "yes",
}


def key(number: int) -> str:
    return f"key-of-no-contact-{number}"


def contact(number: int = 1, **cells: str) -> dict[str, str]:
    return {**CONTACT, "contact_key": key(number), **cells}


def case(**cells: str) -> dict[str, str]:
    return {**CASE, **cells}


def write_records(
    level: str, records: Iterable[Record], *, columns: Sequence[str] | None = None, note: str = "complete"
) -> bytes:
    names = list(record_fields()[level]) if columns is None else columns
    text = io.StringIO()
    lines = head("116000-XA", FIRST, LAST, level)
    text.writelines(f"{line}\n".replace("note: complete", f"note: {note}") for line in lines)
    table = csv.DictWriter(text, names, restval="", lineterminator="\n")
    table.writeheader()
    table.writerows(records)
    return text.getvalue().encode()


def read_file(content: bytes) -> RecordReading:
    opened = open_file(Source.of_bytes(content, "records.csv"))
    header, problems = read_header(opened.top)
    assert header is not None, problems
    return read_records(header.level, opened, header)


def read_contacts(*records: Record, **kwargs) -> RecordReading:
    return read_file(write_records("contact", records, **kwargs))


def read_cases(*records: Record, **kwargs) -> RecordReading:
    return read_file(write_records("case", records, **kwargs))


def counted(rows: Iterable[Row]) -> Counted:
    found: Counted = {}
    for row in rows:
        found.setdefault(row.item, {})[tuple(code for code in row.codes if code)] = row.amount.value
    return found


# --- A slow reader -----------------------------------------------------------------------------------------------


def _spread(item: str, cells: Iterable[tuple[str, ...]]) -> dict[tuple[str, ...], Decimal | None]:
    """Return counts with a zero for every other cell of the item."""
    zeros: list[tuple[str, ...]] = [()]
    for dimension in items()[item].dimensions:
        zeros = [(*cell, code) for cell in zeros for code in code_lists()[dimension]]
    counts = Counter(cells)
    assert set(counts) <= set(zeros)
    return {cell: Decimal(counts[cell]) for cell in zeros}


def count_contacts(records: Sequence[Record]) -> Counted:
    calls = [r for r in records if r["channel"] == "phone_116000" and r["direction"] == "inbound"]
    answered = [r for r in calls if r["result"] == "answered"]
    handled = [r for r in records if r["result"] == "answered" and r["direction"] in ("inbound", "callback")]
    reports = [r for r in handled if r["contact_type"] == "missing_report"]
    writing = ["sms", "email", "chat", "app", "social_media", "web_form"]
    short = [r for r in calls if r["result"] == "abandoned_short"]
    waits = [int(r["wait_seconds"]) for r in answered if r["wait_seconds"] not in ("", "NA")]
    all_say = len(waits) == len(answered)
    mean = (Decimal(sum(waits)) / len(waits)).quantize(Decimal("0.0001")) if waits and all_say else None
    spoken = [r["language"] for r in handled]
    known = {language for language in spoken if language} or {"other"}
    languages = {(c,): None if "" in spoken else Decimal(spoken.count(c)) for c in known}
    received = Counter(r["channel"] for r in records if r["direction"] == "inbound")

    def total(found: Sequence[Record]) -> dict[tuple[str, ...], Decimal | None]:
        return {(): Decimal(len(found))}

    return {
        "A03": total(calls),
        "A04": total(answered),
        "A05": total(short),
        "A06": total([r for r in calls if r not in answered and r not in short]),
        "A07": {(): Decimal(len([w for w in waits if w <= 20])) if all_say else None},
        "A08": {(): mean},
        "A09": total(handled),
        "A10": total([r for r in handled if r["contact_type"] not in ("not_relevant", "silent_prank_abusive")]),
        "A11": _spread("A11", [(r["channel"],) for r in handled]),
        "A12": _spread("A12", [(r["contact_role"],) for r in handled]),
        "A13": languages,
        "A15": {(channel,): Decimal(received[channel]) for channel in writing},
        "A33": total([r for r in reports if r["passed_to_police"] == "yes_60min"]),
        "A34": total([r for r in reports if r["passed_to_police"] in ("yes_60min", "yes_later", "no")]),
    }


def count_cases(records: Sequence[Record]) -> Counted:
    children = [r for r in records if r["at_risk_only"] == "false"]
    first: dict[str, Record] = {}
    for child in sorted(children, key=lambda r: int(r["child_seq"])):
        first.setdefault(child["case_key"], child)
    cases = list(first.values())
    new = [r for r in cases if r["new_in_period"] == "new"]
    new_children = [r for r in children if r["new_in_period"] == "new"]
    closed = [r for r in cases if r["status_end"] == "closed"]
    abroad = [r for r in new if r["category_scope"] == "international"]
    home = ("found_safe", "returned_alone", "found_harmed", "found_deceased")
    found = [r for r in children if r["status_end"] == "closed" and r["outcome"] in home]
    managed = [r["manager_assigned_24h"] for r in new]

    def by(item: str, records: Sequence[Record], *names: str) -> dict[tuple[str, ...], Decimal | None]:
        return _spread(item, [tuple(r[name] for name in names) for r in records])

    def by_known(item: str, records: Sequence[Record], *names: str) -> dict[tuple[str, ...], Decimal | None]:
        optional = names[-1]
        if records and not any(r[optional] for r in records):
            return dict.fromkeys(_spread(item, []))
        filled = [{**r, optional: code} for r in records for code in set((r[optional] or "unknown").split("|"))]
        return by(item, filled, *names)

    return {
        "A20": by("A20", [r for r in cases if r["new_in_period"] == "carried_over"], "category"),
        "A21": by("A21", new, "category"),
        "A22": by("A22", [r for r in cases if r["new_in_period"] == "reopened"], "category"),
        "A23": by("A23", closed, "category"),
        "A24": by("A24", [r for r in cases if r["status_end"] == "open"], "category"),
        "A25": by("A25", new_children, "category"),
        "A26": by("A26", abroad, "category"),
        "A27": by("A27", new_children, "sex", "age_band"),
        "A28": by_known("A28", new_children, "category", "repeat_band"),
        "A29": by_known("A29", new_children, "category", "harm_type"),
        "A30": by("A30", [r for r in new if r["category"] == "runaway"], "main_reason"),
        "A31": {(): None if "" in managed else Decimal(managed.count("true"))},
        "A35": by("A35", abroad, "region"),
        "A38": by_known("A38", new, "missing_from"),
        "A40": by("A40", closed, "category", "outcome"),
        "A41": {(): Decimal(len([r for r in closed if r["outcome"] != "unknown"]))},
        "A42": by("A42", found, "category", "duration_band"),
        "A43": by("A43", found, "found_how"),
    }
