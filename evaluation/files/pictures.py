"""Re-encode pictures from their pixels, without metadata such as places and names."""

from io import BytesIO
from typing import Any

from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

MOST_PIXELS = 50_000_000
"""More than the camera of a telephone takes, and as many as the memory of a worker allows."""

_FORMATS = {"png": "PNG", "jpg": "JPEG", "webp": "WEBP"}
_MODES = {"PNG": ("1", "L", "LA", "P", "RGB", "RGBA"), "JPEG": ("L", "RGB")}


def reencode(content: bytes, kind: str, longest_side: int = 0) -> tuple[bytes, str, str]:
    """Return the upright picture re-encoded, the kind of its encoding, and the code of the refusal.

    The code is `broken` or `too_many_pixels`; empty if accepted. WebP becomes PNG if it has transparency, otherwise
    JPEG. With `longest_side`, a picture with more pixels on a side is scaled down.
    """
    try:
        with Image.open(BytesIO(content), formats=[_FORMATS[kind]]) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                return b"", kind, "too_many_pixels"
            ImageFile.LOAD_TRUNCATED_IMAGES = False  # WeasyPrint sets it to True for the whole process
            picture.load()
            upright = ImageOps.exif_transpose(picture)
            if kind == "webp":
                kind = "png" if upright.has_transparency_data else "jpg"
            clean, more = _without_metadata(_reduced(upright, longest_side), _FORMATS[kind])
    except Image.DecompressionBombError:
        return b"", kind, "too_many_pixels"
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, OverflowError, EOFError, MemoryError):
        return b"", kind, "broken"
    encoded = BytesIO()
    options = {"quality": 92} if kind == "jpg" else {"compress_level": 6}
    clean.save(encoded, _FORMATS[kind], **options, **more)
    return encoded.getvalue(), kind, ""


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
