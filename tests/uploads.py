"""Files as people upload them, harmless and not."""

from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pikepdf
from PIL import Image

from evaluation.files.kinds import ACCEPTED
from evaluation.files.pdf import clean


def pdf_with(catalogue: str = "", page: str = "", *more: str) -> bytes:
    """Return a PDF of one empty page, with additions to its catalogue and its page and more objects, from number 4."""
    objects = [
        f"<</Type/Catalog/Pages 2 0 R{catalogue}>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]{page}>>",
        *more,
    ]
    written, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(written))
        written += f"{number} 0 obj{content}endobj\n".encode()
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer<</Root 1 0 R/Size {len(objects) + 1}>>\n"
    return written + end.encode() + f"startxref\n{len(written)}\n%%EOF\n".encode()


PDF = clean(pdf_with())
"""A PDF as it is stored: nothing of it is removed."""


def locked_pdf() -> bytes:
    file = BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(file, encryption=pikepdf.Encryption(owner="owner", user="user"))
    return file.getvalue()


def picture(form: str = "PNG", size: tuple[int, int] = (8, 6), mode: str = "RGB", **options: Any) -> bytes:
    file = BytesIO()
    Image.new(mode, size).save(file, form, **options)
    return file.getvalue()


def archive(*members: tuple[str, bytes]) -> bytes:
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as packed:
        for name, content in members:
            packed.writestr(name, content)
    return file.getvalue()


def office(folder: str, *more: tuple[str, bytes]) -> bytes:
    """Return a Word or Excel file, as far as the checks look at it."""
    return archive(
        ("[Content_Types].xml", b"<Types/>"),
        ("_rels/.rels", b"<Relationships/>"),
        ("docProps/app.xml", b"<Properties/>"),
        (f"{folder}/document.xml", b"<document/>"),
        *more,
    )


def open_document(kind: str, content: str = "<office/>", *more: tuple[str, bytes]) -> bytes:
    """Return an OpenDocument file: its type is the first member, not compressed."""
    file = BytesIO()
    with ZipFile(file, "w") as packed:
        packed.writestr("mimetype", ACCEPTED[kind])
        packed.writestr("content.xml", content)
        for name, inside in more:
            packed.writestr(name, inside)
    return file.getvalue()
