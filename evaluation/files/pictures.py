"""Re-encodes pictures from their pixels, without metadata such as places and names."""

from io import BytesIO

from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

MOST_PIXELS = 50_000_000
"""More than the camera of a telephone, and as many as a worker's memory allows."""

_FORMATS = {"png": "PNG", "jpg": "JPEG"}
_MODES = {"PNG": ("1", "L", "LA", "P", "RGB", "RGBA"), "JPEG": ("L", "RGB")}


def reencode(content: bytes, kind: str) -> tuple[bytes, str]:
    """Return the picture's pixels, upright, re-encoded; or why it is refused: `broken` or `too_many_pixels`."""
    form = _FORMATS[kind]
    try:
        with Image.open(BytesIO(content), formats=[form]) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                return b"", "too_many_pixels"
            ImageFile.LOAD_TRUNCATED_IMAGES = (
                False  # WeasyPrint makes Pillow load truncated pictures in the whole process
            )
            picture.load()
            upright = ImageOps.exif_transpose(picture)
            if upright.mode not in _MODES[form]:
                upright = upright.convert("RGBA" if form == "PNG" and upright.has_transparency_data else "RGB")
            clean = Image.frombytes(upright.mode, upright.size, upright.tobytes())
            more = {}
            if upright.mode == "P" and upright.palette is not None:
                clean.putpalette(upright.palette.palette, upright.palette.mode)
            if form == "PNG" and "transparency" in upright.info:
                more = {"transparency": upright.info["transparency"]}
    except Image.DecompressionBombError:
        return b"", "too_many_pixels"
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, OverflowError, EOFError, MemoryError):
        return b"", "broken"
    drawn = BytesIO()
    clean.save(drawn, form, **({"quality": 92} if form == "JPEG" else {"compress_level": 6}), **more)
    return drawn.getvalue(), ""
