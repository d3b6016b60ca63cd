"""Random damage by disks, programs, people and attackers, deterministic by seed."""

import csv
import io
import struct
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random

from tests.evaluation.figures.damaged_files.formats import FORMATS, ODS, cells_of, ods_content, pack, part, unpack

MEGABYTE = 1024 * 1024
BOMB = 40
"""The megabytes that a bomb unpacks to. Readers allow less."""
_FORMULAS = ("=1+1", "@SUM(A1)", '=HYPERLINK("x")', "+A1", "-A1+2", "=cmd|' /C calc'!A0")
_SHEET = "xl/worksheets/sheet1.xml"

Kind = Callable[[bytes, Random], bytes]


@dataclass(frozen=True, slots=True)
class Damaged:
    """A damaged file. `is_harmless` if its content is the same, in another order or notation."""

    content: bytes
    format: str
    kind: str
    is_harmless: bool


def damage(content: bytes, seed: int) -> Damaged:
    """Write a good CSV file in one of the formats and damage it in a suitable way."""
    random = Random(seed)
    name = random.choice([*FORMATS])
    kinds = {**ANY, **_SUITED[name.partition("_")[0]]}
    kind = random.choice([*kinds, *HARMLESS])
    if kind in HARMLESS:
        return Damaged(FORMATS[name](HARMLESS[kind](content, random)), name, kind, is_harmless=True)
    if kind in BEFORE:
        return Damaged(FORMATS[name](BEFORE[kind](content, random)), name, kind, is_harmless=False)
    return Damaged(kinds[kind](FORMATS[name](content), random), name, kind, is_harmless=False)


# --- The table, before it is written in a format -------------------------------------------------------------------


def _write(top: list[str], table: list[list[str]]) -> bytes:
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows(table)
    return ("\n".join([*top, ""]) + written.getvalue()).encode()


def _in_a_cell(texts: tuple[str, ...]) -> Kind:
    def change(content: bytes, random: Random) -> bytes:
        top, table = part(content)
        row = random.choice(table[1:])
        row[random.randrange(len(row))] = random.choice(texts)
        return _write(top, table)

    return change


def _double_column(content: bytes, random: Random) -> bytes:
    top, table = part(content)
    place = random.randrange(len(table[0]))
    return _write(top, [[*row, row[place]] for row in table])


def _lose_a_header_line(content: bytes, random: Random) -> bytes:
    top, table = part(content)
    del top[random.randrange(len(top))]
    return _write(top, table)


def _spoil_a_header_line(content: bytes, random: Random) -> bytes:
    top, table = part(content)
    place = random.randrange(len(top))
    field = top[place].partition(":")[0]
    top[place] = random.choice([f"{field}: \N{SNOWMAN}", "# caller: x", f"{field}", f"{field}: {'9' * 50}"])
    return _write(top, table)


def _shuffle_columns(content: bytes, random: Random) -> bytes:
    top, table = part(content)
    order = random.sample(range(len(table[0])), len(table[0]))
    return _write(top, [[row[place] for place in order] for row in table])


def _shuffle_header(content: bytes, random: Random) -> bytes:
    top, table = part(content)
    return _write(random.sample(top, len(top)), table)


def _capitals(content: bytes, random: Random) -> bytes:
    top, table = part(content)
    return _write(top, [[name.upper() for name in table[0]], *table[1:]])


BEFORE: Mapping[str, Kind] = {
    "formula": _in_a_cell(_FORMULAS),
    "person": _in_a_cell(("anna@example.test", "+32 470 12 34 56", "2014-05-17", "x" * 60)),
    "number": _in_a_cell(("NaN", "inf", "1e999", "9" * 300, "-1", "\N{ARABIC-INDIC DIGIT ONE}")),
    "long_cell": _in_a_cell(("x" * 70_000, "y" * 130_000)),
    "column_twice": _double_column,
    "header_line_lost": _lose_a_header_line,
    "header_line_spoilt": _spoil_a_header_line,
}
HARMLESS: Mapping[str, Kind] = {
    "columns_shuffled": _shuffle_columns,
    "header_shuffled": _shuffle_header,
    "names_in_capitals": _capitals,
}


# --- The bytes of any format ---------------------------------------------------------------------------------------


def _cut(content: bytes, random: Random) -> bytes:
    """Cut in the middle of a line: a file that ends after a row cannot be distinguished from a whole one."""
    place = random.randrange(len(content) * 9 // 10)
    start = max(content.rfind(b"\n", 0, place), content.rfind(b"\r", 0, place)) + 1
    return content[: start + max(1, (place - start) // 2)]


def _random_bytes(content: bytes, random: Random) -> bytes:
    return random.randbytes(random.choice([1, 7, 100, 5_000, 100_000]))


def _random_places(content: bytes, random: Random) -> bytes:
    spoilt = bytearray(content)
    for _ in range(random.choice([30, 300, 3_000])):
        spoilt[random.randrange(len(spoilt))] = random.randrange(256)
    return bytes(spoilt)


def _nulls(content: bytes, random: Random) -> bytes:
    place = random.randrange(len(content))
    return content[:place] + b"\0" * random.choice([1, 5, 5_000]) + content[place + 1 :]


def _zip_head(content: bytes, random: Random) -> bytes:
    return (
        random.choice([b"PK\x03\x04", b"%PDF-1.7\n", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\x1f\x8b", b"GIF89a"])
        + content
    )


def _page(content: bytes, random: Random) -> bytes:
    return b"<!DOCTYPE html><table><tr><td>" + content + b"</table>"


def _nested(content: bytes, random: Random) -> bytes:
    for _ in range(random.randint(1, 4)):
        content = pack({"file.csv": content})
    return content


ANY: Mapping[str, Kind] = {
    **BEFORE,
    "cut": _cut,
    "random": _random_bytes,
    "random_places": _random_places,
    "nulls": _nulls,
    "other_head": _zip_head,
    "page": _page,
    "nested_archive": _nested,
    "empty": lambda content, random: b" \n" * random.randrange(50),
}


# --- Text ----------------------------------------------------------------------------------------------------------


def _row(content: bytes, random: Random) -> tuple[list[bytes], int]:
    lines = content.split(b"\n") if b"\n" in content else content.split(b"\r")
    return lines, random.randrange(12, max(13, len(lines) - 1)) % len(lines)


def _mixed_encodings(content: bytes, random: Random) -> bytes:
    lines, row = _row(content, random)
    lines[row] = (
        "m\N{LATIN SMALL LETTER E WITH ACUTE}sur\N{GREEK SMALL LETTER ALPHA}".encode() + b"\xe9\x81\xff" + lines[row]
    )
    return b"\n".join(lines)


def _mixed_delimiters(content: bytes, random: Random) -> bytes:
    lines, row = _row(content, random)
    for mark in b",;\t|":
        lines[row] = lines[row].replace(bytes([mark]), random.choice([b":", b"::", b"/"]))
    return b"\n".join(lines)


def _quotes(content: bytes, random: Random) -> bytes:
    lines, row = _row(content, random)
    lines[row] = random.choice([b'"' + lines[row], lines[row] + b'"x"', b'"""' + lines[row], b'"a"b"' + lines[row]])
    return b"\n".join(lines)


def _endless_cell(content: bytes, random: Random) -> bytes:
    lines, row = _row(content, random)
    return b"\n".join(lines[:row]) + b"\n" + random.choice([b"x", b"\xc3\xa4", b'"', b"\n1,", b"1,"]) * (4 * MEGABYTE)


def _wide(content: bytes, random: Random) -> bytes:
    lines, row = _row(content, random)
    lines[row] += b",x;x\tx|x" * random.choice([1, 50, 50_000])
    return b"\n".join(lines)


TEXT: Mapping[str, Kind] = {
    "mixed_encodings": _mixed_encodings,
    "mixed_delimiters": _mixed_delimiters,
    "quotes": _quotes,
    "endless_cell": _endless_cell,
    "wide": _wide,
}


# --- Workbooks -----------------------------------------------------------------------------------------------------


def _member(content: bytes) -> str:
    return _SHEET if _SHEET in unpack(content) else "content.xml"


def _bomb(content: bytes, random: Random) -> bytes:
    """Return a small file that unpacks to a very large one."""
    members = unpack(content)
    members[_member(content)] += b" " * (BOMB * MEGABYTE)
    return pack(members)


def _lying_directory(content: bytes, random: Random) -> bytes:
    """Return a file with a large member that declares a small size, in the directory and in its header."""
    members = unpack(content)
    name = _member(content)
    members[name] += b" " * (random.choice([1, BOMB]) * MEGABYTE)
    packed = bytearray(pack(members))
    size = struct.pack("<I", len(members[name]))
    place = packed.find(size)
    while place >= 0:
        packed[place : place + 4] = struct.pack("<I", 1000)
        place = packed.find(size, place + 4)
    return bytes(packed)


def _entities(content: bytes, random: Random) -> bytes:
    """Return a file with entities that grow exponentially."""
    members = unpack(content)
    name = _member(content)
    declared = b'<!DOCTYPE a [<!ENTITY b "' + b"x" * 50_000 + b'"><!ENTITY c SYSTEM "file:///etc/hostname">]>'
    head, end, body = members[name].partition(b"?>")
    members[name] = head + end + declared + body.replace(b"<t>", b"<t>" + b"&b;" * 5_000, 1)
    return pack(members)


def _many_members(content: bytes, random: Random) -> bytes:
    return pack(unpack(content) | {f"xl/worksheets/sheet{number}.xml": b"<a/>" for number in range(2, 2_000)})


def _far_cell(content: bytes, random: Random) -> bytes:
    """Return a file with one cell so far away that a dense table would not fit into memory."""
    members = unpack(content)
    name = _member(content)
    if name == _SHEET:
        far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
        members[name] = members[name].replace(b"</sheetData>", far)
    else:
        times = 'table:number-rows-repeated="1048576"'
        far = cells_of(["x"]).replace("table-row>", f"table-row {times}>", 1)
        wide = far.replace("<table:table-cell ", '<table:table-cell table:number-columns-repeated="16384" ')
        members[name] = ods_content(wide)
    return pack(members)


def _encrypted(content: bytes, random: Random) -> bytes:
    """Return a file whose members are declared encrypted."""
    packed = bytearray(content)
    for mark, place in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        found = packed.find(mark)
        while found >= 0:
            packed[found + place] |= 1
            found = packed.find(mark, found + 4)
    return bytes(packed)


def _broken_xml(content: bytes, random: Random) -> bytes:
    members = unpack(content)
    name = _member(content)
    deep = b"<a>" * 100_000
    members[name] = random.choice(
        [members[name][: len(members[name]) // 2], deep, b"", members[name].replace(b"</", b"<")]
    )
    return pack(members)


def _other_book(content: bytes, random: Random) -> bytes:
    kind = random.choice(["xl/workbook.bin", "word/document.xml", "content.xml"])
    return pack({"mimetype": ODS.replace("spreadsheet", "text").encode(), kind: b"<a/>"})


def _two_directories(content: bytes, random: Random) -> bytes:
    """Return two archives in one file, which programs read differently from either end."""
    written = io.BytesIO(pack({"[Content_Types].xml": b"<a/>"}))
    with zipfile.ZipFile(written, "a") as archive:
        archive.writestr("xl/workbook.xml", b"<a/>")
    return written.getvalue()


WORKBOOKS: Mapping[str, Kind] = {
    "bomb": _bomb,
    "lying_directory": _lying_directory,
    "entities": _entities,
    "many_members": _many_members,
    "far_cell": _far_cell,
    "encrypted": _encrypted,
    "broken_xml": _broken_xml,
    "other_book": _other_book,
    "two_directories": _two_directories,
}


# --- JSON ----------------------------------------------------------------------------------------------------------


def _deep(content: bytes, random: Random) -> bytes:
    times = random.choice([20, 2_000, 500_000])
    return random.choice(
        [b"[" * times, b'{"rows":' * times, content.replace(b'"rows": [', b'"rows": [' + b"[" * times, 1)]
    )


def _said_twice(content: bytes, random: Random) -> bytes:
    return random.choice(
        [
            content.replace(b'"rows"', b'"header": {}, "rows"', 1),
            content.replace(b'"level"', b'"level": "case", "level"', 1),
            content.replace(b"{\n   ", b'{"value": "1", "quality": "measured", "value": "2",\n   ', 1)
            if b"{\n   " in content
            else b'{"rows": [{"a": 1, "a": 2}]}',
        ]
    )


def _other_shape(content: bytes, random: Random) -> bytes:
    return random.choice(
        [
            b"{}", b"[]", b"[1]", b"[[]]", b'{"rows": {}}', b'{"rows": [1, 2]}', b'{"header": [], "rows": []}', b'{"rows": [{}]}',
            b'{"header": {"caller": "x"}, "rows": [{"a": 1, "b": 2}]}', b'{"rows": [{"a": {"b": 1}, "c": [1]}]}',
        ]
    )  # fmt: skip


def _odd_number(content: bytes, random: Random) -> bytes:
    number = random.choice([b"NaN", b"Infinity", b"-Infinity", b"1e999999", b"9" * 100_000, b"-0"])
    return content.replace(b'"value": "', b'"value": ' + number + b', "x": "', 1)


def _many_brackets(content: bytes, random: Random) -> bytes:
    return b'{"rows": [' + b"{}," * (3 * MEGABYTE) + b"{}]}"


JSON: Mapping[str, Kind] = {
    "deep": _deep,
    "said_twice": _said_twice,
    "other_shape": _other_shape,
    "odd_number": _odd_number,
    "many_brackets": _many_brackets,
}

_SUITED = {"csv": TEXT, "xlsx": WORKBOOKS, "ods": WORKBOOKS, "json": JSON}
