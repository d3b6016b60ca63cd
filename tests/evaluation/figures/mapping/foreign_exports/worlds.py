"""The true figures of invented senders, month by month, and how they name a period."""

import copy
import datetime as dt
import random
import zlib
from typing import Any

from babel import Locale

CATEGORIES = (
    "runaway",
    "pushed_away",
    "parental_abduction",
    "migration",
    "criminal_abduction",
    "lost_injured",
    "otherwise_missing",
    "other",
    "unknown",
)
CATEGORY_WEIGHT = (50, 4, 20, 8, 1, 3, 6, 5, 3)
CHANNELS = ("phone_116000", "phone_other", "email", "chat", "sms", "web_form", "social_media", "in_person")
CHANNEL_WEIGHT = (0, 6, 14, 18, 3, 5, 4, 1)
ROLES = (
    "child_missing",
    "child_at_risk",
    "parent_guardian",
    "other_family",
    "peer_friend",
    "public",
    "police",
    "child_protection",
    "school",
    "other_hotline",
    "other",
    "unknown",
)
ROLE_WEIGHT = (5, 8, 38, 12, 5, 6, 8, 6, 3, 2, 5, 2)
SEXES = ("girl", "boy", "other", "unknown")
AGES = ("0-3", "4-6", "7-9", "10-12", "13-15", "16-17", "unknown")
OUTCOMES = (
    "found_safe",
    "returned_alone",
    "found_harmed",
    "located_not_returned",
    "withdrawn",
    "still_missing",
    "unknown",
)
LANGS = ("own", "en", "ar", "uk", "other")

MEANS = {"A08", "A14"}
FIRST = {"A20"}
LAST = {"A24", "A32"}
LEVEL = {"A50", "A51", "A53", "A55"}


def split(rng: random.Random, total: int, weights: tuple[int, ...]) -> list[int]:
    out = [0] * len(weights)
    for choice in rng.choices(range(len(weights)), weights, k=total):
        out[choice] += 1
    return out


class World:
    """The true figures of one sender, month by month from 2022 to 2026, without gaps."""

    def __init__(self, key: str, scale: int = 100) -> None:
        rng = random.Random(zlib.crc32(key.encode()))
        self.months: dict[str, dict[str, Any]] = {}
        self.cases: dict[str, list[dict[str, Any]]] = {}
        open_by = split(rng, max(4, scale // 4), CATEGORY_WEIGHT)
        staff = rng.choice([3.5, 4.0, 5.2, 6.75])
        for year in range(2022, 2027):
            for month in range(1, 13):
                m: dict[str, Any] = {}
                days = (dt.date(year + month // 12, month % 12 + 1, 1) - dt.date(year, month, 1)).days
                answered = int(scale * rng.uniform(0.75, 1.25)) + rng.randint(2, 9)
                short = int(answered * rng.uniform(0.05, 0.15)) + 1
                late = int(answered * rng.uniform(0.06, 0.2)) + 2
                m["A02"] = days * 24
                m["A01"] = days * 24 - rng.choice([0, 0, 3, 8])
                m["A03"], m["A04"], m["A05"], m["A06"] = answered + short + late, answered, short, late
                m["A07"] = int(answered * rng.uniform(0.7, 0.95))
                m["A08"] = rng.randint(8, 47)
                m["A14"] = rng.randint(180, 900)
                channel = split(rng, int(answered * 0.6) + 5, CHANNEL_WEIGHT)
                channel[0] = answered
                for name, n in zip(CHANNELS, channel, strict=True):
                    m[f"A11/{name}"] = n
                m["A09"] = sum(channel)
                m["A10"] = int(m["A09"] * rng.uniform(0.3, 0.6))
                for name, n in zip(ROLES, split(rng, m["A09"], ROLE_WEIGHT), strict=True):
                    m[f"A12/{name}"] = n
                for name, n in zip(LANGS, split(rng, m["A09"], (80, 8, 5, 5, 2)), strict=True):
                    m[f"A13/{name}"] = n
                m["A15"] = m["A11/email"] + m["A11/chat"] + m["A11/sms"]
                m["A16"] = int(m["A15"] * 0.9)
                m["A17"] = late // 2
                m["A18"] = int(m["A17"] * 0.8)
                new = split(rng, max(3, int(scale * rng.uniform(0.2, 0.35))), CATEGORY_WEIGHT)
                re = split(rng, rng.randint(0, 3), CATEGORY_WEIGHT)
                rows: list[dict[str, Any]] = []
                children = []
                for i, cat in enumerate(CATEGORIES):
                    here = open_by[i] + new[i] + re[i]
                    closed = min(here, int(here * rng.uniform(0.4, 0.7)))
                    kids = sum(rng.choice((1, 1, 1, 1, 2, 3)) for _ in range(new[i]))
                    m[f"A20/{cat}"], m[f"A21/{cat}"], m[f"A22/{cat}"], m[f"A23/{cat}"] = (
                        open_by[i],
                        new[i],
                        re[i],
                        closed,
                    )
                    m[f"A25/{cat}"] = kids
                    open_by[i] = here - closed
                    m[f"A24/{cat}"] = open_by[i]
                    border = new[i] if cat == "parental_abduction" and new[i] < 3 else new[i] // 5
                    m[f"A26/{cat}"] = border
                    left = kids - new[i]
                    for n in range(new[i]):
                        extra = min(left, 2) if n < new[i] - 1 else left
                        left -= extra
                        rows.append({"category": cat, "children": 1 + extra, "border": n < border})
                    children.append(kids)
                for item in ("A20", "A21", "A22", "A23", "A24", "A25", "A26"):
                    m[item] = sum(m[f"{item}/{c}"] for c in CATEGORIES)
                grid = split(rng, m["A25"], tuple(a * b for a in (50, 44, 2, 4) for b in (6, 6, 8, 15, 40, 20, 5)))
                kids = []
                for i, sex in enumerate(SEXES):
                    for j, age in enumerate(AGES):
                        m[f"A27/{sex}|{age}"] = grid[i * 7 + j]
                        kids += [(sex, age)] * grid[i * 7 + j]
                    m[f"x:sex/{sex}"] = sum(grid[i * 7 : i * 7 + 7])
                for j, age in enumerate(AGES):
                    m[f"x:age/{age}"] = sum(grid[i * 7 + j] for i in range(4))
                rng.shuffle(kids)
                rng.shuffle(rows)
                for n, row in enumerate(rows, 1):
                    row["no"] = f"{year}-{month:02d}{n:03d}"
                    row["opened"] = dt.date(year, month, rng.randint(1, days))
                    row["who"] = [kids.pop() for _ in range(row["children"])]
                    row["role"] = rng.choices(ROLES, ROLE_WEIGHT)[0]
                    row["closed"] = None
                    if rng.random() < 0.6:
                        row["closed"] = row["opened"] + dt.timedelta(days=rng.randint(0, 40))
                rows.sort(key=lambda r: r["opened"])
                self.cases[f"{year}-{month:02d}"] = rows
                for name, n in zip(OUTCOMES, split(rng, m["A23"], (50, 25, 3, 6, 6, 6, 4)), strict=True):
                    m[f"x:outcome/{name}"] = n
                m["A41"] = m["A23"] - m["x:outcome/unknown"]
                m["A34"] = max(1, m["A21"] // 2)
                m["A33"] = int(m["A34"] * 0.85)
                m["A31"] = int(m["A21"] * 0.9)
                m["A32"] = int(m["A24"] * 0.8)
                m["A36"] = rng.randint(1, 8)
                m["A37"] = min(m["A36"], rng.randint(0, 8))
                m["A44"], m["A45"] = rng.randint(0, 3), rng.randint(0, 1)
                m["A50"], m["A51"], m["A55"] = staff, rng.randint(10, 25), rng.randint(12, 20)
                m["A56"] = rng.randint(5, 40)
                m["A57"] = int(m["A56"] * 0.85)
                m["A54"] = rng.choice([2.0, 3.5, 4.0])
                m["A58"] = 20000 + rng.randint(0, 3000)
                # what systems count beside, and which no item asks for
                m["x:test"] = rng.randint(2, 15)
                m["x:outbound"] = rng.randint(20, 90)
                m["x:transferred"] = rng.randint(1, 20)
                m["x:maxwait"] = rng.randint(90, 400)
                m["x:talk"] = m["A14"] * answered
                m["x:waittotal"] = m["A08"] * answered
                m["x:missed"] = short + late
                m["x:agents"] = rng.randint(3, 9)
                m["x:callers"] = int(m["A03"] * 0.8)
                m["x:helped"] = m["A25"] + rng.randint(3, 9)
                m["x:info"] = rng.randint(20, 60)
                m["x:prank"] = m["A09"] - m["A10"]
                self.months[f"{year}-{month:02d}"] = m

    def fix(self, changes: dict[tuple[str, str], int]) -> "World":
        new = copy.copy(self)
        new.months = {p: dict(m) for p, m in self.months.items()}
        for (p, key), by in changes.items():
            new.months[p][key] += by
        return new

    def value(self, period: str, key: str) -> Any:
        months = months_of(period)
        if key.startswith("cum:"):
            return self.value_of([f"{period[:4]}-{m:02d}" for m in range(1, int(months[-1][5:]) + 1)], key[4:])
        if key.startswith("prev:"):
            return self.value(before(period), key[5:])
        if key.startswith("py:"):
            return self.value(f"{int(period[:4]) - 1}{period[4:]}", key[3:])
        if key.startswith("avg:"):
            return round(self.value_of(months, key[4:]) / (self.value_of(months, "A02") / 24), 1)
        if key.startswith("pct:"):
            part, _, whole = key[4:].rpartition(":")
            return 100 * self.value_of(months, part) / max(1, self.value_of(months, whole))
        if key.startswith("neg:"):
            return -self.value(period, key[4:])
        if "+" in key:
            return sum(self.value(period, k) for k in key.split("+"))
        return self.value_of(months, key)

    def value_of(self, months: list[str], key: str) -> Any:
        values = [self.months[m][key] for m in months]
        item = key.split("/", maxsplit=1)[0]
        if item in FIRST:
            return values[0]
        if item in LAST:
            return values[-1]
        if item in LEVEL:
            return round(sum(values) / len(values), 2 if item == "A50" else None)
        if item in MEANS:
            calls = [self.months[m]["A04"] for m in months]
            return round(sum(v * c for v, c in zip(values, calls, strict=True)) / sum(calls))
        if item == "x:maxwait":
            return max(values)
        return sum(values)


def months_of(period: str) -> list[str]:
    if len(period) == 4:
        return [f"{period}-{m:02d}" for m in range(1, 13)]
    if "Q" in period:
        q = int(period[-1])
        return [f"{period[:4]}-{m:02d}" for m in range(3 * q - 2, 3 * q + 1)]
    if "H" in period:
        h = int(period[-1])
        return [f"{period[:4]}-{m:02d}" for m in range(6 * h - 5, 6 * h + 1)]
    return [period]


def before(period: str) -> str:
    y = int(period[:4])
    if len(period) == 4:
        return str(y - 1)
    if "Q" in period:
        q = int(period[-1])
        return f"{y}-Q{q - 1}" if q > 1 else f"{y - 1}-Q4"
    m = int(period[5:])
    return f"{y}-{m - 1:02d}" if m > 1 else f"{y - 1}-12"


def months(first: str, last: str) -> list[str]:
    out, p = [], first
    while p <= last:
        out.append(p)
        y, m = int(p[:4]), int(p[5:])
        p = f"{y + m // 12}-{m % 12 + 1:02d}"
    return out


def quarters(year: int, upto: int = 4) -> list[str]:
    return [f"{year}-Q{q}" for q in range(1, upto + 1)]


def label(period: str, how: str, lang: str) -> Any:
    """A period as a sender writes it: strftime, or a word of her own ("MMMM yyyy" by CLDR, {q}, {roman}, date)."""
    y = period[:4]
    if len(period) == 4:
        return int(y) if how == "int" else how.format(y=y, yy=y[2:]) if "{" in how else y
    if "Q" in period:
        q = int(period[-1])
        return how.format(q=q, y=y, yy=y[2:], roman=["I", "II", "III", "IV"][q - 1])
    if "H" in period:
        return how.format(h=period[-1], y=y, yy=y[2:], roman=["I", "II"][int(period[-1]) - 1])
    m = int(period[5:])
    first = dt.date(int(y), m, 1)
    if how == "date":
        return first
    if how == "end":
        return dt.date(int(y) + m // 12, m % 12 + 1, 1) - dt.timedelta(days=1)
    if how == "int":
        return m
    names = Locale.parse(lang.replace("-", "_")).months["stand-alone"]
    full, short = names["wide"][m], Locale.parse(lang.replace("-", "_")).months["format"]["abbreviated"][m]
    gen = Locale.parse(lang.replace("-", "_")).months["format"]["wide"][m]
    out = how.replace("{full}", full).replace("{Full}", full[:1].upper() + full[1:]).replace("{FULL}", full.upper())
    out = out.replace("{short}", short).replace("{Short}", short[:1].upper() + short[1:]).replace("{gen}", gen)
    out = (
        out.replace("{s3}", full[:3])
        .replace("{S3}", (full[:1].upper() + full[1:])[:3])
        .replace("{roman}", ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"][m - 1])
    )
    out = out.replace("{y}", y).replace("{yy}", y[2:]).replace("{m}", str(m))
    out = out.replace("{1}", first.strftime("%d.%m.%Y")).replace("{n}", label(period, "end", lang).strftime("%d.%m.%Y"))
    return first.strftime(out) if "%" in out else out
