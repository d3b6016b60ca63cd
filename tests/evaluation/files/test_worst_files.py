"""The worst file of each kind is refused within the limits of the process that reads it, and not in this one."""

import json
import struct
import zlib
from collections.abc import Callable, Iterator
from functools import cache
from io import BytesIO
from xml.etree import ElementTree
from xml.parsers import expat
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
import pikepdf
import polib
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone, translation
from PIL import Image

from evaluation.figures.intake.api_keys import LONGEST, make_key
from evaluation.files.documents import attach_document
from evaluation.files.kinds import Unacceptable
from evaluation.models import Document, Role, StatisticsImport
from portal.presentation.uploaded_files import describe_refusal
from standards import limited_process
from standards.editions.languages.translation_files import read_translation
from standards.editions.page_loader import load_guide
from standards.framework import MalformedEdition
from standards.limited_process import ParserStopped, run_limited
from tests.bystander import new
from tests.evaluation.files import endless
from tests.factories import HotlineFactory, evaluation_of, person
from tests.scenes import SMALL_EDITION
from tests.stage import Stage
from tests.uploads import PDF, office, open_document, pdf_with

MEGABYTE = 1024 * 1024
LAUGHS = "".join(f'<!ENTITY l{number} "{f"&l{number - 1};" * 10}">' for number in range(1, 12))
LAUGHING = f'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY l0 "ha">{LAUGHS}]><a>&l11;</a>'
TEXTS = "urn:oasis:names:tc:xliff:document:1.2"


def sheet(inside: str | bytes, dimension: str = "A1") -> bytes:
    """Return a workbook with one sheet."""
    if isinstance(inside, str):
        inside = inside.encode()
    main = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    head = b"<worksheet %s><dimension ref='%s'/><sheetData>" % (main, dimension.encode())
    file = BytesIO()
    book = openpyxl.Workbook()
    book.save(file)
    changed = BytesIO()
    with ZipFile(file) as members, ZipFile(changed, "w", ZIP_DEFLATED) as written:
        for name in members.namelist():
            is_sheet = name == "xl/worksheets/sheet1.xml"
            written.writestr(name, head + inside + b"</sheetData></worksheet>" if is_sheet else members.read(name))
    return changed.getvalue()


def stream(content: bytes, entries: bytes = b"") -> bytes:
    packed = zlib.compress(content, 9)
    return b"<<" + entries + b"/Filter/FlateDecode/Length %d>>stream\n" % len(packed) + packed + b"\nendstream"


def wide_picture() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(bytes(10**7))) + chunk(b"IEND", b"")


ROWS = b"<row><c><v>1</v></c></row>" * 8_000_000


@cache
def endless_rows() -> bytes:
    return sheet(ROWS)


@cache
def endless_cell() -> bytes:
    return sheet(b"<row><c r='A1' t='inlineStr'><is><t>" + b"a" * 200 * MEGABYTE + b"</t></is></c></row>")


PROOFS: dict[str, Callable[[], bytes]] = {
    "a workbook of endless rows": endless_rows,
    "a document of zeros": lambda: office("word", *((f"word/media/{n}.bmp", bytes(31 * MEGABYTE)) for n in range(10))),
    "an archive of too many files": lambda: office("word", *((f"word/{n}.xml", b"<a/>") for n in range(6000))),
    "entities within entities": lambda: office("word", ("word/a.xml", LAUGHING.encode())),
    "entities within entities of OpenDocument": lambda: open_document("odt", LAUGHING),
    "elements within elements": lambda: office("word", ("word/a.xml", b"<author>" * 10**7)),
    "a PDF that unpacks without end": lambda: (
        b"%PDF-1.7\n1 0 obj"
        + stream(b"[" * 2 * 10**8, b"/Type/ObjStm/N 1/First 6")
        + b" endobj\n2 0 obj<</Type/Catalog/Pages 3 0 R>>endobj\ntrailer<</Root 2 0 R>>\n%%EOF\n"
    ),
    "a PDF of brackets": lambda: pdf_with("/X" + "[" * 10**6),
    "a picture of too many pixels": wide_picture,
}


@pytest.fixture
def parsing_nothing_here(monkeypatch) -> Iterator[None]:
    """Make every parser of this process fail the test. The limited process was started from the disk and has its own."""

    def stray(*_args: object, **_options: object) -> None:
        pytest.fail("a foreign file was parsed in the web process")

    with monkeypatch.context() as patched:
        patched.setattr(limited_process, "SECONDS", 2)
        for module, name in [
            (pikepdf, "open"),
            (openpyxl, "load_workbook"),
            (polib, "pofile"),
            (ElementTree, "fromstring"),
            (expat, "ParserCreate"),
            (Image, "open"),
        ]:
            patched.setattr(module, name, stray)
        patched.setattr("evaluation.figures.formats.delimited.DelimitedTable.__init__", stray)
        patched.setattr("evaluation.files.archives.read_archive", stray)
        patched.setattr("evaluation.files.office.read_archive", stray)
        patched.setattr("standards.editions.files.reading.read_files", stray)
        yield


@pytest.mark.django_db
@pytest.mark.usefixtures("parsing_nothing_here")
@pytest.mark.parametrize("what", PROOFS)
def test_the_worst_proof_is_refused_and_said_to_be(what):
    content = PROOFS[what]()
    with pytest.raises(Unacceptable) as refused, translation.override("pl"):
        attach_document(evaluation_of(), "1.1.1", content=content, name="dowód", limit=len(content), by=person())
    assert refused.value.code in ("too_complex", "broken", "too_many_pixels", "active")
    with translation.override("pl"):
        assert "dowód" in describe_refusal(refused.value)
    assert not new(Document).exists()


def unit(path: str, inside: str = "") -> str:
    return f"<trans-unit id='{path}'><source>a</source><target>b</target>{inside}</trans-unit>"


def xliff(body: str) -> str:
    return f"<xliff xmlns='{TEXTS}' version='1.2'><file target-language='fr'><body>{body}</body></file></xliff>"


TRANSLATIONS: dict[str, Callable[[], str]] = {
    "entities within entities": lambda: LAUGHING,
    "units within units": lambda: xliff("<trans-unit id='a'>" * 40_000),
    "elements within elements": lambda: xliff("<g>" * 500_000),
    "beginnings of units": lambda: xliff("<trans-unit " * 8_000),
    "a PO file of one endless entry": lambda: (
        'msgid ""\nmsgstr ""\n"Language: fr\\n"\n\nmsgid ""\n' + '"a"\n' * 900_000
    ),
}


@pytest.mark.usefixtures("parsing_nothing_here")
@pytest.mark.parametrize("what", TRANSLATIONS)
def test_the_worst_file_of_translators_is_refused(what):
    with pytest.raises(MalformedEdition):
        read_translation(TRANSLATIONS[what]())


def test_a_file_of_translators_is_read_in_a_time_that_grows_with_its_size():
    """96 kB took 9 seconds: the line of each unit was searched from the begin of each unit before it."""
    read = read_translation(xliff("".join(unit(f"domain/D{number}/title") for number in range(20_000))))
    assert (len(read.texts), read.lines["domain/D19999/title"]) == (20_000, 1)


EDITIONS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "a JSON document of brackets": ("json", lambda: b"[" * 5_000_000),
    "a JSON document of names": (
        "json",
        lambda: json.dumps({f"name {number}": 1 for number in range(300_000)}).encode(),
    ),
    "a workbook of endless rows": ("xlsx", endless_rows),
    "a workbook of a million columns": (
        "xlsx",
        lambda: sheet("<row><c r='XFD1048576'><v>1</v></c></row>", "A1:XFD1048576"),
    ),
    "a workbook with an endless cell": ("xlsx", endless_cell),
}


@pytest.mark.django_db
@pytest.mark.usefixtures("parsing_nothing_here")
@pytest.mark.parametrize("what", EDITIONS)
def test_the_worst_edition_is_refused_with_a_sentence(client, sign_in, what):
    ending, write = EDITIONS[what]
    page = load_guide(SMALL_EDITION).page
    sign_in(client, person(Role.GUIDE_EDITOR))
    file = SimpleUploadedFile(f"edition.{ending}", write())
    answer = client.post(reverse("guide_files", args=[page.pk]), {"file": file})
    assert (answer.status_code, bool(answer.context["form"].errors)) == (422, True)


ANSWERS = {name: write for name, (ending, write) in EDITIONS.items() if ending == "xlsx"}


@pytest.mark.django_db
@pytest.mark.usefixtures("parsing_nothing_here")
@pytest.mark.parametrize("what", ANSWERS)
def test_the_worst_workbook_of_answers_is_refused_with_a_sentence(client, sign_in, what):
    stage = Stage.minimal("self_assessment")
    sign_in(client, stage.coordinator)
    file = SimpleUploadedFile("answers.xlsx", ANSWERS[what]())
    answer = client.post(reverse("workspace:workbook", args=[stage.evaluation.uid]), {"file": file})
    assert (answer.status_code, bool(answer.context["form"].errors)) == (422, True)


FIGURES = b'"Mois","Appels"\n' + b'"a","b"\n' * 2_400_000
"""A table of figures whose cells are quoted, so that they are parsed one by one."""


@pytest.mark.django_db
@pytest.mark.usefixtures("parsing_nothing_here")
def test_the_worst_table_of_figures_is_refused_by_a_dry_run(client):
    hotline = HotlineFactory(country="XA")
    coordinator = person(Role.COORDINATOR, hotline=hotline)
    _key, token = make_key(hotline, "Case system", timezone.localdate() + LONGEST, by=coordinator)
    answer = client.post(
        "/api/v1/statistics/?dry_run=true",
        FIGURES,
        content_type="text/csv",
        headers={"Authorization": f"Bearer {token}"},
    )
    assert (answer.status_code, [one["code"] for one in answer.json()["problems"]]) == (422, ["too_complex"])


@pytest.mark.django_db
def test_the_worst_table_of_figures_is_refused_where_its_columns_are_matched(
    client, sign_in, request, django_capture_on_commit_callbacks
):
    stage = Stage.minimal("self_assessment")
    sign_in(client, stage.coordinator)
    with django_capture_on_commit_callbacks(execute=True):  # a worker reads its names
        address = reverse("workspace:hotline_figures", args=[stage.hotline.country])
        client.post(address, {"file": SimpleUploadedFile("export.csv", FIGURES, content_type="text/csv")})
    statistics = new(StatisticsImport).order_by("pk").last()
    assert statistics.state == "unmatched"
    request.getfixturevalue("parsing_nothing_here")
    answer = client.get(reverse("workspace:match_columns", args=[statistics.uid]), follow=True)
    assert answer.status_code == 200
    statistics = StatisticsImport.objects.get(pk=statistics.pk)
    assert (statistics.state, [one["code"] for one in statistics.problems]) == ("refused", ["too_complex"])


# --- The process itself -----------------------------------------------------------------------------------------------


def test_what_never_ends_is_ended_and_the_next_file_is_read():
    for stopped in (endless.use_time, endless.use_memory, endless.crash, endless.fail, endless.name_a_function):
        with pytest.raises(ParserStopped):
            run_limited(stopped)
    assert run_limited(endless.echo, PDF) == PDF
    seconds, memory, timer = run_limited(endless.limits)
    assert (seconds, memory) == (limited_process.SECONDS, limited_process.MEMORY)
    assert 0 < timer <= 3 * limited_process.SECONDS


def test_a_server_that_was_killed_is_started_again():
    assert run_limited(endless.echo, 1) == 1
    limited_process._server.process.kill()
    limited_process._server.process.wait()
    assert run_limited(endless.echo, 2) == 2


def test_a_parser_has_no_password_and_no_key(monkeypatch):
    for name in ("DATABASE_URL", "SECRET_KEY", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "secret")
    limited_process._server.stop()
    assert not {"DATABASE_URL", "SECRET_KEY", "AWS_SECRET_ACCESS_KEY"}.intersection(
        run_limited(endless.list_environment)
    )


def test_the_language_of_the_request_is_that_of_the_reasons():
    with translation.override("fr"), pytest.raises(MalformedEdition) as refused:
        read_translation(LAUGHING)
    with translation.override("fr"):
        assert refused.value.problems == [
            translation.gettext("The file declares a document type, which XLIFF has not. Export it again.")
        ]
