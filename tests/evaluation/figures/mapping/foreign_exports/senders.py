"""Senders with their files: the layout of a table, and what changes from one file to the next."""

import datetime as dt
import random
import zlib
from dataclasses import dataclass
from typing import Any

from openpyxl.utils import get_column_letter

from tests.evaluation.figures.mapping.foreign_exports.worlds import (
    CHANNELS,
    FIRST,
    LANGS,
    LAST,
    LEVEL,
    MEANS,
    ROLES,
    World,
    label,
    split,
)
from tests.evaluation.figures.mapping.foreign_exports.writing import As, Sheet, shown


@dataclass
class File:
    sender: str
    n: int
    name: str
    country: str
    lang: str
    periods: list[str]
    data: bytes
    columns: dict[str, str]  # heading (or row label) -> key of the world (with :format)
    words: dict[str, str]  # a list's value -> the code
    meanings: dict[str, set[str]]  # the same, with every code
    world: World
    notes: dict[str, Any]  # what its sender knows and the file may not say


SENDERS: dict[str, list[File]] = {}
EXT = {"csv": "csv", "xlsx": "xlsx", "html": "xls", "json": "json", "ods": "ods"}


def parse(spec: str) -> tuple[str, str]:
    key, _, how = spec.partition("@")
    return key, how


def cell(world: World, period: str, spec: str) -> Any:
    if spec.startswith("="):
        return spec[1:]
    key, how = parse(spec)
    if key == "":
        return None
    return shown(world.value(period, key), how)


# --- layouts: each gives sheets ----------------------------------------------------------------


def down(w: World, lang: str, f: dict[str, Any]) -> list[Sheet]:
    """Periods down, a column each."""
    pre = [list(r) for r in f.get("pre", [])]
    head = [f["period"][0], *(h for h, _ in f["cols"])]
    rows = []
    for i, p in enumerate(f["periods"]):
        rows.append([label(p, f["period"][1], lang), *(cell(w, p, s) for _, s in f["cols"])])
        rows += [list(extra) for extra in f.get("after", {}).get(i, [])]
    if t := f.get("total"):
        rows.append([t, *(total(w, f["periods"], s) for _, s in f["cols"])])
    rows += [list(r) for r in f.get("foot", [])]
    groups = []
    merged = []
    if g := f.get("groups"):  # merged headings: [(text, width)]
        line: list[Any] = [None]
        for text_, width in g:
            start = len(line) + 1
            line += [text_] + [None] * (width - 1)
            if width > 1:
                r = len(pre) + 1
                merged.append(f"{get_column_letter(start)}{r}:{get_column_letter(start + width - 1)}{r}")
        groups = [line]
    return [
        Sheet(
            f.get("sheet", "Sheet1"),
            [*pre, *groups, head, *rows],
            merged=merged,
            hidden_columns=f.get("hidden_columns", []),
        )
    ]


def total(w: World, periods: list[str], spec: str) -> Any:
    key, how = parse(spec)
    if spec.startswith("=") or key == "" or key.startswith(("cum:", "prev:", "py:", "pct:", "avg:")):
        return None
    values = [w.value(p, key) for p in periods]
    item = key.split("/")[0]
    if item in MEANS | LEVEL | FIRST | LAST or item == "x:maxwait":
        return None
    return shown(sum(values), how)


def across(w: World, lang: str, f: dict[str, Any]) -> list[Sheet]:
    """Periods across, a row each."""
    pre = [list(r) for r in f.get("pre", [])]
    head = [f["period"][0], *(label(p, f["period"][1], lang) for p in f["periods"])]
    if t := f.get("total"):
        head.append(t)
    rows = []
    for h, s in f["cols"]:
        if s == "":
            rows.append([h])
            continue
        rows.append([h, *(cell(w, p, s) for p in f["periods"])] + ([total(w, f["periods"], s)] if t else []))
    rows += [list(r) for r in f.get("foot", [])]
    return [Sheet(f.get("sheet", "Sheet1"), [*pre, head, *rows])]


def block(w: World, lang: str, f: dict[str, Any]) -> list[Sheet]:
    """One period: a label and its value in each row."""
    (p,) = f["periods"]
    rows = [
        [x.replace("{p}", str(label(p, f["period"][1], lang))) if isinstance(x, str) else x for x in r]
        for r in f.get("pre", [])
    ]
    if f["period"][0]:
        rows.append([f["period"][0], label(p, f["period"][1], lang)])
    rows += [[h] if s == "" else [h, cell(w, p, s)] for h, s in f["cols"]]
    return [Sheet(f.get("sheet", "Sheet1"), [*rows, *(list(r) for r in f.get("foot", []))])]


def pages(w: World, lang: str, f: dict[str, Any]) -> list[Sheet]:
    """One sheet a period."""
    return [
        Sheet(str(label(p, f["period"][1], lang)), block(w, lang, {**f, "periods": [p]})[0].rows) for p in f["periods"]
    ]


def topics(w: World, lang: str, f: dict[str, Any]) -> list[Sheet]:
    """One sheet a topic, each with the periods down."""
    out = []
    for t in f["topics"]:
        g = {**f, **t}
        (sheet,) = LAYOUTS[t.get("layout", "down")](w, lang, g)
        sheet.hidden = t.get("hidden", False)
        out.append(sheet)
    return out


def stacked(w: World, lang: str, f: dict[str, Any]) -> list[Sheet]:
    """Two tables in one sheet."""
    rows: list[list[Any]] = []
    for t in f["topics"]:
        rows += LAYOUTS[t.get("layout", "down")](w, lang, {**f, **t})[0].rows
        rows += [[], []]
    return [Sheet(f.get("sheet", "Sheet1"), rows)]


def long(w: World, lang: str, f: dict[str, Any]) -> list[Sheet]:
    """Period, measure, value."""
    rows: list[list[Any]] = [list(f["head"])]
    for p in f["periods"]:
        for h, s in f["cols"]:
            rows.append([label(p, f["period"][1], lang), *h.split("|"), cell(w, p, s)])
    return [Sheet(f.get("sheet", "Sheet1"), rows)]


def daily(w: World, lang: str, f: dict[str, Any]) -> list[Sheet]:
    """A row each day, whose sums are the month's."""
    rows: list[list[Any]] = [*(list(r) for r in f.get("pre", [])), [f["period"][0], *(h for h, _ in f["cols"])]]
    for p in f["periods"]:
        y, m = int(p[:4]), int(p[5:])
        n = (dt.date(y + m // 12, m % 12 + 1, 1) - dt.date(y, m, 1)).days
        spread: list[list[Any]] = []
        rng = random.Random(zlib.crc32(f"{p}{f['cols']}".encode()))
        for _, s in f["cols"]:
            key, how = parse(s)
            if s.startswith("=") or key.split("/")[0] in MEANS or key == "x:maxwait":
                spread.append([cell(w, p, s)] * n)
            else:
                spread.append([shown(v, how) for v in split(rng, w.value(p, key), (1,) * n)])
        rows += [[dt.date(y, m, d + 1), *(c[d] for c in spread)] for d in range(n)]
    if t := f.get("total"):
        rows.append([t, *(total(w, f["periods"], s) for _, s in f["cols"])])
    rows += [list(r) for r in f.get("foot", [])]
    return [Sheet(f.get("sheet", "Sheet1"), rows)]


def caselist(w: World, lang: str, f: dict[str, Any]) -> list[Sheet]:
    """A row a case (or a child): columns name fields of the case."""
    rows: list[list[Any]] = [*(list(r) for r in f.get("pre", [])), [h for h, _ in f["cols"]]]
    words = f["words"]
    n = 0
    for p in f["periods"]:
        for case in w.cases[p]:
            kids = range(case["children"]) if f.get("per_child") else [None]
            n += 1
            for k in kids:
                line = []
                for _, s in f["cols"]:
                    key, how = parse(s)
                    sex, age = case["who"][k or 0]
                    years = {"0-3": 2, "4-6": 5, "7-9": 8, "10-12": 11, "13-15": 14, "16-17": 17}.get(age)
                    v: Any = {
                        "no": case["no"],
                        "n": n,
                        "seq": (k or 0) + 1,
                        "children": case["children"],
                        "opened": case["opened"],
                        "month": label(p, f.get("month", "{y}-%m"), lang),
                        "closed": case["closed"],
                        "category": words[case["category"]],
                        "border": words.get("yes", "Yes") if case["border"] else words.get("no", "No"),
                        "sex": words.get(sex, sex),
                        "age": words.get("age?", "") if years is None else years,
                        "ageband": words.get(age, age),
                        "status": words.get("closed", "Closed") if case["closed"] else words.get("open", "Open"),
                        "role": words.get(case["role"], case["role"]),
                        "datetime": dt.datetime.combine(case["opened"], dt.time(9 + case["opened"].day % 9, 17)),
                    }.get(key, s[1:] if s.startswith("=") else None)
                    if how == "text" and v is not None:
                        v = str(v)
                    line.append(v)
                rows.append(line)
                if f.get("twice") and n % f["twice"] == 0:
                    rows.append(list(line))
    rows += [list(r) for r in f.get("foot", [])]
    return [Sheet(f.get("sheet", "Sheet1"), rows, hidden_rows=f.get("hidden_rows", []))]


def calls(w: World, lang: str, f: dict[str, Any]) -> list[Sheet]:
    """A row a call (CDR): answered, abandoned early, abandoned late, and what else rings."""
    rows: list[list[Any]] = [*(list(r) for r in f.get("pre", [])), [h for h, _ in f["cols"]]]
    words = f["words"]
    for p in f["periods"]:
        rng = random.Random(zlib.crc32(f"{p}calls".encode()))
        y, m = int(p[:4]), int(p[5:])
        n = (dt.date(y + m // 12, m % 12 + 1, 1) - dt.date(y, m, 1)).days
        kinds = ["answered"] * w.value(p, "A04") + ["short"] * w.value(p, "A05") + ["late"] * w.value(p, "A06")
        for extra in ("outbound", "test", "othernumber"):
            if extra in words:
                kinds += [extra] * 7
        rng.shuffle(kinds)
        starts = sorted(dt.datetime(y, m, 1) + dt.timedelta(seconds=rng.randrange(n * 86400)) for _ in kinds)
        # waits of answered calls: exactly A07 of them within 20 seconds
        fast = ["f"] * w.value(p, "A07") + ["s"] * (w.value(p, "A04") - w.value(p, "A07"))
        rng.shuffle(fast)
        for i, (kind, at) in enumerate(zip(kinds, starts, strict=True)):
            talk, wait = 0, rng.randint(2, 9)
            if kind == "late":
                wait = rng.randint(11, 200)
            elif kind in {"answered", "othernumber", "test"}:
                talk = rng.randint(30, 2400)
                wait = (rng.randint(2, 20) if fast.pop() == "f" else rng.randint(21, 90)) if kind == "answered" else 5
            elif kind == "outbound":
                talk = rng.randint(10, 400)
            real = "answered" if kind in {"othernumber", "test", "outbound"} else kind
            line = []
            for _, s in f["cols"]:
                key, how = parse(s)
                v = {
                    "at": at,
                    "date": at.date(),
                    "time": at.strftime("%H:%M:%S"),
                    "id": f"{int(at.timestamp())}.{i}",
                    "wait": wait,
                    "talk": talk,
                    "duration": wait + talk,
                    "result": words[real],
                    "in": words.get("outbound", "") if kind == "outbound" else words.get("inbound", "Inbound"),
                    "queue": words["othernumber"]
                    if kind == "othernumber"
                    else words.get("test", "")
                    if kind == "test"
                    else words.get("queue", "116000"),
                    "from": f"+49301{rng.randint(100000, 999999)}",
                    "agent": f"Agent {rng.randint(1, 6)}" if real == "answered" else "",
                    "month": p,
                    "channel": words.get("channel", "Phone"),
                }.get(key, s[1:] if s.startswith("=") else None)
                if how and how != "text":
                    v = shown(v, how)
                line.append(v)
            rows.append(line)
            if f.get("legs") and real == "answered" and i % f["legs"] == 0:  # a transfer gives a second row of one call
                rows.append(list(line))
    rows += [list(r) for r in f.get("foot", [])]
    return [Sheet(f.get("sheet", "Sheet1"), rows)]


def contacts(w: World, lang: str, f: dict[str, Any]) -> list[Sheet]:
    """A row a contact: channel, who it was."""
    rows: list[list[Any]] = [*(list(r) for r in f.get("pre", [])), [h for h, _ in f["cols"]]]
    words = f["words"]
    for p in f["periods"]:
        rng = random.Random(zlib.crc32(f"{p}contacts".encode()))
        y, m = int(p[:4]), int(p[5:])
        n = (dt.date(y + m // 12, m % 12 + 1, 1) - dt.date(y, m, 1)).days
        channel = [c for c in CHANNELS for _ in range(w.value(p, f"A11/{c}"))]
        role = [r for r in ROLES for _ in range(w.value(p, f"A12/{r}"))]
        lng = [x for x in LANGS for _ in range(w.value(p, f"A13/{x}"))]
        rel = ["relevant"] * w.value(p, "A10") + ["other_topic"] * (w.value(p, "A09") - w.value(p, "A10"))
        for pile in (channel, role, lng, rel):
            rng.shuffle(pile)
        days = sorted(rng.randint(1, n) for _ in channel)
        for i, (c, r, x, t, d) in enumerate(zip(channel, role, lng, rel, days, strict=True), 1):
            v = {
                "no": f"C{y % 100}{m:02d}{i:04d}",
                "date": dt.date(y, m, d),
                "month": label(p, f.get("month", "{y}-%m"), lang),
                "channel": words[c],
                "role": words.get(r, r),
                "language": words.get(x, x),
                "topic": words.get(t, t),
                "datetime": dt.datetime(y, m, d, 8 + i % 12, i % 60),
            }
            rows.append([v.get(parse(s)[0], s[1:] if s.startswith("=") else None) for _, s in f["cols"]])
    rows += [list(r) for r in f.get("foot", [])]
    return [Sheet(f.get("sheet", "Sheet1"), rows)]


def grid(w: World, lang: str, f: dict[str, Any]) -> list[Sheet]:
    """A row a category (or channel…), a column a figure or a month, one more dimension in the sheet."""
    rows: list[list[Any]] = [list(r) for r in f.get("pre", [])]
    if f.get("by") == "period":  # category down, months across, of one item
        rows.append(
            [
                f["period"][0],
                *(label(p, f["period"][1], lang) for p in f["periods"]),
                *([f["total"]] if f.get("total") else []),
            ]
        )
        for code, word in f["list"].items():
            key = f["item"].replace("*", code)
            rows.append(
                [
                    word,
                    *(shown(w.value(p, key), f.get("cellhow", "")) for p in f["periods"]),
                    *([sum(w.value(p, key) for p in f["periods"])] if f.get("total") else []),
                ]
            )
        if f.get("total"):
            values = [sum(w.value(p, f["item"].replace("*", c)) for c in f["list"]) for p in f["periods"]]
            rows.append([f["total"], *values, sum(values)])
    else:  # one period: category down, items across
        (p,) = f["periods"]
        rows.append([f["period"][0], *(h for h, _ in f["cols"])])
        for code, word in f["list"].items():
            rows.append(
                [word, *(shown(w.value(p, s.split("@")[0].replace("*", code)), parse(s)[1]) for _, s in f["cols"])]
            )
        if f.get("total"):
            rows.append(
                [f["total"], *(sum(w.value(p, parse(s)[0].replace("*", c)) for c in f["list"]) for _, s in f["cols"])]
            )
        rows = [
            [c.replace("{p}", str(label(p, f["period"][1], lang))) if isinstance(c, str) else c for c in r]
            for r in rows
        ]
    rows += [list(r) for r in f.get("foot", [])]
    return [Sheet(f.get("sheet", "Sheet1"), rows)]


LAYOUTS = {
    "down": down,
    "across": across,
    "block": block,
    "pages": pages,
    "topics": topics,
    "stacked": stacked,
    "long": long,
    "daily": daily,
    "caselist": caselist,
    "calls": calls,
    "contacts": contacts,
    "grid": grid,
}


def sender(
    key: str,
    lang: str,
    country: str,
    layout: str,
    how: As,
    scale: int = 100,
    *,
    then: tuple[dict[str, Any], ...] = (),
    **f: Any,
) -> None:
    """A sender's first file and what she sends afterwards, each a change of the file before."""
    assert key not in SENDERS, key
    world = World(key, scale)
    files: list[File] = []
    now: dict[str, Any] = {"layout": layout, "how": how, "lang": lang, **f}
    for n, change in enumerate(({}, *then), 1):
        now = {**now, **change}
        if "rename" in change:
            now["cols"] = [(change["rename"].get(h, h), s) for h, s in now["cols"]]
        if "order" in change:
            now["cols"] = [now["cols"][i] for i in change["order"]]
        if "unit" in change:
            now["cols"] = [(h, change["unit"].get(h, s)) for h, s in now["cols"]]
        if "more" in change:
            now["cols"] = [*now["cols"], *change["more"]]
        if "drop" in change:
            now["cols"] = [c for c in now["cols"] if c[0] not in change["drop"]]
        w = world.fix(change["fix"]) if "fix" in change else world
        how_now: As = now["how"]
        sheets: list[Sheet] = [*LAYOUTS[now["layout"]](w, now["lang"], now)]
        sheets += [
            Sheet(extra["name"], [list(r) for r in extra["rows"]], hidden=extra.get("hidden", False))
            for extra in now.get("sheets", [])
        ]
        data = how_now.write(sheets)
        ext = now.get("ext") or EXT[how_now.kind]
        columns = dict(now.get("cols", []))
        for t in now.get("topics", []):
            columns |= dict(t.get("cols", []))
        listed = {**now.get("words", {}), **now.get("list", {})}
        words = {word: code for code, word in listed.items()}
        meanings = {word: {code for code, own in listed.items() if own == word} for word in words}
        name = now.get("name", key).format(n=n, p=now["periods"][-1])
        files.append(
            File(
                key,
                n,
                f"{name}-{n}.{ext}",
                country,
                now["lang"],
                list(now["periods"]),
                data,
                columns,
                words,
                meanings,
                w,
                {
                    "layout": now["layout"],
                    "item": now.get("item"),
                    "knows": now.get("knows", {}),
                    "labels": {str(label(p, now["period"][1], now["lang"])): p for p in now["periods"]}
                    if "period" in now
                    else {},
                    "period": now["period"][0] if "period" in now else "",
                    "head": now.get("head", []),
                    "dates": how_now.dates,
                    "decimal": how_now.decimal,
                    "how": how_now.kind,
                },
            )
        )
    SENDERS[key] = files
