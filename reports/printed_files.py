"""Pages that the worker prints and keeps as PDF, each once: the Guide in a language, the answers of a submission."""

import hashlib
import logging
from collections.abc import Callable
from typing import Any, TypeVar

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import InterfaceError, OperationalError

from reports.models import PrintedFile
from reports.pdf import CRASHED, PrintingFailed, count_pages, make_ready, print_page
from reports.printing import GIVEN_UP
from standards.framework import digest

log = logging.getLogger(__name__)

Printed = TypeVar("Printed", bound=PrintedFile)


def make_in_background(printing: Printed, make: Callable[[Printed], object]) -> None:
    """Print what was asked for. On any error the printing is marked as failed."""
    about = {"printing": printing.pk, "kind": type(printing).__name__}
    try:
        make(printing)
    except (OperationalError, InterfaceError):
        raise  # it is transient: the worker runs the task again, from the beginning
    except PrintingFailed as failure:
        log.exception("page not printed", extra={**about, "failure": failure.code})
        printing.fail(failure.code)
    except Exception:
        log.exception("page not printed", extra={**about, "failure": CRASHED})
        printing.fail(CRASHED)
        raise
    else:
        make_ready()


def give_up(printing: PrintedFile | None) -> None:
    """Mark a locked printing as failed whose task is not run any more."""
    if printing is not None and printing.is_running:
        printing.fail(GIVEN_UP)


def keep_pdf(printing: Any, html: str, path: str) -> bool:
    """Print a page and keep it, unless the very same one is kept and its file is there; return whether it was printed.

    Raises PrintingFailed.

    The page is printed outside any transaction. The file that it replaces stays: another printing at the same time may
    have stored a new one under its name. Leftover files are found by `portal.operations.leftovers`.
    """
    storage = storages["private"]
    if printing.html_sha256 == digest(html) and printing.pdf.name and storage.exists(printing.pdf.name):
        printing.report_stage(PrintedFile.State.DONE)
        return False
    printing.report_stage(PrintedFile.State.SETTING)
    pdf = print_page(html)
    printing.pdf = storage.save(path, ContentFile(pdf))
    printing.html_sha256, printing.pdf_sha256 = digest(html), hashlib.sha256(pdf).hexdigest()
    printing.size, printing.pages = len(pdf), count_pages(pdf)
    printing.state, printing.failure = PrintedFile.State.DONE, ""
    printing.save()
    return True
