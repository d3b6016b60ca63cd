"""Documents of the demonstration: a page with a title and some lines, as a minimal PDF."""

import textwrap


def write_pdf(title: str, *paragraphs: str) -> bytes:
    """Return a one-page PDF in a standard font (Latin-1; other characters become a question mark)."""
    lines = [(16, line) for line in textwrap.wrap(title, 52)]
    for paragraph in (*paragraphs, "An invented paper: it belongs to the demonstration."):
        lines += [(11, ""), *((11, line) for line in textwrap.wrap(paragraph, 84))]
    drawn = " ".join(f"/F1 {size} Tf ({_escape(line)}) Tj T*" for size, line in lines)
    content = f"BT 22 TL 60 770 Td {drawn} ET".encode("latin-1", "replace")
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>\nstream\n%s\nendstream" % (len(content), content),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    )
    paper, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(paper))
        paper += b"%d 0 obj%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return paper + b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (
        *(size, table, size),
        len(paper),
    )


def _escape(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
