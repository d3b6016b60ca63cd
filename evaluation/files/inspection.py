"""Inspect an uploaded file: its size, its kind, and its active or embedded content. Re-encode pictures."""

from dataclasses import dataclass

from evaluation.files import office, pdf, pictures, scanning
from evaluation.files.kinds import CONVERTED, OFFICE, PICTURES, Unacceptable, is_heic, name_for, read_kind


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was inspected and may be stored."""

    content: bytes
    name: str
    kind: str


def inspect_upload(
    content: bytes, name: str, *, limit: int, kinds: tuple[str, ...] = (), longest_side: int = 0
) -> Upload:
    """Return the file if it may be stored.

    Raises Unacceptable if it has more than `limit` bytes, is not of an accepted kind, or has active, embedded or
    external content. `kinds` restricts the accepted kinds. A picture is re-encoded without its metadata, and scaled
    down to `longest_side` pixels, if that is given.
    """
    if not content:
        raise Unacceptable("empty", name)
    if len(content) > limit:
        raise Unacceptable("too_big", name)
    if is_heic(content) and (not kinds or set(kinds) & set(PICTURES)):
        raise Unacceptable("heic", name)
    kind = read_kind(content, name)
    if kinds and kind not in kinds:
        raise Unacceptable("wrong_kind", name)
    code = scanning.refusal(content)
    if not code and kind == "pdf":
        code = pdf.refusal(content)
    if not code and kind in OFFICE:
        code = office.refusal(content)
    if not code and kind in (*PICTURES, *CONVERTED):
        content, kind, code = pictures.reencode(content, kind, longest_side)
    if code:
        raise Unacceptable(code, name)
    return Upload(content, name_for(name, kind), kind)
