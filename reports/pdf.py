"""Prints a composed document as a tagged PDF, in a process of its own: the same document gives the same bytes.

The parent draws the charts while the child loads WeasyPrint, which is neither thread- nor fork-safe. The child reads
the document from its input, needs no database and no settings, and fetches nothing but our own fonts.
"""

import gc
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from threading import Timer
from typing import Any, BinaryIO

from reports.document import Document, write_document
from standards.framework import canonical, digest

HERE = Path(__file__).parent
SECONDS = 180
"""A report that takes longer will not come."""

NO_PANGO, CRASHED, TOO_LONG = "no_pango", "crashed", "too_long"
_NO_PANGO_STATUS = 3

Progress = Callable[[str], None]


class NotPrinted(Exception):
    """The report could not be printed; `code` says why."""

    def __init__(self, code: str, trace: str = "") -> None:
        self.code = code
        super().__init__(f"{code}\n{trace}".strip())


def print_pdf(document: Document, progress: Progress = lambda stage: None) -> bytes:
    """The PDF of a document. Tells `progress` what it is at: `drawing`, then `setting`. Raises NotPrinted."""
    written = write_document(document)
    with tempfile.TemporaryDirectory(prefix="report-") as folder, tempfile.TemporaryFile() as said:
        out = Path(folder) / "report.pdf"
        child = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", "reports.pdf", str(out)],
            stdin=subprocess.PIPE,
            stdout=said,
            stderr=subprocess.STDOUT,
            env={**os.environ, "PYTHONHASHSEED": "0"},
        )
        timer = Timer(SECONDS, child.kill)
        timer.start()
        try:
            _feed(child, written, progress)
            status = child.wait()
        finally:
            child.kill()
            child.wait()
            expired = not timer.is_alive()
            timer.cancel()
        if status:
            said.seek(0)
            raise NotPrinted(
                NO_PANGO if status == _NO_PANGO_STATUS else TOO_LONG if expired else CRASHED,
                said.read().decode(errors="replace")[-4000:],
            )
        return out.read_bytes()


def _feed(child: "subprocess.Popen[bytes]", written: dict[str, Any], progress: Progress) -> None:
    from reports.charts import draw_charts

    progress("drawing")
    charts = draw_charts(written)
    progress("setting")
    assert child.stdin is not None  # asked for
    try:
        with child.stdin as pipe:
            pipe.write(json.dumps({"document": written, "charts": charts, "foot": _foot(written)}).encode())
    except BrokenPipeError:
        return  # the child is gone already, and its status says why


def _foot(written: dict[str, Any]) -> str:
    """The foot of every page ends with the first digits of the document's digest, to be held against ours."""
    first = digest(canonical(written))[:16]
    return f"{written['foot']} · sha256 {' '.join(first[place : place + 4] for place in range(0, 16, 4))}"


def count_pages(pdf: bytes) -> int:
    from io import BytesIO

    from pikepdf import Pdf

    with Pdf.open(BytesIO(pdf)) as opened:
        return len(opened.pages)


# --- In the child ------------------------------------------------------------------------------------------------


def write_html(written: dict[str, Any], charts: dict[str, str], foot: str) -> str:
    """The page that is set. Layout only: every word is in the document already."""
    from django.template import Context, Engine

    document = {**written, "domains": [{**part, "chart": charts[part["code"]]} for part in written["domains"]]}
    template = Engine(dirs=[str(HERE / "templates")], autoescape=True).get_template("reports/report.html")
    return template.render(Context({"d": document, "charts": charts, "foot": foot}, use_l10n=False))


def set_pages(html: str) -> bytes:
    """Set the page as PDF/UA-1 and finish it: a scope on each header cell, and an identity by content alone."""
    from weasyprint import HTML

    page = HTML(string=html, base_url=HERE.as_uri() + "/", url_fetcher=_own_files_only())
    pdf = page.write_pdf(pdf_variant="pdf/ua-1", pdf_tags=True)
    return _finish(pdf)


def _own_files_only() -> Any:
    """A fetcher that knows the fonts of this folder and nothing else."""
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    own = {file.as_uri(): file for file in (HERE / "fonts").glob("*.ttf")}

    class OwnFilesOnly(URLFetcher):
        def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
            if url in own:
                return URLFetcherResponse(url, own[url].read_bytes(), {"Content-Type": "font/ttf"})
            if url.startswith((HERE / "fonts").as_uri()):
                raise ValueError("This font is not here; the next one in the list is used.")
            raise FatalURLFetchingError(f"A report fetches nothing: {url}")

    return OwnFilesOnly()


def _finish(pdf: bytes) -> bytes:
    """WeasyPrint writes no scope on header cells; without one a reader cannot tell a column's from a row's."""
    from io import BytesIO

    from pikepdf import Array, Dictionary, Name, Pdf

    with Pdf.open(BytesIO(pdf)) as opened:
        for thing in opened.objects:
            if isinstance(thing, Dictionary) and thing.get("/S") == Name("/TH"):
                row = thing.get("/P")
                section = row.get("/P") if row is not None else None
                in_head = section is not None and section.get("/S") == Name("/THead")
                scope = Name("/Column") if in_head else Name("/Row")
                attributes = thing.get("/A")
                mine = Dictionary(O=Name("/Table"), Scope=scope)
                thing["/A"] = mine if attributes is None else Array([attributes, mine])
        finished = BytesIO()
        opened.save(finished, deterministic_id=True)
        return finished.getvalue()


def _run(source: BinaryIO, out: Path) -> int:
    gc.disable()  # one document and out: collecting costs a fifth of the time and frees next to nothing
    from django.conf import settings

    try:
        import weasyprint  # noqa: F401 - loaded while the parent still draws
    except OSError as error:
        sys.stdout.write(f"{error}\n")
        return _NO_PANGO_STATUS
    settings.configure(USE_I18N=False)
    asked = json.load(source)
    out.write_bytes(set_pages(write_html(asked["document"], asked["charts"], asked["foot"])))
    return 0


if __name__ == "__main__":
    sys.exit(_run(sys.stdin.buffer, Path(sys.argv[1])))
