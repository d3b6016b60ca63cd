"""The observations of an assessor as a workbook: download, upload, compare, confirm."""

from uuid import UUID

from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from evaluation.answers.workbook.confirming import Resolution
from evaluation.answers.workbook.reading import FilledWorkbook
from evaluation.models import Evaluation, SheetRow
from evaluation.visits.sheets.rows import WRITTEN, ReadSheet
from evaluation.visits.sheets.templates import Kind
from evaluation.visits.workbook import OwnRecording
from portal.access import find_visit
from portal.answers.workbook.exchange import ShownFurther, Words, WorkbookPages
from portal.requests.bodies import check_right_before_body, longest_workbook
from portal.requests.signed_in import SignedInRequest
from portal.visits.sheets.forms import SENTENCES
from portal.visits.sheets.reading import find_current
from portal.visits.shown.sheets import show_rows


def _find(request: SignedInRequest, uid: UUID) -> OwnRecording:
    visit = find_visit(request, uid, "visit.observe")
    return OwnRecording(visit, request.user, find_current(visit))


def _closed(_evaluation: Evaluation) -> str:
    return _("Nothing is recorded now: the visit is not under way, or you have finished.")


def _saved(count: int) -> str:
    text = ngettext(
        "What you recorded of one indicator was saved from the workbook.",
        "What you recorded of %(count)d indicators was saved from the workbook.",
        count,
    )
    return text % {"count": count}


def _show_further(subject: OwnRecording, filled: FilledWorkbook) -> list[ShownFurther]:
    shown = []
    for compared in subject.compare_further(filled.further):
        row_input, template = compared.filled.row, subject.templates[compared.filled.kind]
        row = SheetRow(**{name: getattr(row_input, name) for name in WRITTEN})
        (one,) = show_rows(ReadSheet(template), [row])
        if compared.stored is not None and compared.stored.signed_off_at:
            state = _("It is of an earlier visit and signed off: what is saved stays.")
        elif compared.is_conflict:
            state = _("Changed or removed since: what is saved stays. Download a new workbook to change it.")
        else:
            state = _("would be changed") if compared.stored else _("would be added")
        place = f"{Kind(template.kind).label}, {compared.filled.cell}"
        shown.append(ShownFurther(place, one.title, state, one.marks, row_input.words, compared.is_conflict))
    return shown


PAGES = WorkbookPages(
    find=_find,
    words=Words(
        lede=gettext_lazy(
            "What you record as an Excel workbook, to be filled in without a connection. Nothing is changed before you "
            "have seen and confirmed it."
        ),
        closed=_closed,
        holds=gettext_lazy(
            "A sheet for each domain, with what you have recorded so far beside the hotline’s answers, and one each for "
            "test contacts, listening, files and interviews. Nobody else’s notes are in it, and only you can upload it."
        ),
        answer=gettext_lazy("Your finding"),
        choices={
            Resolution.MINE: gettext_lazy("Use what the workbook says"),
            Resolution.THEIRS: gettext_lazy("Keep what is saved"),
            Resolution.LATER: gettext_lazy("Decide later: both wait on the page of the standard"),
        },
        in_between=gettext_lazy(
            "You see cell by cell what would change. What you saved meanwhile on a page or a device is never overwritten: "
            "you choose."
        ),
        saved=_saved,
        problems={
            "too_big": gettext_lazy(
                "This file is too large to be the workbook of a visit. Choose the one from this page."
            ),
            "too_many_cells": gettext_lazy(
                "The workbook has more rows or cells than a visit. Delete what stands below the last indicator, or copy "
                "your notes into a new workbook."
            ),
            "not_a_workbook": gettext_lazy(
                "This is not the workbook of a visit. Download one from this page and fill it in."
            ),
            "other_evaluation": gettext_lazy(
                "This workbook is of another visit, or of another person. Download your own from this page."
            ),
            **{f"sheet_{code}": sentence for code, sentence in SENTENCES.items()},
            "sheet_columns": gettext_lazy(
                "The criteria of this sheet were changed, or columns were added or removed. Copy your rows into a new "
                "workbook."
            ),
            "sheet_new_row": gettext_lazy(
                "This row was added or copied. Write in the empty rows of the workbook; a new one has more of them."
            ),
            "sheet_not_a_count": gettext_lazy("Write a number from 0 up."),
            "sheet_not_a_day": gettext_lazy("This is not a day of the calendar. Write it as in 2026-11-24."),
            "sheet_not_a_time": gettext_lazy("Write hours and minutes, such as 13:30."),
            "row_unknown": gettext_lazy(
                "No indicator of this visit has this code. Delete the row, or write the code it had."
            ),
        },
    ),
    upload_name="workspace:visit_workbook",
    file_name="workspace:visit_workbook_file",
    changes_name="workspace:visit_workbook_changes",
    done_name="workspace:visit",
    back=lambda evaluation: _("Study visit, %(hotline)s") % {"hotline": evaluation.hotline.name},
    file_stem="study-visit",
    show_further=_show_further,
)

_WORKBOOK = "evaluations/<uuid:uid>/visit/workbook/"
urlpatterns = [
    path(
        _WORKBOOK,
        check_right_before_body(PAGES.may, longest_workbook)(
            csrf_protect(require_http_methods(["GET", "HEAD", "POST"])(PAGES.upload))
        ),
        name="visit_workbook",
    ),
    path(f"{_WORKBOOK}file/", require_safe(PAGES.download), name="visit_workbook_file"),
    path(
        f"{_WORKBOOK}<str:token>/",
        require_http_methods(["GET", "HEAD", "POST"])(PAGES.changes),
        name="visit_workbook_changes",
    ),
]
