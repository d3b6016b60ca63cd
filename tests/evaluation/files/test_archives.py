"""The limits shared by documents and workbooks, whatever sizes the archive declares."""

import zipfile
from io import BytesIO
from xml.parsers import expat

import pytest

from evaluation.files.archives import MEGABYTE, BadArchive, Budget, list_members, parse_xml, read_archive, unpack


def packed(*members: tuple[str, bytes]) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return file.getvalue()


def read_all(content: bytes, *, most_members: int = 10, size: int = 10 * MEGABYTE) -> dict[str, bytes]:
    budget = Budget(size)

    def read(archive: zipfile.ZipFile) -> dict[str, bytes]:
        return {member.filename: b"".join(unpack(archive, member, budget)) for member in list_members(archive)}

    return read_archive(BytesIO(content), read, most_members=most_members)


def lie_about_size(content: bytes, size: int) -> bytes:
    """Return the same archive with another declared size of its first member."""
    at = content.index(b"PK\x01\x02") + 24
    return content[:at] + size.to_bytes(4, "little") + content[at + 4 :]


ONE = packed(("a", b"x" * 1000))


def test_what_is_packed_is_read():
    assert read_all(packed(("a", b"one"), ("folder/", b""), ("folder/b", b"two"))) == {"a": b"one", "folder/b": b"two"}


@pytest.mark.parametrize(
    ("content", "bounds", "code"),
    [
        (packed(*((str(number), b"") for number in range(11))), {}, "too_many_members"),
        (b"\0" * (MEGABYTE - 2) + b"PK\x01\x02" * 11, {}, "too_many_members"),
        (packed(("a", b"x" * 600), ("b", b"x" * 600)), {"size": 1000}, "too_large"),
        (lie_about_size(packed(("a", b"x" * 5000)), 10), {"size": 1000}, "too_large"),
        (lie_about_size(ONE, 10), {}, "damaged"),
        (lie_about_size(ONE, 2000), {}, "damaged"),
        (packed(("name", b"one"), ("mane", b"two")).replace(b"mane", b"name"), {}, "damaged"),
        (ONE.replace(b"PK\x05\x06", b"PK\x00\x00"), {}, "damaged"),
    ],
    ids=["members", "between two blocks", "size", "a lie beyond", "too small", "too large", "one name", "no end"],
)
def test_an_archive_beyond_its_bounds_or_damaged_is_not_read(content: bytes, bounds: dict[str, int], code: str):
    with pytest.raises(BadArchive) as caught:
        read_all(content, **bounds)
    assert (caught.value.code, caught.value.__context__) == (code, None)


@pytest.mark.parametrize(
    ("part", "code"),
    [(b"<a", "damaged"), (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "declares_entities")],
)
def test_a_part_is_xml_without_entities(part: bytes, code: str):
    with pytest.raises(BadArchive) as caught:
        parse_xml(expat.ParserCreate(), [part])
    assert (caught.value.code, caught.value.__context__) == (code, None)
