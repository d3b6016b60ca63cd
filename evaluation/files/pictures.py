"""Re-encode pictures from their pixels, without metadata such as places and names. In the limited process."""

import struct
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

from evaluation.files.kinds import Found

MOST_PIXELS = 50_000_000
"""More than the camera of a telephone takes, and as many as the memory of a worker allows."""

_FORMATS = {"png": "PNG", "jpg": "JPEG", "webp": "WEBP"}
_MODES = {"PNG": ("1", "L", "LA", "P", "RGB", "RGBA"), "JPEG": ("L", "RGB")}


def reencode(content: bytes, kind: str, longest_side: int = 0) -> tuple[bytes, str]:
    """Return the upright picture re-encoded, and the kind of its encoding. Raises Found: `broken`, `too_many_pixels`.

    WebP becomes PNG if it has transparency, otherwise JPEG. With `longest_side`, a picture with more pixels on a side is
    scaled down.
    """
    code = "broken"
    try:
        with Image.open(BytesIO(content), formats=[_FORMATS[kind]]) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise Found("too_many_pixels")
            ImageFile.LOAD_TRUNCATED_IMAGES = False  # WeasyPrint sets it to True for the whole process
            picture.load()
            upright = ImageOps.exif_transpose(picture)
            if kind == "webp":
                kind = "png" if upright.has_transparency_data else "jpg"
            clean, more = _without_metadata(_reduced(upright, longest_side), _FORMATS[kind])
        encoded = BytesIO()
        options = {"quality": 92} if kind == "jpg" else {"compress_level": 6}
        clean.save(encoded, _FORMATS[kind], **options, **more)
        return encoded.getvalue(), kind
    except Image.DecompressionBombError:
        code = "too_many_pixels"
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, OverflowError, EOFError, MemoryError):
        pass
    raise Found(code)


def _reduced(picture: Image.Image, longest_side: int) -> Image.Image:
    if not longest_side or max(picture.size) <= longest_side:
        return picture
    if picture.mode in ("1", "P"):  # their colours cannot be interpolated
        picture = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    picture.thumbnail((longest_side, longest_side))
    return picture


def _without_metadata(picture: Image.Image, form: str) -> tuple[Image.Image, dict[str, Any]]:
    """Return a picture with the same pixels, and the options to save it: the transparent colour, if any."""
    if picture.mode not in _MODES[form]:
        picture = picture.convert("RGBA" if form == "PNG" and picture.has_transparency_data else "RGB")
    clean = Image.frombytes(picture.mode, picture.size, picture.tobytes())
    if picture.mode == "P" and picture.palette is not None:
        clean.putpalette(picture.palette.palette, picture.palette.mode)
    if form == "PNG" and "transparency" in picture.info:
        return clean, {"transparency": picture.info["transparency"]}
    return clean, {}


# --- Pictures within documents: the same pixels, byte by byte ------------------------------------------------------

_JPEG, _PNG = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"
_DESCRIBING = {b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME"}
"""The chunks of a PNG that describe the picture."""
_ORIENTATION = 0x0112


def is_compressed(content: bytes) -> bool:
    return content.startswith((_JPEG, _PNG))


def without_metadata(content: bytes) -> bytes:
    """Return a JPEG or PNG picture without its metadata, except which way up it is. Any other content is unchanged."""
    if content.startswith(_JPEG):
        return b"".join(_parts_of_jpeg(content))
    if content.startswith(_PNG):
        return _PNG + b"".join(part for kind, part in _chunks_of_png(content) if kind not in _DESCRIBING)
    return content


def _parts_of_jpeg(content: bytes) -> Iterator[bytes]:
    """Yield the segments that are kept. From the first scan on everything is kept as it is, up to the end marker."""
    yield content[:2]
    place, end = 2, content.rfind(b"\xff\xd9") + 2
    if (orientation := _orientation_of(content)) > 1:
        exif = Image.Exif()
        exif[_ORIENTATION] = orientation
        described = exif.tobytes()
        yield struct.pack(">HH", 0xFFE1, len(described) + 2) + described
    while place + 4 <= len(content) and content[place] == 0xFF:
        marker, length = content[place + 1], int.from_bytes(content[place + 2 : place + 4])
        if marker == 0xDA or length < 2:
            break
        segment = content[place : place + 2 + length]
        is_colour = marker in (0xE0, 0xEE) or (marker == 0xE2 and segment[4:].startswith(b"ICC_PROFILE"))
        if is_colour or not (0xE0 <= marker <= 0xEF or marker == 0xFE):
            yield segment
        place += 2 + length
    yield content[place : max(end, place)] if end > 1 else content[place:]


def _orientation_of(content: bytes) -> int:
    try:
        with Image.open(BytesIO(content), formats=["JPEG"]) as picture:
            return int(picture.getexif().get(_ORIENTATION, 1))
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, TypeError, Image.DecompressionBombError):
        return 1


def _chunks_of_png(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    place = len(_PNG)
    while place + 12 <= len(content):
        size = int.from_bytes(content[place : place + 4]) + 12
        kind = content[place + 4 : place + 8]
        yield kind, content[place : place + size]
        place += size
        if kind == b"IEND":
            return
