"""Print a composed document, or a finished page, as a tagged PDF: the same content gives the same bytes.

A child process makes the PDF, as WeasyPrint is neither thread- nor fork-safe. The parent draws the charts while the
child loads WeasyPrint. The child reads the document from its standard input, needs no database and no settings, and
loads no other files than our fonts.
"""

import atexit
import gc
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from threading import Timer
from typing import Any, BinaryIO

from reports.document import Document, write_document
from reports.numbering import printed_number
from standards.framework import canonical, digest

HERE = Path(__file__).parent
SECONDS = 180
"""The timeout of printing a report, in seconds."""
GUIDE_SECONDS = 600
"""The timeout of printing a finished page, in seconds. A Guide of 1,000 indicators has 500 pages: about two minutes."""

NO_PANGO, CRASHED, TOO_LONG = "no_pango", "crashed", "too_long"
_NO_PANGO_STATUS = 3

Progress = Callable[[str], None]


class PrintingFailed(Exception):
    """The report could not be printed; `code` is the reason."""

    def __init__(self, code: str, trace: str = "") -> None:
        self.code = code
        super().__init__(f"{code}\n{trace}".strip())


class Printer:
    """A child process that loads WeasyPrint, waits for one document, prints it and exits."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="report-")
        self._out = Path(self._folder.name) / "report.pdf"
        self._output = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the printer
        self._child = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", "reports.pdf", str(self._out)],
            stdin=subprocess.PIPE,
            stdout=self._output,
            stderr=subprocess.STDOUT,
            env={**os.environ, "PYTHONHASHSEED": "0"},
        )
        self._timer = Timer(SECONDS, self._child.kill)

    def begin(self, page: dict[str, Any], seconds: int = SECONDS) -> None:
        """Send the child a document with its charts and its footer, or a finished page. Start the timeout."""
        self._timer = Timer(seconds, self._child.kill)
        self._timer.daemon = True
        self._timer.start()
        self._feed(page)

    def take(self) -> bytes:
        """Wait for the PDF and return it. Raises PrintingFailed."""
        try:
            status = self._child.wait()
        finally:
            expired = not self._timer.is_alive()
            self._timer.cancel()
        if status:
            self._output.seek(0)
            code = NO_PANGO if status == _NO_PANGO_STATUS else TOO_LONG if expired else CRASHED
            raise PrintingFailed(code, f"exit status {status}\n{self._output.read().decode(errors='replace')[-4000:]}")
        return self._out.read_bytes()

    def _feed(self, page: dict[str, Any]) -> None:
        assert self._child.stdin is not None  # it is a pipe
        try:
            with self._child.stdin as pipe:
                pipe.write(json.dumps(page).encode())
        except BrokenPipeError:
            return  # the child has exited already; `take` reports its status

    def close(self) -> None:
        """Stop the process and remove its files."""
        self._timer.cancel()
        self._child.kill()
        self._child.wait()
        if self._child.stdin is not None:
            self._child.stdin.close()
        self._output.close()
        self._folder.cleanup()


_ready: list[Printer] = []
"""At most one printer that was started in advance, for the next report."""


def start_printer() -> None:
    """Start a printer for the next report, which then need not wait for WeasyPrint. For processes that print often."""
    if not _ready:
        _ready.append(Printer())


@atexit.register
def close_printer() -> None:
    """Close the printer that was started in advance, if there is one."""
    while _ready:
        _ready.pop().close()


def start_pdf(document: Document, progress: Progress = lambda stage: None) -> Callable[[], bytes]:
    """Begin to print a document in a child process. The returned function waits for the PDF. Raises PrintingFailed.

    Calls `progress` with the stage: `drawing`, then `setting`.
    """
    from reports.charts.scores import draw_charts

    printer = _ready.pop() if _ready else Printer()
    try:
        written = write_document(document)
        progress("drawing")
        charts = draw_charts(written)
        progress("setting")
        printer.begin({"document": written, "charts": charts, "foot": _foot(written)})
    except BaseException:
        printer.close()
        raise
    return partial(_take, printer)


def print_page(html: str) -> bytes:
    """Print a finished page in a child process. Raises PrintingFailed."""
    printer = _ready.pop() if _ready else Printer()
    try:
        printer.begin({"html": html}, GUIDE_SECONDS)
    except BaseException:
        printer.close()
        raise
    return _take(printer)


def _take(printer: Printer) -> bytes:
    try:
        return printer.take()
    finally:
        printer.close()


def _foot(written: dict[str, Any]) -> str:
    """Return the footer of every page, which ends with the first digits of the document's digest."""
    return f"{written['foot']} · sha256 {printed_number(digest(canonical(written)))}"


def count_pages(pdf: bytes) -> int:
    from io import BytesIO

    from pikepdf import Pdf

    with Pdf.open(BytesIO(pdf)) as opened:
        return len(opened.pages)


# --- In the child process -----------------------------------------------------------------------------------------


def write_html(
    written: dict[str, Any], charts: dict[str, str], foot: str, template: str = "reports/report.html"
) -> str:
    """Return the page to print. It adds only the layout: every text is in the document already."""
    from django.template import Context, Engine

    document = {**written, "domains": [{**part, "chart": charts[part["code"]]} for part in written["domains"]]}
    engine = Engine(dirs=[str(HERE / "templates")], builtins=["reports.templatetags.document"])
    return engine.get_template(template).render(
        Context({"d": document, "charts": charts, "foot": foot}, use_l10n=False)
    )


def set_pages(html: str) -> bytes:
    """Render the page as PDF/UA-1, with a scope on each header cell and an identifier that depends on content alone."""
    from weasyprint import HTML

    page = HTML(string=html, base_url=HERE.as_uri() + "/", url_fetcher=_own_files_only())
    pdf = page.write_pdf(pdf_variant="pdf/ua-1", pdf_tags=True)
    return _finish(pdf)


def _own_files_only() -> Any:
    """Return a URL fetcher that loads only the fonts of this folder."""
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    own = {file.as_uri(): file for file in (HERE / "fonts").glob("*.ttf")}

    class OwnFilesOnly(URLFetcher):  # type: ignore[misc] # WeasyPrint has no type annotations
        def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
            if url in own:
                return URLFetcherResponse(url, own[url].read_bytes(), {"Content-Type": "font/ttf"})
            if url.startswith((HERE / "fonts").as_uri()):
                raise ValueError("This font is not here; the next one in the list is used.")
            raise FatalURLFetchingError(f"A report fetches nothing: {url}")

    return OwnFilesOnly()


def _finish(pdf: bytes) -> bytes:
    """Add the scope of header cells, which WeasyPrint omits and screen readers need to tell columns from rows."""
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
                scope_attributes = Dictionary(O=Name("/Table"), Scope=scope)
                thing["/A"] = scope_attributes if attributes is None else Array([attributes, scope_attributes])
        finished = BytesIO()
        opened.save(finished, deterministic_id=True)
        return finished.getvalue()


def _run(source: BinaryIO, out: Path) -> int:
    gc.disable()  # the process prints one document: collecting costs a fifth of the time and frees almost nothing
    from django.conf import settings

    try:
        import weasyprint  # noqa: F401 - loaded while the parent draws the charts
    except OSError as error:
        sys.stdout.write(f"{error}\n")
        return _NO_PANGO_STATUS
    settings.configure(USE_I18N=False)
    request = source.read()
    if not request:
        return 0  # the parent closed the pipe without sending a document
    task = json.loads(request)
    html = task.get("html") or write_html(task["document"], task["charts"], task["foot"])
    out.write_bytes(set_pages(html))
    return 0


if __name__ == "__main__":
    exit_status = _run(sys.stdin.buffer, Path(sys.argv[1]))
    sys.stdout.flush()
    # Exit without cleaning up: Pango runs a thread, which crashes the process when its library is unloaded.
    os._exit(exit_status)
