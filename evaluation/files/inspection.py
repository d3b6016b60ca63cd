"""Inspect an uploaded file: its size, its kind, and its active or embedded content. Remove what it says of persons."""

from dataclasses import dataclass

from evaluation.files import office, pdf, pictures, scanning
from evaluation.files.kinds import OFFICE, PICTURES, Found, Unacceptable, is_heic, name_for, read_kind
from standards.limited_process import ParserStopped, run_limited

LIBRARIES = ("pikepdf", "lxml.etree", "PIL.JpegImagePlugin", "PIL.PngImagePlugin", "PIL.WebPImagePlugin")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was inspected and may be stored."""

    content: bytes
    name: str
    kind: str


def inspect_upload(
    content: bytes, name: str, *, limit: int, kinds: tuple[str, ...] = (), longest_side: int = 0
) -> Upload:
    """Return the file if it may be stored, without the names of its authors and other metadata.

    Raises Unacceptable if it has more than `limit` bytes, is not of an accepted kind, or has active, embedded or
    external content. `kinds` restricts the accepted kinds. A picture is re-encoded, and scaled down to `longest_side`
    pixels, if that is given.
    """
    kind = check_outside(content, name, limit=limit, kinds=kinds)
    found = None
    try:
        content, kind = run_limited(clean, content, kind, longest_side)
    except Found as refused:
        found = refused
    except ParserStopped:
        found = Found("too_complex")
    if found:
        raise Unacceptable(found.code, name, found)
    return Upload(content, name_for(name, kind), kind)


def check_outside(content: bytes, name: str, *, limit: int, kinds: tuple[str, ...] = ()) -> str:
    """Return the kind of a file, by its first bytes. Raises Unacceptable for what can be refused without parsing it."""
    if not content:
        raise Unacceptable("empty", name)
    if len(content) > limit:
        raise Unacceptable("too_big", name)
    if is_heic(content) and (not kinds or set(kinds) & set(PICTURES)):
        raise Unacceptable("heic", name)
    kind = read_kind(content, name)
    if kinds and kind not in kinds:
        raise Unacceptable("wrong_kind", name)
    if code := scanning.refusal(content):
        raise Unacceptable(code, name)
    return kind


def clean(content: bytes, kind: str, longest_side: int = 0) -> tuple[bytes, str]:
    """Return the content to store and its kind. Raises Found. Called in the limited process."""
    if kind == "pdf":
        return pdf.clean(content), kind
    if kind in OFFICE:
        return office.clean(content), kind
    return pictures.reencode(content, kind, longest_side)
