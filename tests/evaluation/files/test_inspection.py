"""Inspecting uploads: kind and name by content; no active, embedded or external content, no metadata."""

import socket
import struct
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from zipfile import ZIP_STORED, ZipFile

import pikepdf
import pytest
from PIL import Image

from evaluation.files import office as office_files
from evaluation.files import pictures
from evaluation.files.inspection import inspect_upload
from evaluation.files.kinds import ACCEPTED, Found, Unacceptable, name_for
from portal.presentation.uploaded_files import describe_refusal
from tests.uploads import PDF, archive, locked_pdf, office, open_document, pdf_with, picture

LIMIT = 10**7
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def code_of(content: bytes, name: str = "proof.pdf") -> str:
    try:
        inspect_upload(content, name, limit=LIMIT)
    except Unacceptable as problem:
        return problem.code
    return ""


# --- The name ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "kind", "kept"),
    [
        ("call guide.pdf", "pdf", "call guide.pdf"),
        ("call guide.hta", "pdf", "call guide.pdf"),
        ("run.bat", "pdf", "run.pdf"),
        ("minutes.pdf.exe", "pdf", "minutes.pdf"),
        ("minutes.exe.pdf", "pdf", "minutes.exe.pdf"),
        ("minutes.pdf", "png", "minutes.png"),
        ("photo.JPEG", "jpg", "photo.jpg"),
        ("Protocol v1.2", "docx", "Protocol v1.2.docx"),
        ("minutes\u202efdp.exe", "pdf", "minutesfdp.pdf"),
        ("..\\..\\evil.hta", "pdf", "evil.pdf"),
        ("a/b\n.lnk", "pdf", "b.pdf"),
        (".exe", "pdf", "document.pdf"),
        ("zażółć.xlsx ", "xlsx", "zażółć.xlsx"),
        ("x" * 300 + ".pdf", "pdf", "x" * 196 + ".pdf"),
    ],
)
def test_the_extension_is_the_one_of_the_content(name, kind, kept):
    assert name_for(name, kind) == kept


# --- PDF -----------------------------------------------------------------------------------------------------------

SCRIPT = "<</S/JavaScript/JS(app.alert(1))>>"
BAD_PDFS = {
    "a script that opens": (pdf_with(f"/OpenAction{SCRIPT}"), "active"),
    "a script in an object of its own": (pdf_with("/OpenAction 4 0 R", "", SCRIPT), "active"),
    "a script under an escaped name": (pdf_with("/OpenAction<</S/J#61vaScript>>"), "active"),
    "a script by name": (pdf_with("/Names<</JavaScript<</Names[(a) 4 0 R]>>>>", "", SCRIPT), "active"),
    "a script of the page": (pdf_with("", f"/AA<</O{SCRIPT}>>"), "active"),
    "a script in a link": (pdf_with("", f"/Annots[<</Subtype/Link/A{SCRIPT}>>]"), "active"),
    "a program": (pdf_with("/OpenAction<</S/Launch/F(cmd.exe)>>"), "active"),
    "an address that opens by itself": (pdf_with("/OpenAction<</S/URI/URI(https://example.org)>>"), "active"),
    "an act after the act": (pdf_with("/OpenAction<</S/GoTo/D[3 0 R/Fit]/Next<</S/URI>>>>"), "active"),
    "a form that is sent": (pdf_with("", "/Annots[<</A<</S/SubmitForm/F(https://example.org)>>>>]"), "active"),
    "another document": (pdf_with("", "/Annots[<</A<</S/GoToR/F(//example.org/a.pdf)>>>>]"), "active"),
    "a form with scripts inside": (pdf_with("/AcroForm<</XFA 4 0 R>>", "", "<</Length 0>>"), "active"),
    "a file": (pdf_with("/Names<</EmbeddedFiles<</Names[]>>>>"), "embedded"),
    "a file on the page": (
        pdf_with("", "/Annots[<</Subtype/FileAttachment/FS<</EF<</F 4 0 R>>>>>>]", "<<>>"),
        "embedded",
    ),
    "a film": (pdf_with("", "/Annots[<</Subtype/RichMedia>>]"), "embedded"),
    "a link to a file": (pdf_with("", "/Annots[<</Subtype/Link/A<</S/URI/URI(file:///C:/a.exe)>>>>]"), "link"),
    "a link to a share": (pdf_with("", "/Annots[<</Subtype/Link/A<</S/URI/URI(\\\\\\\\host\\\\a)>>>>]"), "link"),
    "a link that runs": (pdf_with("", "/Annots[4 0 R]", "<</A<</S/URI/URI(java\tscript:alert\\(1\\))>>>>"), "link"),
    "a base for links": (pdf_with("/URI<</Base(file://host/)>>"), "link"),
    "a stream elsewhere": (
        pdf_with("", "/Contents 4 0 R", "<</F(//host/page)/Length 0>>stream\n\nendstream "),
        "external",
    ),
    "a page elsewhere": (pdf_with("", "/Resources<</XObject<</A<</Ref<</F<</UF(//host/a.pdf)>>>>>>>>>>"), "external"),
    "a file by name": (pdf_with("/AF[4 0 R]", "", "<</Type/Filespec/F(//host/a)>>"), "external"),
    "a password": (locked_pdf(), "protected"),
    "only a first line": (b"%PDF-1.7\n<script>alert(1)</script>", "broken"),
    "no page": (b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n", "broken"),
}


@pytest.mark.parametrize("what", BAD_PDFS)
def test_a_pdf_that_carries_more_than_pages_is_refused(what):
    content, code = BAD_PDFS[what]
    assert code_of(content) == code


def test_a_pdf_that_only_turns_to_a_page_or_links_to_the_web_is_taken():
    link = "/Annots[<</Subtype/Link/A<</S/URI/URI(https://example.org)>>>>]"
    content = pdf_with("/OpenAction<</S/GoTo/D[3 0 R/Fit]>>", link)
    kept = inspect_upload(content, "a.pdf", limit=LIMIT).content
    with pikepdf.open(BytesIO(kept)) as document:
        assert str(document.pages[0].Annots[0].A.URI) == "https://example.org"
        assert str(document.Root.OpenAction.S) == "/GoTo"
    assert code_of(pdf_with("/OpenAction[3 0 R/Fit]")) == ""


def test_a_pdf_that_unpacks_without_end_is_refused_within_bounds():
    packed = zlib.compress(b"[" * 200_000_000, 9)
    bomb = (
        b"%PDF-1.7\n1 0 obj<</Type/ObjStm/N 1/First 6/Filter/FlateDecode/Length "
        + str(len(packed)).encode()
        + b">>stream\n"
        + packed
        + b"\nendstream endobj\n2 0 obj<</Type/Catalog/Pages 3 0 R>>endobj\ntrailer<</Root 2 0 R>>\n%%EOF\n"
    )
    assert len(bomb) < 10**6
    assert code_of(bomb) in ("too_complex", "broken")


# --- Word, Excel, OpenDocument -------------------------------------------------------------------------------------


def relationship(kind: str, target: str, mode: str = ' TargetMode="External"') -> tuple[str, bytes]:
    text = f'<Relationships><Relationship Id="r1" Type="http://x/{kind}" Target="{target}"{mode}/></Relationships>'
    return "word/_rels/settings.xml.rels", text.encode()


def odt(inside: str) -> bytes:
    return open_document("odt", f'<o:doc xmlns:o="urn:o" xmlns:xlink="urn:x" xmlns:s="urn:s">{inside}</o:doc>')


BAD_OFFICE = {
    "a macro": (office("word", ("word/vbaProject.bin", b"x")), "active"),
    "a macro by its type": (
        office("word", ("word/more.xml", b'<Types><Override ContentType="a.macroEnabled.main+xml"/></Types>')),
        "active",
    ),
    "a macro elsewhere": (office("word", relationship("vbaProject", "media/image.png", "")), "active"),
    "an old macro sheet": (office("xl", ("xl/macrosheets/sheet1.xml", b"<a/>")), "active"),
    "a control": (office("word", ("word/activeX/activeX1.xml", b"<a/>")), "active"),
    "a program": (office("word", ("word/embeddings/tool.bin", b"MZ\x90\0")), "embedded"),
    "an OLE package": (office("word", ("word/media/image1.png", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")), "embedded"),
    "a script": (office("word", ("word/media/run.js", b"x")), "active"),
    "a page of the web": (office("word", relationship("aFChunk", "part.xml", "")), "embedded"),
    "an archive": (office("word", ("word/embeddings/a.docx", archive(("a.txt", b"a")))), "embedded"),
    "a macro in a workbook inside": (
        office("word", ("word/embeddings/sheet.xlsx", office("xl", ("xl/vbaProject.bin", b"x")))),
        "active",
    ),
    "a template elsewhere": (
        office("word", relationship("attachedTemplate", "https://example.org/a.dotm")),
        "external",
    ),
    "a template elsewhere, not called so": (
        office("word", relationship("attachedTemplate", "//h/a.dotm", "")),
        "external",
    ),
    "a picture elsewhere": (office("word", relationship("image", "https://example.org/a.png")), "external"),
    "a link to a share": (office("word", relationship("hyperlink", "file://host/share")), "link"),
    "a link that runs": (office("word", relationship("hyperlink", "javascript:alert(1)")), "link"),
    "data elsewhere": (office("xl", ("xl/connections.xml", b"<a/>")), "external"),
    "a conversation": (office("xl", ("xl/externalLinks/externalLink1.xml", b"<a><ddeLink/></a>")), "active"),
    "a field that runs": (
        office("word", ("word/a.xml", b"<w><p><instrText>DD</instrText><instrText>EAUTO cmd</instrText></p></w>")),
        "active",
    ),
    "a formula that asks the web": (
        office("xl", ("xl/worksheets/sheet1.xml", b'<s><c><f>_xlfn.WEBSERVICE("http://a/"&amp;A1)</f></c></s>')),
        "external",
    ),
    "a picture by a formula": (
        office("xl", ("xl/worksheets/sheet1.xml", b"<s><f>_xlfn.IMAGE(A1)</f></s>")),
        "external",
    ),
    "a formula that runs": (office("xl", ("xl/worksheets/sheet1.xml", b"<s><f>cmd|' /C calc'!A0</f></s>")), "active"),
    "a name that runs": (
        office("xl", ("xl/workbook.xml", b'<w><definedName>EXEC("calc")</definedName></w>')),
        "active",
    ),
    "an ODF formula that asks the web": (odt('<s:cell s:formula="of:=WEBSERVICE([.A1])"/>'), "external"),
    "an ODF conversation by a formula": (odt('<s:cell s:formula=\'of:=DDE("soffice";"a";"b")\'/>'), "active"),
    "a link that runs, as a field": (
        office("word", ("word/a.xml", b'<w><p><instrText>HYPERLINK "javascript:alert(1)"</instrText></p></w>')),
        "link",
    ),
    "a link to a share, as a formula": (
        office("xl", ("xl/worksheets/sheet1.xml", b'<s><f>HYPERLINK("\\\\host\\a","a")</f></s>')),
        "link",
    ),
    "a link with a tab in it": (office("word", relationship("hyperlink", "java&#9;script:alert(1)")), "link"),
    "an object elsewhere, as a field": (
        office("word", ("word/a.xml", b'<w><p><fldSimple instr=\'LINK Excel.Sheet.12 "C:a.xlsx" "A1"\'/></p></w>')),
        "external",
    ),
    "an object elsewhere": (office("word", relationship("oleObject", "file:///C:/a.xlsx")), "external"),
    "another workbook": (office("xl", relationship("externalLinkPath", "//host/a.xlsx")), "external"),
    "a button that runs": (
        office("word", ("word/a.xml", b"<w><p><instrText>MACROBUTTON a</instrText></p></w>")),
        "active",
    ),
    "a drawing elsewhere": (
        office("word", ("word/a.vml", b'<v:imagedata xmlns:v="urn:schemas-microsoft-com:vml" src="\\\\host\\a"/>')),
        "external",
    ),
    "an ODF cell of another file": (odt("<s:cell s:formula=\"of:='file:///C:/a.ods'#$Sheet1.A1\"/>"), "external"),
    "an ODF picture beside the file": (odt('<o:image xlink:href="../a.png"/>'), "external"),
    "an entity": (office("word", ("word/a.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')), "broken"),
    "no XML": (office("word", ("word/a.xml", b"<a>")), "broken"),
    "an ODF macro": (open_document("odt", "<a/>", ("Basic/Standard/Module1.xml", b"<a/>")), "active"),
    "an ODF script": (open_document("ods", "<a/>", ("Scripts/python/a.py", b"a")), "active"),
    "an ODF event": (odt("<s:event-listener/>"), "active"),
    "an ODF object elsewhere": (odt('<o:image xlink:href="https://example.org/a.png"/>'), "external"),
    "an ODF link that runs": (odt('<o:a xlink:href="vnd.sun.star.script:a"/>'), "link"),
}


@pytest.mark.parametrize("what", BAD_OFFICE)
def test_an_office_file_that_acts_carries_or_fetches_is_refused(what):
    content, code = BAD_OFFICE[what]
    assert code_of(content, "form.docx") == code


@pytest.mark.parametrize(
    ("name", "content", "found"),
    [
        ("a.pdf", BAD_PDFS["a link to a file"][0], "Found: a link, “file:///C:/a.exe”, page 1."),
        ("a.pdf", BAD_PDFS["another document"][0], "“//example.org/a.pdf”, page 1."),
        ("a.docx", BAD_OFFICE["a template elsewhere"][0], "Found: a template elsewhere, “https://example.org/a.dotm”"),
        (
            "a.docx",
            BAD_OFFICE["a link that runs"][0],
            "“javascript:alert(1)”, in the part word/_rels/settings.xml.rels.",
        ),
        ("a.xlsx", BAD_OFFICE["a formula that runs"][0], "a formula, “cmd|' /C calc'!A0”, sheet 1."),
    ],
)
def test_the_reason_says_what_was_found_and_where(name, content, found):
    with pytest.raises(Unacceptable) as refused:
        inspect_upload(content, name, limit=LIMIT)
    assert found in describe_refusal(refused.value)


def test_an_office_file_with_pictures_links_and_a_chart_is_taken():
    content = office(
        "word",
        ("word/media/image1.png", picture()),
        ("word/embeddings/Microsoft_Excel_Sheet1.xlsx", office("xl", ("xl/printerSettings/a.bin", b"\0\1"))),
        relationship("hyperlink", "https://example.org/"),
        ("word/a.xml", b"<w><p><instrText> PAGE </instrText></p></w>"),
        ("xl/worksheets/sheet1.xml", b"<s><c><f>SUM(A1:A9)&amp;Data!B2|1</f></c><c><f>'My calls'!A1</f></c></s>"),
    )
    assert code_of(content, "form.docx") == ""
    assert code_of(odt('<o:a xlink:href="https://example.org"/><o:image xlink:href="Pictures/1.png"/>')) == ""


def test_an_archive_in_an_archive_in_an_archive_ends_somewhere():
    inside = office("word")
    for _depth in range(4):
        inside = office("word", ("word/embeddings/a.docx", inside))
    assert code_of(inside, "a.docx") == "embedded"


def test_all_the_files_in_a_file_share_one_bound():
    big = office("xl", ("xl/media/a.bmp", bytes(1_600_000)))
    assert office_files.clean(office("word", ("word/embeddings/a.xlsx", big)), unpacked=3_000_000)
    twice = office("word", ("word/embeddings/a.xlsx", big), ("word/embeddings/b.xlsx", big))
    with pytest.raises(Found, match="too_complex"):
        office_files.clean(twice, unpacked=3_000_000)


def test_a_directory_that_lies_about_sizes_is_found_out():
    content = office("word", ("word/media/a.bmp", bytes(5000)))
    place = content.rindex(struct.pack("<L", 5000))  # in the directory at the end
    assert code_of(content[:place] + struct.pack("<L", 5) + content[place + 4 :], "a.docx") == "broken"


def test_a_protected_member_is_said_to_be_protected():
    file = BytesIO()
    with ZipFile(file, "w", ZIP_STORED) as packed:
        packed.writestr("[Content_Types].xml", b"<Types/>")
        packed.writestr("_rels/.rels", b"<a/>")
        packed.writestr("docProps/app.xml", b"<a/>")
        packed.writestr("word/document.xml", b"<a/>")
    content = bytearray(file.getvalue())
    place = content.rindex(b"PK\x01\x02")
    content[place + 8] |= 1
    assert code_of(bytes(content), "a.docx") == "protected"


# --- Pictures ------------------------------------------------------------------------------------------------------


def test_a_photograph_loses_its_place_and_keeps_its_way_up():
    exif = Image.Exif()
    exif[0x0112] = 6  # rotated by its metadata
    exif[0x010F] = "Maker of telephones"
    exif.get_ifd(0x8825)[1] = "N"
    taken = picture("JPEG", (30, 10), exif=exif, comment=b"Ana Horvat", icc_profile=b"profile")
    assert b"Maker of telephones" in taken
    kept = inspect_upload(taken, "photo.jpeg", limit=LIMIT)
    assert not [word for word in (b"Maker", b"Exif", b"Ana Horvat", b"profile") if word in kept.content]
    with Image.open(BytesIO(kept.content)) as shown:
        assert (shown.size, dict(shown.getexif()), kept.name) == ((10, 30), {}, "photo.jpg")


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_way_of_keeping_pixels_survives(mode):
    kept = inspect_upload(picture("PNG", mode=mode), "a.png", limit=LIMIT)
    with Image.open(BytesIO(kept.content)) as shown:
        assert (shown.size, shown.format) == ((8, 6), "PNG")


def test_the_same_picture_gives_the_same_content():
    first, second = (inspect_upload(picture("JPEG"), "a.jpg", limit=LIMIT).content for _ in range(2))
    assert first == second


def test_what_is_hidden_behind_a_picture_is_gone():
    kept = inspect_upload(picture() + archive(("evil.hta", b"<script>")), "a.png", limit=LIMIT)
    assert b"evil.hta" not in kept.content


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_drawn():
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 20_000, 20_000, 8, 2, 0, 0, 0)
    wide = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")
    assert code_of(wide, "wide.png") == "too_many_pixels"
    assert pictures.MOST_PIXELS < 20_000**2


@pytest.mark.parametrize("form", ["PNG", "JPEG"])
def test_a_picture_that_is_cut_off_is_refused(form, monkeypatch):
    monkeypatch.setattr("PIL.ImageFile.LOAD_TRUNCATED_IMAGES", True)  # as WeasyPrint leaves it
    whole = picture(form, (300, 300), quality=95)
    assert code_of(whole[: len(whole) // 2], "a.png") == "broken"


def test_only_some_kinds_are_taken_where_that_is_asked():
    with pytest.raises(Unacceptable, match="wrong_kind"):
        inspect_upload(PDF, "a.png", limit=LIMIT, kinds=("png", "jpg"))
    assert set(ACCEPTED) >= {"png", "jpg"}


# --- The virus scanner ---------------------------------------------------------------------------------------------


@contextmanager
def scanner(listening: socket.socket, answer: bytes | None = None) -> Iterator[list[bytes]]:
    """Run a server like clamd, which reads a stream and finds EICAR. With `answer` it always responds with that."""
    received: list[bytes] = []

    def serve() -> None:
        connection, _ = listening.accept()
        with connection, connection.makefile("rb") as stream:
            assert stream.read(10) == b"zINSTREAM\0"
            content = b""
            while size := struct.unpack("!I", stream.read(4))[0]:
                content += stream.read(size)
            received.append(content)
            found = b"stream: Eicar-Signature FOUND\0" if EICAR in content else b"stream: OK\0"
            connection.sendall(found if answer is None else answer)

    thread = threading.Thread(target=serve)
    thread.start()
    yield received
    thread.join(10)
    listening.close()


def on_loopback() -> tuple[socket.socket, str]:
    listening = socket.create_server(("127.0.0.1", 0))
    return listening, f"tcp:127.0.0.1:{listening.getsockname()[1]}"


@pytest.mark.parametrize("clean", [True, False])
def test_an_upload_is_shown_to_the_scanner(settings, clean):
    content = PDF + bytes(200_000) if clean else PDF + EICAR
    listening, settings.CLAMD_ADDRESS = on_loopback()
    with scanner(listening) as received:
        assert code_of(content) == ("" if clean else "infected")
    assert received == [content]


def test_a_scanner_may_listen_on_a_socket_in_a_folder(settings, tmp_path):
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(str(tmp_path / "clamd"))
    listening.listen()
    settings.CLAMD_ADDRESS = f"unix:{tmp_path / 'clamd'}"
    with scanner(listening):
        assert code_of(PDF + EICAR) == "infected"


@pytest.mark.parametrize("answer", [b"INSTREAM size limit exceeded. ERROR\0", b"", b"stream: OK but not quite\0"])
def test_an_answer_that_says_nothing_clear_is_none(settings, answer):
    listening, settings.CLAMD_ADDRESS = on_loopback()
    with scanner(listening, answer):
        assert code_of(PDF) == "not_scanned"


@pytest.mark.parametrize("address", ["tcp:127.0.0.1:9", "unix:/nowhere/clamd", "tcp:nothing"])
def test_nothing_is_taken_while_the_scanner_is_away(settings, address):
    settings.CLAMD_ADDRESS = address
    assert code_of(PDF) == "not_scanned"


def test_a_scanner_that_is_silent_is_away(settings):
    listening, settings.CLAMD_ADDRESS = on_loopback()
    settings.CLAMD_TIMEOUT = 0.1
    with listening:
        assert code_of(PDF) == "not_scanned"
