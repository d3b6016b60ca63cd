"""Re-encodes pictures from their pixels, without metadata such as places and names."""

from io import BytesIO
from typing import Any

from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

MOST_PIXELS = 50_000_000
"""More than the camera of a telephone, and as many as a worker's memory allows."""

_FORMATS = {"png": "PNG", "jpg": "JPEG", "webp": "WEBP"}
_MODES = {"PNG": ("1", "L", "LA", "P", "RGB", "RGBA"), "JPEG": ("L", "RGB")}


def reencode(content: bytes, kind: str, longest_side: int = 0) -> tuple[bytes, str, str]:
    """Return the picture's pixels, upright, re-encoded, and the kind that they are encoded as.

    The third value is why it is refused: `broken` or `too_many_pixels`. WebP becomes PNG if it is transparent somewhere,
    else JPEG. With `longest_side`, a picture with more pixels is made smaller.
    """
    try:
        with Image.open(BytesIO(content), formats=[_FORMATS[kind]]) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                return b"", kind, "too_many_pixels"
            ImageFile.LOAD_TRUNCATED_IMAGES = (
                False  # WeasyPrint makes Pillow load truncated pictures in the whole process
            )
            picture.load()
            upright = ImageOps.exif_transpose(picture)
            if kind == "webp":
                kind = "png" if upright.has_transparency_data else "jpg"
            clean, more = _without_metadata(_reduced(upright, longest_side), _FORMATS[kind])
    except Image.DecompressionBombError:
        return b"", kind, "too_many_pixels"
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, OverflowError, EOFError, MemoryError):
        return b"", kind, "broken"
    drawn = BytesIO()
    options = {"quality": 92} if kind == "jpg" else {"compress_level": 6}
    clean.save(drawn, _FORMATS[kind], **options, **more)
    return drawn.getvalue(), kind, ""


def _reduced(picture: Image.Image, longest_side: int) -> Image.Image:
    if not longest_side or max(picture.size) <= longest_side:
        return picture
    if picture.mode in ("1", "P"):  # between whose colours nothing can be drawn
        picture = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    picture.thumbnail((longest_side, longest_side))
    return picture


def _without_metadata(picture: Image.Image, form: str) -> tuple[Image.Image, dict[str, Any]]:
    """Return a picture of the same pixels, and what it needs to be written: which of its colours is transparent."""
    if picture.mode not in _MODES[form]:
        picture = picture.convert("RGBA" if form == "PNG" and picture.has_transparency_data else "RGB")
    clean = Image.frombytes(picture.mode, picture.size, picture.tobytes())
    if picture.mode == "P" and picture.palette is not None:
        clean.putpalette(picture.palette.palette, picture.palette.mode)
    if form == "PNG" and "transparency" in picture.info:
        return clean, {"transparency": picture.info["transparency"]}
    return clean, {}
