"""Invented files of totals.

Every sum holds, and a year opens with the cases that were open at the end of the year before.
"""

import csv
import io
from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from random import Random

from evaluation.figures.dictionary.items import (
    COLUMNS,
    NOT_APPLICABLE,
    NOT_RECORDED,
    SMALLEST_TOTAL,
    code_lists,
    items,
)

Value = int | float | str | None
Values = dict[str, dict[tuple[str, ...], Value]]
"""By item, then by codes; None is not recorded."""

CATEGORIES = {
    "runaway": 0.48,
    "pushed_away": 0.03,
    "parental_abduction": 0.22,
    "migration": 0.12,
    "criminal_abduction": 0.01,
    "lost_injured": 0.03,
    "otherwise_missing": 0.06,
    "other": 0.03,
    "unknown": 0.02,
}
CROSS_BORDER = {"parental_abduction": 0.55, "migration": 0.4, "runaway": 0.08}
OTHER_CHANNELS = {
    "phone_other": 0.1,
    "sms": 0.02,
    "email": 0.12,
    "chat": 0.15,
    "app": 0.03,
    "social_media": 0.04,
    "web_form": 0.05,
    "letter": 0.005,
    "in_person": 0.01,
}
ROLES = (8, 6, 30, 10, 6, 10, 8, 6, 2, 6, 1, 2, 2, 2, 1)
"""In the order of the list `contact_role`."""
TEXT_CHANNELS = ("sms", "email", "chat", "app", "social_media", "web_form")
SPOKEN = ("en", "fr", "de", "ar", "uk", "other")
WRITTEN_AFTER = timedelta(days=20)
"""The time from the end of a period to the generation of its file. An earlier upload is refused."""
FOUND = ("found_safe", "returned_alone", "found_harmed", "found_deceased")


def generate(hotline_code: str, year: int, seed: int, quality: float = 0.9, quarter: int | None = None) -> bytes:
    """Return the file of a year or a quarter of an invented hotline. `quality` from 0 to 1 is that of its work.

    Below 0.6 some of the optional items are not recorded.
    """
    first = date(year, 3 * (quarter or 1) - 2, 1)
    last_month = 12 if quarter is None else 3 * quarter
    last = date(year, last_month, monthrange(year, last_month)[1])
    values = _count(_Source(hotline_code, seed, first, last, quality))
    return write(hotline_code, first, last, values)


def head(hotline_code: str, first: date, last: date, level: str = "aggregate") -> list[str]:
    """Return the header of a file."""
    generated = last + WRITTEN_AFTER
    fields = {
        "schema_version": "1.0",
        "hotline_code": hotline_code,
        "period_start": first.isoformat(),
        "period_end": last.isoformat(),
        "level": level,
        "source_system": "own_crm",
        "generated_at": f"{generated.isoformat()}T09:30:00Z",
        "definition_set": "1.0",
        "completeness_note": "complete",
    }
    return [f"# {name}: {value}" for name, value in fields.items()]


def write(hotline_code: str, first: date, last: date, values: Mapping[str, Mapping[tuple[str, ...], Value]]) -> bytes:
    """Return a file in the published format."""
    text = io.StringIO()
    text.writelines(f"{line}\n" for line in head(hotline_code, first, last))
    table = csv.writer(text, lineterminator="\n")
    table.writerow(COLUMNS)
    for code, item in items().items():
        for codes, value in values.get(code, {}).items():
            dimensions = [cell for pair in zip(item.dimensions, codes, strict=False) for cell in pair]
            dimensions += [""] * (4 - len(dimensions))
            quality = NOT_RECORDED if value is None or value == NOT_APPLICABLE else "measured"
            written = "" if value is None else value
            table.writerow([hotline_code, first.isoformat(), last.isoformat(), code, *dimensions, written, quality])
    return text.getvalue().encode()


class _Source:
    """The source of the numbers: constants of the hotline, and random variation in this period."""

    def __init__(self, hotline_code: str, seed: int, first: date, last: date, quality: float) -> None:
        self.name = f"{hotline_code}/{seed}"
        own = Random(self.name)
        self.size = own.uniform(0.6, 1.6)
        self.has_app = own.random() < 0.5
        self.chance = Random(f"{self.name}/{first}/{last}")
        self.quality = quality
        self.hours = ((last - first).days + 1) * 24
        self.share = ((last.year - first.year) * 12 + last.month - first.month + 1) / 12
        """In years."""
        self.opens = first
        self.closes = last + timedelta(days=1)

    def open_cases(self, category: str, day: date) -> int:
        """Return the number of open cases at the start of a day, the same for every file."""
        return int(self.cases(category) * Random(f"{self.name}/{category}/{day}").uniform(0.06, 0.1))

    def cases(self, category: str) -> int:
        """Return the number of new cases in an ordinary year."""
        return round(600 * self.size * CATEGORIES[category])

    def about(self, number: float) -> int:
        """Scale a yearly number to this period, with random variation."""
        return round(number * self.share * self.chance.uniform(0.95, 1.05))

    def part(self, whole: int, worst: float, best: float) -> int:
        """Return a part of `whole` that grows with quality."""
        share = worst + (best - worst) * self.quality
        share += min(share, 1 - share) * self.chance.uniform(-0.1, 0.1)
        return round(whole * share)

    def split(self, whole: int, codes: Sequence[str], weights: Iterable[float] | None = None) -> dict[str, int]:
        """Divide `whole` exactly, by weights with random variation."""
        wanted = [
            weight * self.chance.uniform(0.8, 1.2)
            for weight in (weights or [1 / (place + 1) for place in range(len(codes))])
        ]
        bounds = [0.0]
        for weight in wanted:
            bounds.append(bounds[-1] + weight)
        cuts = [round(whole * bound / bounds[-1]) for bound in bounds]
        return {code: cuts[place + 1] - cuts[place] for place, code in enumerate(codes)}


def _count(source: _Source) -> Values:
    values: Values = {}
    _count_calls(source, values)
    _count_cases(source, values)
    _count_outcomes(source, values)
    _count_means(source, values)
    if source.quality < 0.6:
        for code, item in items().items():
            if not item.required and source.chance.random() < 0.6 - source.quality:
                values[code] = dict.fromkeys(values[code])
    return values


def _plain(value: Value) -> dict[tuple[str, ...], Value]:
    return {(): value}


def _by(parts: Mapping[str, Value]) -> dict[tuple[str, ...], Value]:
    return {(code,): value for code, value in parts.items()}


def _sum(parts: Mapping[tuple[str, ...], Value]) -> int:
    return sum(value for value in parts.values() if isinstance(value, int))


def _count_calls(source: _Source, values: Values) -> None:
    part = source.part
    received = source.about(4000 * source.size)
    short = part(received, 0.06, 0.04)
    answered = part(received - short, 0.6, 0.98)
    missed = received - short - answered
    channels: dict[str, Value] = {"phone_116000": answered}
    channels |= {channel: round(answered * share) for channel, share in OTHER_CHANNELS.items()}
    if not source.has_app:
        channels["app"] = NOT_APPLICABLE
    contacts = _sum(_by(channels))
    calls: dict[str, Value] = {}
    in_time: dict[str, Value] = {}
    for channel in TEXT_CHANNELS:
        handled = channels[channel]
        came = round(handled * 1.05) if isinstance(handled, int) else handled
        calls[channel] = came
        in_time[channel] = part(came, 0.55, 0.97) if isinstance(came, int) else came
    left_a_number = missed // 2
    values |= {
        "A01": _plain(round(source.hours * min(1.0, 0.955 + 0.045 * source.quality), 1)),
        "A02": _plain(source.hours),
        "A03": _plain(received),
        "A04": _plain(answered),
        "A05": _plain(short),
        "A06": _plain(missed),
        "A07": _plain(part(answered, 0.45, 0.9)),
        "A08": _plain(round(100 - 85 * source.quality + source.chance.uniform(-1, 1), 1)),
        "A09": _plain(contacts),
        "A10": _plain(part(contacts, 0.35, 0.65)),
        "A11": _by(channels),
        "A12": _by(source.split(contacts, code_lists()["contact_role"], ROLES)),
        "A13": _by(source.split(contacts, SPOKEN)),
        "A14": _by(
            {
                channel: count if count == NOT_APPLICABLE else round(source.chance.uniform(240, 900), 1)
                for channel, count in channels.items()
            }
        ),
        "A15": _by(calls),
        "A16": _by(in_time),
        "A17": _plain(left_a_number),
        "A18": _plain(part(left_a_number, 0.45, 0.97)),
    }


def _count_cases(source: _Source, values: Values) -> None:
    part = source.part
    new = {category: source.about(source.cases(category)) for category in CATEGORIES}
    reopened = {category: round(0.02 * count) for category, count in new.items()}
    at_start = {category: source.open_cases(category, source.opens) for category in CATEGORIES}
    at_end = {category: source.open_cases(category, source.closes) for category in CATEGORIES}
    children = {category: count + round(0.15 * count) for category, count in new.items()}
    abroad = {category: round(count * CROSS_BORDER.get(category, 0.05)) for category, count in new.items()}
    lists = code_lists()
    ages = [(sex, age) for sex in lists["sex"] for age in lists["age_band"]]
    by_age = source.split(sum(children.values()), [f"{sex}/{age}" for sex, age in ages], [1.0] * 14 + [0.05] * 14)
    cases = sum(new.values())
    reports = round(cases * 0.7)
    requests = source.about(60 * source.size)
    flagged = round(cases * 0.12)
    values |= {
        "A20": _by(at_start),
        "A21": _by(new),
        "A22": _by(reopened),
        "A23": _by({c: at_start[c] + new[c] + reopened[c] - at_end[c] for c in CATEGORIES}),
        "A24": _by(at_end),
        "A25": _by(children),
        "A26": _by(abroad),
        "A27": {ages[place]: count for place, count in enumerate(by_age.values())},
        "A28": _cross(source, children, lists["repeat_band"]),
        "A29": _cross(source, {c: round(0.2 * count) for c, count in children.items()}, lists["harm_type"]),
        "A30": _by(source.split(new["runaway"], lists["main_reason"])),
        "A31": _plain(part(cases, 0.68, 0.99)),
        "A32": _plain(part(sum(at_end.values()), 0.5, 0.97)),
        "A33": _plain(part(reports, 0.72, 0.99)),
        "A34": _plain(reports),
        "A35": _by(source.split(sum(abroad.values()), lists["region"])),
        "A36": _plain(requests),
        "A37": _plain(part(requests, 0.65, 0.99)),
        "A38": _by(source.split(cases, lists["missing_from"])),
        "A39": _plain(flagged if flagged >= SMALLEST_TOTAL else None),
    }


def _cross(source: _Source, wholes: Mapping[str, int], codes: Sequence[str]) -> dict[tuple[str, ...], Value]:
    return {
        (category, code): count
        for category, whole in wholes.items()
        for code, count in source.split(whole, codes).items()
    }


def _count_outcomes(source: _Source, values: Values) -> None:
    lists = code_lists()
    outcomes = lists["outcome"]
    weights = [0.45, 0.25, 0.05, 0.005, 0.06, 0.03, 0.03, 0.03, 0.04, 0.3 - 0.28 * source.quality]
    ended: dict[tuple[str, ...], Value] = {}
    found = {}
    for (category,), closed in values["A23"].items():
        by_outcome = source.split(closed if isinstance(closed, int) else 0, outcomes, weights)
        ended |= {(category, outcome): count for outcome, count in by_outcome.items()}
        found[category] = sum(by_outcome[outcome] for outcome in FOUND)
    unknown = _sum({codes: count for codes, count in ended.items() if codes[1] == "unknown"})
    cases = _sum(values["A21"])
    values |= {
        "A40": ended,
        "A41": _plain(_sum(ended) - unknown),
        "A42": _cross(source, found, lists["duration_band"]),
        "A43": _by(source.split(sum(found.values()), lists["found_how"])),
        "A44": _plain(source.about(40 * source.size)),
        "A45": _plain(source.about(20 * source.size)),
        "A46": _by(source.split(round(cases * 1.5), lists["referral_to"])),
    }


def _count_means(source: _Source, values: Values) -> None:
    paid, volunteers = round(10 * source.size), round(24 * source.size)
    answers = source.about(180 * source.size)
    budget = source.split(source.about(420_000 * source.size), code_lists()["funding_source"])
    values |= {
        "A50": _plain(round(paid * 0.8, 1)),
        "A51": _plain(volunteers),
        "A52": _by({"paid_staff": round(paid * 0.2), "volunteer": round(volunteers * 0.25)}),
        "A53": _by({"paid_staff": float(paid), "volunteer": float(volunteers)}),
        "A54": _plain(round((5 + 14 * source.quality) * source.share, 1)),
        "A55": _plain(paid + volunteers),
        "A56": _plain(answers),
        "A57": _plain(source.part(answers, 0.55, 0.93)),
        "A58": _by({code: f"{euros}.00" for code, euros in budget.items()}),
    }
