"""What is stored of an uploaded file names nobody: its authors, those of comments and changes, and their computers."""

import hashlib
import re
from collections.abc import Iterator
from io import BytesIO
from zipfile import ZipFile

import openpyxl
import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl.comments import Comment
from PIL import Image
from wagtail.documents.models import Document as CmsDocument

from evaluation.answers.workbook.subject import SelfAssessment
from evaluation.answers.workbook.writing import write_workbook
from evaluation.files import office, pdf
from evaluation.files.documents import attach_document
from evaluation.files.inspection import inspect_upload
from evaluation.files.kinds import ACCEPTED, Unacceptable
from evaluation.models import Document
from tests.bystander import new
from tests.factories import evaluation_of, person
from tests.stage import Stage
from tests.uploads import archive, open_document, pdf_with, picture

LIMIT = 10**7
NAME = "Kowalska"
"""The name that every file of this module has in every place where programs write one."""
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
CORE = (
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Call guide</dc:title><dc:creator>Kowalska</dc:creator>'
    "<cp:keywords>Kowalska</cp:keywords><cp:lastModifiedBy>Kowalska</cp:lastModifiedBy></cp:coreProperties>"
)
PROPERTIES = "http://schemas.openxmlformats.org/officeDocument/2006"
RELATED = f'<Relationship Id="r2" Type="{PROPERTIES}/metadata/thumbnail" Target="docProps/thumbnail.jpeg"/>'
TEXT = (
    f'<w:document {W} xmlns:mc="http://x/mc" xmlns:w14="http://x/w14" mc:Ignorable="w14"><w:body><w:p>'
    '<w:ins w:id="1" w:author="Kowalska" w:date="2026-01-02T03:04:05Z"><w:r><w:t xml:space="preserve">We answer </w:t></w:r>'
    '</w:ins><w:del w:id="2" w:author="Kowalska"><w:r><w:delText>soon</w:delText></w:r></w:del>'
    "<w:r><w:t>at once.</w:t></w:r></w:p></w:body></w:document>"
)


def taken(form: str = "JPEG") -> bytes:
    """Return a picture that was taken upside down by a telephone with a name."""
    exif = Image.Exif()
    exif[0x0112], exif[0x013B] = 3, NAME
    return picture(form, (30, 10), exif=exif, **({"comment": NAME.encode()} if form == "JPEG" else {}))


def word() -> bytes:
    person_part = (
        f'<w15:people xmlns:w15="http://x/w15"><w15:person w15:author="{NAME}"><w15:presenceInfo w15:userId="{NAME}"/>'
    )
    return archive(
        (
            "[Content_Types].xml",
            b'<Types><Override PartName="/docProps/thumbnail.jpeg" ContentType="image/jpeg"/></Types>',
        ),
        ("_rels/.rels", f"<Relationships>{RELATED}</Relationships>".encode()),
        ("word/document.xml", TEXT.encode()),
        ("docProps/core.xml", CORE.encode()),
        (
            "docProps/app.xml",
            f'<Properties xmlns="{PROPERTIES}/extended-properties"><Company>{NAME}</Company>'
            f"<Template>C:\\Users\\{NAME}\\x.dotx</Template></Properties>".encode(),
        ),
        (
            "docProps/custom.xml",
            f'<Properties xmlns="{PROPERTIES}/custom-properties"><property name="Owner"><a>{NAME}</a></property></Properties>'.encode(),
        ),
        ("docProps/thumbnail.jpeg", taken()),
        (
            "word/comments.xml",
            f'<w:comments {W}><w:comment w:id="0" w:author="{NAME}" w:initials="{NAME}"><w:p/></w:comment></w:comments>'.encode(),
        ),
        ("word/people.xml", f"{person_part}</w15:person></w15:people>".encode()),
        ("word/media/image1.jpeg", taken()),
        ("word/media/image2.png", taken("PNG")),
        ("word/embeddings/sheet1.xlsx", excel()),
        (
            "customXml/item1.xml",
            f"<p><Author><UserInfo><DisplayName>{NAME}</DisplayName><AccountId>7</AccountId></UserInfo></Author></p>".encode(),
        ),
    )


def excel() -> bytes:
    book = openpyxl.Workbook()
    book.properties.creator = book.properties.lastModifiedBy = book.properties.description = NAME
    book.active["A1"] = 12
    book.active["A1"].comment = Comment("checked", NAME)
    file = BytesIO()
    book.save(file)
    with ZipFile(file, "a") as more:
        more.writestr(
            "xl/persons/person.xml",
            f'<personList><person displayName="{NAME}" userId="{NAME}" id="{{1}}"/></personList>',
        )
        more.writestr("xl/pivotCache/p1.xml", f'<pivotCacheDefinition refreshedBy="{NAME}"/>')
        more.writestr("xl/revisions/userNames.xml", f'<users><userInfo name="{NAME}" id="-1"/></users>')
        more.writestr("xl/extra.xml", f'<w><fileSharing userName="{NAME}"/><absPath url="C:\\Users\\{NAME}\\"/></w>')
        more.writestr("xl/printerSettings/printerSettings1.bin", f"\\\\{NAME}\\p".encode("utf-16-le").ljust(80, b"\0"))
    return file.getvalue()


def odf(kind: str) -> bytes:
    o = 'xmlns:office="urn:o" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:meta="urn:m" xmlns:text="urn:t"'
    by = f"<dc:creator>{NAME}</dc:creator>"
    return open_document(
        kind,
        f"<office:document-content {o}><text:p>We answer at once.<office:annotation>{by}<meta:creator-initials>{NAME}"
        f"</meta:creator-initials></office:annotation></text:p><office:change-info>{by}</office:change-info>"
        "</office:document-content>",
        (
            "meta.xml",
            f"<office:document-meta {o}><office:meta><dc:title>Call guide</dc:title><meta:initial-creator>{NAME}"
            f"</meta:initial-creator>{by}<meta:printed-by>{NAME}</meta:printed-by></office:meta></office:document-meta>".encode(),
        ),
        (
            "settings.xml",
            f'<s xmlns:config="urn:c"><config:config-item config:name="PrinterName">{NAME}</config:config-item></s>'.encode(),
        ),
        ("Thumbnails/thumbnail.png", taken("PNG")),
        (
            "META-INF/manifest.xml",
            b'<m:manifest xmlns:m="urn:m"><m:file-entry m:full-path="Thumbnails/thumbnail.png"/></m:manifest>',
        ),
        (
            "VersionList.xml",
            f'<v:version-list xmlns:v="urn:v"><v:version-entry v:creator="{NAME}"/></v:version-list>'.encode(),
        ),
    )


def portable() -> bytes:
    """Return a tagged PDF with a title, an author in each place for one, a remark, a form's field and a photograph."""
    with pikepdf.open(BytesIO(pdf_with())) as document:
        document.docinfo["/Title"], document.docinfo["/Author"] = "Call guide", NAME
        document.docinfo["/Company"] = NAME
        with document.open_metadata() as metadata:
            metadata["dc:title"], metadata["dc:creator"], metadata["pdfuaid:part"] = "Call guide", [NAME], "1"
        root, page = document.Root, document.pages[0]
        root.Lang, root.MarkInfo = pikepdf.String("pl"), pikepdf.Dictionary(Marked=True)
        root.StructTreeRoot = document.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.StructTreeRoot))
        page.obj.PieceInfo = pikepdf.Dictionary(Word=pikepdf.Dictionary(Private=pikepdf.String(NAME)))
        page.Contents = document.make_stream(b"BT (We answer at once.) Tj ET")
        photo = document.make_stream(
            taken(), Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=30, Height=10
        )
        photo.write(taken(), filter=pikepdf.Name.DCTDecode)
        photo.Metadata = document.make_stream(NAME.encode(), Type=pikepdf.Name.Metadata, Subtype=pikepdf.Name.XML)
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=photo))
        remark = pikepdf.Dictionary(Subtype=pikepdf.Name.Text, T=pikepdf.String(NAME), Contents=pikepdf.String("Good."))
        field = pikepdf.Dictionary(Subtype=pikepdf.Name.Widget, FT=pikepdf.Name.Tx, T=pikepdf.String("calls"))
        field = document.make_indirect(field)
        root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([field]))
        page.Annots = pikepdf.Array([remark, field])
        file = BytesIO()
        document.save(file)
    return file.getvalue() + f"\n% {NAME}".encode()


NAMED = {"pdf": portable(), "docx": word(), "xlsx": excel(), "odt": odf("odt"), "ods": odf("ods"), "jpg": taken()}


def readable(content: bytes) -> Iterator[bytes]:
    """Yield all that can be read in a file, unpacked: members of archives, streams and strings of a PDF."""
    yield content
    yield content.replace(b"\0", b"")
    if content.startswith(b"PK"):
        with ZipFile(BytesIO(content)) as members:
            for member in members.infolist():
                yield member.filename.encode()
                yield from readable(members.read(member))
    elif content.startswith(b"%PDF"):
        with pikepdf.open(BytesIO(content)) as document:
            for value in document.objects:
                yield repr(value).encode()
                if isinstance(value, pikepdf.Stream):
                    yield value.read_raw_bytes() if value.get("/Filter") == "/DCTDecode" else value.read_bytes()


def names_in(content: bytes) -> list[bytes]:
    return [some[:80] for some in readable(content) if NAME.encode() in some]


@pytest.mark.django_db
@pytest.mark.parametrize("kind", NAMED)
def test_what_is_stored_of_a_proof_names_nobody_and_its_digest_is_that_of_what_is_stored(kind):
    assert names_in(NAMED[kind])
    link = attach_document(
        evaluation_of(), "1.1.1", content=NAMED[kind], name=f"guide.{kind}", limit=LIMIT, by=person()
    )
    with link.document.file.open() as file:
        stored = file.read()
    assert names_in(stored) == []
    assert (link.document.digest, link.document.size) == (hashlib.sha256(stored).hexdigest(), len(stored))


@pytest.mark.django_db
def test_a_document_of_the_cms_names_nobody(client, sign_in):
    from evaluation.models import Role

    sign_in(client, person(Role.GUIDE_EDITOR))
    file = SimpleUploadedFile("guide.docx", NAMED["docx"], ACCEPTED["docx"])
    client.post(reverse("wagtaildocs:add"), {"title": "Call guide", "file": file, "collection": 1})
    with CmsDocument.objects.get().file.open() as stored:
        assert names_in(stored.read()) == []


@pytest.mark.django_db
def test_a_file_that_was_downloaded_and_sent_again_is_the_same_document():
    evaluation, by = evaluation_of(), person()
    for kind, content in NAMED.items():
        if kind == "jpg":  # encoding loses a little each time
            continue
        once = inspect_upload(content, f"a.{kind}", limit=LIMIT).content
        assert inspect_upload(once, f"a.{kind}", limit=LIMIT).content == once, kind
        attach_document(evaluation, "1.1.1", content=content, name=f"a.{kind}", limit=LIMIT, by=by)
        with pytest.raises(Unacceptable, match="already_there"):
            attach_document(evaluation, "1.1.1", content=once, name=f"b.{kind}", limit=LIMIT, by=by)
    assert new(Document).count() == len(NAMED) - 1


def test_a_word_file_keeps_its_text_its_changes_and_its_pictures():
    kept = office.clean(NAMED["docx"])
    with ZipFile(BytesIO(kept)) as members:
        text = members.read("word/document.xml").decode()
        names = members.namelist()
        assert re.sub(r"<[^>]+>", "", text).strip() == "We answer soonat once."
        assert 'mc:Ignorable="w14"' in text
        assert 'xml:space="preserve"' in text
        assert text.count('w:author="Author"') == 2
        assert "<dc:title>Call guide</dc:title>" in members.read("docProps/core.xml").decode()
        assert not [name for name in names if "thumbnail" in name]
        assert b"thumbnail" not in members.read("_rels/.rels") + members.read("[Content_Types].xml")
        with Image.open(BytesIO(members.read("word/media/image1.jpeg"))) as shown:
            assert (shown.size, dict(shown.getexif())) == ((30, 10), {0x0112: 3})  # it is shown the right way up
            shown.load()
        with Image.open(BytesIO(members.read("word/media/image2.png"))) as shown:
            shown.load()


def test_a_workbook_keeps_its_cells_and_comments():
    book = openpyxl.load_workbook(BytesIO(office.clean(NAMED["xlsx"])))
    assert (book.active["A1"].value, book.active["A1"].comment.text, book.active["A1"].comment.author) == (
        12,
        "checked",
        "Author",
    )
    assert book.properties.creator == openpyxl.Workbook().properties.creator  # the default of the library


def test_a_pdf_keeps_its_text_its_tags_its_title_and_the_name_of_its_field():
    with pikepdf.open(BytesIO(pdf.clean(NAMED["pdf"]))) as document:
        page, root = document.pages[0], document.Root
        assert page.Contents.read_bytes() == b"BT (We answer at once.) Tj ET"
        assert (str(root.Lang), bool(root.MarkInfo.Marked), "/StructTreeRoot" in root) == ("pl", True, True)
        assert {key: str(value) for key, value in document.docinfo.items()} == {"/Title": "Call guide"}
        with document.open_metadata() as metadata:
            assert (metadata["dc:title"], metadata["pdfuaid:part"]) == ("Call guide", "1")
        remark, field = page.Annots
        assert (str(remark.Contents), "/T" in remark, str(field.T)) == ("Good.", False, "calls")


SIGNED_PDF = pdf_with(
    "/AcroForm<</Fields[4 0 R]/SigFlags 3>>", "", "<</FT/Sig/T(s)/V<</Type/Sig/ByteRange[0 1 2 3]>>>>"
)
SIGNED_WORD = archive(
    ("[Content_Types].xml", b"<Types/>"),
    ("_rels/.rels", b"<Relationships/>"),
    ("docProps/app.xml", b"<Properties/>"),
    ("word/document.xml", b"<a/>"),
    ("_xmlsignatures/sig1.xml", b"<a/>"),
)
SIGNED_ODT = open_document("odt", "<a/>", ("META-INF/documentsignatures.xml", b"<a/>"))


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "content"), [("a.pdf", SIGNED_PDF), ("a.docx", SIGNED_WORD), ("a.odt", SIGNED_ODT)])
def test_a_signed_file_is_refused_and_the_page_says_so_before_and_after(client, sign_in, name, content):
    stage = Stage.minimal("self_assessment")
    sign_in(client, stage.coordinator)
    page = client.get(reverse("workspace:answers", args=[stage.evaluation.uid, "1.1"])).content.decode()
    assert "A file that is signed electronically is not accepted." in page
    answer = client.post(
        reverse("workspace:add_evidence", args=[stage.evaluation.uid, "1.1.2"]),
        {"document": SimpleUploadedFile(name, content), "form": "answers"},
        follow=True,
    ).content.decode()
    assert f"{name} is signed electronically." in " ".join(answer.split())
    assert not new(Document).exists()


@pytest.mark.django_db
def test_what_we_write_names_nobody():
    stage = Stage.minimal("self_assessment")
    stage.coordinator.name = NAME
    stage.coordinator.save()
    written = write_workbook(SelfAssessment(stage.evaluation), "en")
    with ZipFile(BytesIO(written)) as members:
        assert b"creator></dc:creator" in members.read("docProps/core.xml") or b"creator/>" in members.read(
            "docProps/core.xml"
        )
