"""The PDF: the numbers of the scorecard and no others, tagged, deterministic, and created without network access."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from evaluation.engine.scoring import Judgement, as_percent
from reports.charts.scores import draw_charts
from reports.document import ChangeFacts, FindingFacts, ResponseFacts, write_document
from reports.document.shape import DatedStep, Note
from reports.pdf import PrintingFailed, close_printer, count_pages, set_pages, start_printer, write_html
from standards.presentation.sentences import Passage, fill
from tests.rendering import flat
from tests.reports.printed import print_pdf
from tests.reports.small_report import small_document, small_facts

SCORE = re.compile(r"(\d+\.\d)\s%")


WORDS = '<img src="https://tracker.example/x.png"> & <b>bold</b>'


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return print_pdf(small_document())


@pytest.fixture(scope="module")
def text(pdf: bytes) -> str:
    return "\n".join(pages_of(pdf))


@pytest.fixture(scope="module")
def other_pdf() -> bytes:
    """Return the same report with other words in one finding."""
    return print_pdf(small_document(small_facts(findings={"9.1.2": FindingFacts(WORDS)})))


@pytest.fixture(scope="module")
def longer_pages() -> list[str]:
    """Return the texts of the pages of a longer report: many dates, and notes that end at different heights."""
    document = small_document()
    steps = tuple(DatedStep(f"{day} May 2027", fill("Recommendation 1 is due.")) for day in range(1, 22))
    part = next(part for part in document.domains if part.differences)
    note = Note("9.1.2", Passage("A note that takes a line."))
    longer = replace(
        document,
        summary=replace(document.summary, next=steps),
        domains=tuple(replace(part, seen=(note,) * count) for count in range(13, 17)),
    )
    return pages_of(print_pdf(longer))


def pages_of(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(BytesIO(pdf)).pages]


def structure(pdf: bytes) -> Iterator[dict]:
    """Yield every structure element in the order of a screen reader."""

    def walk(element) -> Iterator[dict]:
        element = element.get_object()
        if isinstance(element, list):
            for child in element:
                yield from walk(child)
        elif isinstance(element, dict):
            if "/S" in element:
                yield element
            if "/K" in element:
                yield from walk(element["/K"])

    yield from walk(PdfReader(BytesIO(pdf)).trailer["/Root"]["/StructTreeRoot"])


def test_the_pdf_shows_the_scorecards_numbers_and_no_others(text: str) -> None:
    card = small_facts().scorecard.card
    ratios = [card.overall, card.self_score]
    for domain in card.domains:
        ratios += [domain.ratio, domain.self_score]
        ratios += [ratio for standard in domain.standards for ratio in (standard.ratio, standard.self_score)]
    figures = {"91.6", "8.3"}  # 880 of 960 calls answered, 80 of 960 abandoned
    shares = {"85.7", "14.2", "12.5", "50.0"}  # found, missing, not applicable, different
    assert set(SCORE.findall(text)) == {as_percent(ratio) for ratio in ratios if ratio is not None} | figures | shares


def test_four_kinds_of_nothing_are_told_apart_on_paper(text: str) -> None:
    lines = " ".join(text.split())
    assert "1.1.2 1.1.2 wording (en) Core (en) 0 –" in lines
    assert "1.2.1 1.2.1 wording (en) Leaves the score. Developmental (en) not applicable not applicable" in lines
    assert re.search(
        r"3\.1\.3 wording \(en\) 8\.3 % from the figures .*? Developmental \(en\) 8\.3 % not scored", lines
    )
    assert "3.2.1 wording (en) Missing: counts as level 0. Core (en) no data –" in lines


def test_the_same_document_gives_the_same_bytes_from_a_press_that_stands_ready_too(pdf: bytes) -> None:
    start_printer()
    stages: list[str] = []
    assert print_pdf(small_document(), stages.append) == pdf
    assert stages == ["drawing", "setting"]


def test_another_document_gives_other_bytes(pdf: bytes, other_pdf: bytes) -> None:
    assert other_pdf != pdf


def test_the_pdf_is_tagged_and_says_its_language_and_title(pdf: bytes) -> None:
    reader = PdfReader(BytesIO(pdf))
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "en"
    assert root["/MarkInfo"]["/Marked"] == True  # noqa: E712 - a PDF's true, which is no bool
    assert root["/ViewerPreferences"]["/DisplayDocTitle"] == True  # noqa: E712
    assert reader.metadata is not None
    assert reader.metadata.title == "Report on the 116 000 hotline of Havenland, Round 2026"
    assert b"pdfuaid" in reader.trailer["/Root"]["/Metadata"].get_object().get_data()


POLISH = '<!doctype html><html lang="pl"><title>x</title><p>Wynik: <span lang="en">With conditions</span></p></html>'


def test_the_pdf_says_the_language_of_the_document() -> None:
    assert PdfReader(BytesIO(set_pages(POLISH))).trailer["/Root"]["/Lang"] == "pl"


@pytest.mark.xfail(reason="WeasyPrint 70 writes the language of the document, and not that of an element")
def test_the_pdf_says_the_language_of_a_passage() -> None:
    assert "en" in [element.get("/Lang") for element in structure(set_pages(POLISH)) if element["/S"] == "/Span"]


def test_every_header_cell_has_a_scope(pdf: bytes) -> None:
    def scope(cell: dict) -> str:
        attributes = cell["/A"].get_object()
        return (attributes[-1].get_object() if isinstance(attributes, list) else attributes)["/Scope"]

    cells = [scope(element) for element in structure(pdf) if element["/S"] == "/TH"]
    assert {"/Row", "/Column"} == set(cells)
    assert cells.count("/Column") == 3 * 5 + 5 + 3  # indicators of three domains, all scores, sources


def test_every_figure_has_words(pdf: bytes) -> None:
    figures = [element.get("/Alt") for element in structure(pdf) if element["/S"] == "/Figure"]
    assert len(figures) > 4
    assert [words for words in figures if not words] == []


def test_each_part_has_a_heading(pdf: bytes) -> None:
    headings = [element for element in structure(pdf) if element["/S"] == "/H1"]
    assert len(headings) == 1 + 1 + 3 + 1 + 1  # cover, summary, three domains, recommendations, appendix


def test_words_are_shown_as_they_were_written_and_fetch_nothing(other_pdf: bytes) -> None:
    assert WORDS in " ".join(" ".join(pages_of(other_pdf)).split())


@pytest.mark.parametrize("address", ["https://tracker.example/x.png", "file:///etc/hostname"])
def test_a_page_that_asks_for_anything_is_not_set(address: str) -> None:
    with pytest.raises(BaseException, match="A report fetches nothing"):
        set_pages(f'<!doctype html><html lang="en"><title>x</title><img alt="x" src="{address}">')


def test_the_paper_uses_its_own_fonts(pdf: bytes) -> None:
    fonts = {
        str(font.get_object()["/BaseFont"]).partition("+")[2]
        for page in PdfReader(BytesIO(pdf)).pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert {"-".join(name.replace(",", "").split("-")[:3]) for name in fonts} == {"Source-Sans-3", "Source-Serif-4"}


def test_pages_are_counted(pdf: bytes) -> None:
    assert count_pages(pdf) == len(PdfReader(BytesIO(pdf)).pages)


# --- When the process fails: a substitute for WeasyPrint is in its path --------------------------------------------


def failure_of(monkeypatch: pytest.MonkeyPatch, folder: Path, source: str) -> PrintingFailed:
    close_printer()  # a process that has loaded the real one
    (folder / "weasyprint.py").write_text(source)
    monkeypatch.setenv("PYTHONPATH", str(folder))
    with pytest.raises(PrintingFailed) as failure:
        print_pdf(small_document())
    return failure.value


def test_a_machine_without_pango_is_told_apart(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    source = "raise OSError(\"cannot load library 'libpango-1.0-0'\")"
    assert failure_of(monkeypatch, tmp_path, source).code == "no_pango"


def test_a_child_that_dies_is_a_crash(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    failure = failure_of(monkeypatch, tmp_path, "import os\nos._exit(9)")
    assert (failure.code, str(failure)) == ("crashed", "crashed\nexit status 9")


def test_a_press_ends_without_unloading_its_libraries(tmp_path: Path) -> None:
    """Python would unload Pango at the end, while Pango's own thread runs, which crashed a report already printed."""
    (tmp_path / "sitecustomize.py").write_text("import atexit\natexit.register(print, 'unloading')")
    ended = subprocess.run(
        [sys.executable, "-m", "reports.pdf", str(tmp_path / "report.pdf")],
        check=True,
        input=b"",
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
    )
    assert ended.stdout == b""


def test_what_happens_next_stands_whole_on_one_page(longer_pages: list[str]) -> None:
    whole = [text for text in longer_pages if "1 May 2027" in text or "21 May 2027" in text]
    assert len(whole) == 1
    assert "What happens next" in whole[0]


def test_a_heading_in_the_margin_stands_beside_what_it_is_over(longer_pages: list[str]) -> None:
    headed = [text for text in longer_pages if "Where hotline and" in text]
    assert len(headed) == 4
    assert [text for text in headed if "No record of it was found." not in text or "We do this on" not in text] == []


def test_where_nothing_stands_between_no_row_is_empty() -> None:
    document = small_document()
    summary = replace(document.summary, unmet_conditions=(), unmet_title=fill("Nothing stands between"))
    written = write_document(replace(document, summary=summary))
    html = flat(write_html(written, {"domains": "", **{part.code: "" for part in document.domains}}, ""))
    assert '<h2>What it takes</h2></div><div class="t"><p class="soft">Nothing stands between.</p>' in html
    assert re.findall(r'<div class="t">\s*</div>', html) == []


def test_what_the_assessors_changed_is_printed_before_their_answer() -> None:
    change = ChangeFacts(Judgement(level=0), Judgement(level=3))
    response_facts = ResponseFacts(
        date(2026, 7, 3), "", {"9.1.1": "Not so."}, {"9.1.1": "So it is."}, {"9.1.1": change}
    )
    document = small_document(small_facts(response=response_facts))
    html = flat(
        write_html(write_document(document), {"domains": "", **{part.code: "" for part in document.domains}}, "")
    )
    changed = '<p class="changed">The assessors changed the finding from “No” to “Yes”.</p>'
    assert html.index("Not so.") < html.index(changed) < html.index("So it is.")


@pytest.mark.parametrize("language", ["", "hr"])
def test_no_text_of_a_document_becomes_markup(language: str) -> None:
    """Both the texts in the language of the document and those marked with another one are escaped."""

    def corrupt(value: Any, key: str = "") -> Any:
        if isinstance(value, dict):
            return {name: corrupt(part, name) for name, part in value.items()}
        if key == "parts" and value and isinstance(value[0], str):
            return value  # codes that decide what is printed
        if isinstance(value, (list, tuple)):
            return [corrupt(part) for part in value]
        if key == "language":
            return language and f'{language}"><script>alert(1)</script>'
        return f'{value}"><script>alert(1)</script>' if isinstance(value, str) and value else value

    written = corrupt(write_document(small_document()))
    html = write_html(written, draw_charts(written), foot="<script>alert(1)</script>")
    assert "<script" not in html
    assert html.count("&lt;script&gt;alert(1)") > 200
