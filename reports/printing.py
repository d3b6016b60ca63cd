"""Printing of reports: a view requests one, the worker prints it and stores it as an issue, atomically."""

import hashlib
import logging
from collections.abc import Callable
from dataclasses import replace

from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Max
from django_tasks import task

from evaluation.models import Decision, User
from evaluation.models.people.permissions import is_allowed
from reports.document import Document, compose, digest_of, write_document
from reports.fact_reader import read_facts
from reports.language import GettextLocale
from reports.models import Issue, Printing, issue_path
from reports.pdf import CRASHED, PrintingFailed, count_pages, start_pdf, start_printer
from reports.public_version import read_public_facts
from reports.texts.reading import edited_texts
from standards.framework import canonical, digest
from standards.models import Texts

log = logging.getLogger(__name__)

LOST, OVERTAKEN, GIVEN_UP = "lost", "overtaken", "given_up"


def request_report(decision: Decision, language: str, *, by: User, extent: str = "") -> Printing:
    """Enqueue the printing of the report on `decision`. Return the running printing, if there is one.

    With an `extent`, its version for the public is printed.

    Raises PermissionDenied if `by` may not print it.
    """
    if not is_allowed("evaluation.print", by, decision.evaluation):
        raise PermissionDenied
    with transaction.atomic():
        Decision.objects.select_for_update().get(pk=decision.pk)
        for running in Printing.objects.filter(decision=decision, language=language, extent=extent).exclude(
            state__in=(Printing.State.DONE, Printing.State.FAILED)
        ):
            if not running.is_lost:
                return running
            running.fail(LOST)
        printing = Printing.objects.create(decision=decision, language=language, extent=extent, asked_by=by)
        print_report.enqueue(str(printing.uid))
    return printing


@task()
def print_report(printing_uid: str) -> None:
    """Print the requested report, and store the progress. On any error the printing is marked as failed."""
    printing = Printing.objects.select_related("decision").get(uid=printing_uid)
    if not printing.is_running:
        return

    try:
        issue = make_issue(printing.decision, printing.language, printing.report_stage, printing.extent)
    except (OperationalError, InterfaceError):
        raise  # transient: the worker runs the task again from the beginning
    except PrintingFailed as failure:
        log.exception("report not printed", extra={"printing": printing_uid, "failure": failure.code})
        printing.fail(failure.code)
    except Exception:
        log.exception("report not printed", extra={"printing": printing_uid, "failure": CRASHED})
        printing.fail(CRASHED)
        raise
    else:
        printing.state, printing.issue = Printing.State.DONE, issue
        printing.save(update_fields=["state", "issue", "changed_at"])
        start_printer()


def mark_failed(printing_uid: str) -> None:
    """Mark a printing as failed whose task will not be run again. It can then be requested again."""
    printing = Printing.objects.select_for_update().filter(uid=printing_uid).first()
    if printing is not None and printing.is_running:
        printing.fail(GIVEN_UP)


def make_issue(
    decision: Decision, language: str, report_progress: Callable[[str], None] = lambda stage: None, extent: str = ""
) -> Issue:
    """Return the report on `decision` as an issue: a new one, or the latest if its content is identical.

    The report is composed and printed outside any transaction, then written in a short one. Raises PrintingFailed.
    """
    return begin_issue(decision, language, report_progress, extent)()


def begin_issue(
    decision: Decision, language: str, report_progress: Callable[[str], None] = lambda stage: None, extent: str = ""
) -> Callable[[], Issue]:
    """Compose the report and begin to print it. The returned function waits for the PDF and stores the issue.

    With an `extent`, it is the version for the public.
    """
    report_progress(Printing.State.COMPOSING)
    latest = _latest(decision, language, extent)
    following = _last_number(decision, language) + 1
    number = latest.number if latest else following
    if extent:
        facts = read_public_facts(decision, language, extent, issue=number)
    else:
        facts = read_facts(decision, language, issue=number)
    words, locale = _words(decision, language), GettextLocale(language, edited_texts())
    document = compose(facts, words, locale)
    if latest:
        if latest.document_sha256 == digest_of(document):
            return lambda: latest
        document = compose(replace(facts, issue=following), words, locale)
    pdf = start_pdf(document, report_progress)
    return lambda: _store(decision, document, pdf(), extent)


def _words(decision: Decision, language: str) -> Texts:
    return decision.evaluation.round.edition.texts(language)


def _latest(decision: Decision, language: str, extent: str) -> Issue | None:
    return Issue.objects.filter(decision=decision, language=language, extent=extent).order_by("-number").first()


def _last_number(decision: Decision, language: str) -> int:
    """Return the last issue number of the evaluation in a language, 0 without one.

    The numbers continue from a decision to the one that replaces it. Versions for the public are numbered with the
    others.
    """
    issued = Issue.objects.filter(decision__evaluation=decision.evaluation_id, language=language)
    return issued.aggregate(last=Max("number"))["last"] or 0


def _store(decision: Decision, document: Document, pdf: bytes, extent: str) -> Issue:
    """Store the file, then the row, and return the issue.

    If a concurrent printing stored an identical issue, return that one and delete the duplicate file. Raises
    PrintingFailed if it stored a different one. If writing the row fails, the file is not deleted: the database may
    have committed the row and failed before it could confirm it.
    """
    written = canonical(write_document(document))
    issue = Issue(
        decision=decision,
        number=document.issue,
        language=document.language,
        extent=extent,
        document=written,
        document_sha256=digest(written),
        pdf_sha256=hashlib.sha256(pdf).hexdigest(),
        size=len(pdf),
        pages=count_pages(pdf),
    )
    storage = storages["private"]
    issue.pdf = storage.save(issue_path(issue, ""), ContentFile(pdf))
    with transaction.atomic():
        Decision.objects.select_for_update().get(pk=decision.pk)
        if _last_number(decision, document.language) < issue.number:
            issue.save(force_insert=True)
            return issue
        latest = _latest(decision, document.language, extent)
    storage.delete(issue.pdf.name)
    if latest is None or latest.document_sha256 != issue.document_sha256:
        raise PrintingFailed(OVERTAKEN)
    return latest
