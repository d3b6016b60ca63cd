"""Pages that the worker prints and stores as PDF, each once: the Guide in a language, the answers of a submission."""

import hashlib
import logging
from collections.abc import Callable
from typing import Any, TypeVar

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import InterfaceError, OperationalError

from reports.models import PrintedFile
from reports.pdf import CRASHED, PrintingFailed, count_pages, print_page, start_printer
from reports.printing import GIVEN_UP
from standards.framework import digest

log = logging.getLogger(__name__)

Printed = TypeVar("Printed", bound=PrintedFile)


def make_in_background(printing: Printed, make: Callable[[Printed], object]) -> None:
    """Print the requested page by calling `make`. On any error the printing is marked as failed.

    Raises OperationalError and InterfaceError without marking it, as the worker then runs the task again.
    """
    about = {"printing": printing.pk, "kind": type(printing).__name__}
    try:
        make(printing)
    except (OperationalError, InterfaceError):
        raise  # transient: the worker runs the task again from the beginning
    except PrintingFailed as failure:
        log.exception("page not printed", extra={**about, "failure": failure.code})
        printing.fail(failure.code)
    except Exception:
        log.exception("page not printed", extra={**about, "failure": CRASHED})
        printing.fail(CRASHED)
        raise
    else:
        start_printer()


def give_up(printing: PrintedFile | None) -> None:
    """Mark a locked printing as failed whose task will not be run again."""
    if printing is not None and printing.is_running:
        printing.fail(GIVEN_UP)


def store_pdf(printing: Any, html: str, path: str) -> bool:
    """Print a page and store it, unless an identical one is stored and its file exists. Return whether it was printed.

    The page is printed outside any transaction. The replaced file is not deleted, as a concurrent printing may have
    stored a new one under its name. `portal.operations.leftovers` finds leftover files. Raises PrintingFailed.
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
