"""The self-assessment as a workbook: downloaded, filled in offline, uploaded, compared and confirmed."""

from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from evaluation.assessment.workbook.comparing import Comparison, compare_workbook
from evaluation.assessment.workbook.confirming import Confirmed, confirm_workbook
from evaluation.assessment.workbook.problems import UnusableWorkbook, WorkbookProblem
from evaluation.assessment.workbook.reading import FilledWorkbook, read_workbook
from evaluation.assessment.workbook.sheets import MOST_BYTES
from evaluation.assessment.workbook.writing import write_workbook
from evaluation.models import Evaluation
from portal.presentation.passages import language_name
from portal.presentation.tables import XLSX
from portal.requests.bodies import ask_first, longest_workbook
from portal.requests.waiting_files import keep, take
from portal.workspace.access import find_evaluation
from portal.workspace.assessment.asked import watch_asked
from portal.workspace.assessment.workbook.changes import ConflictForm, show_rows
from portal.workspace.assessment.workbook.problems import show_problems, summarise_problems
from portal.workspace.requests import SignedInRequest, belongs_to_another
from standards.presentation.reading_language import content_language

RIGHT = "evaluation.answer"


class WorkbookForm(forms.Form):
    """A workbook of this evaluation that was filled in."""

    file = forms.FileField(
        label=gettext_lazy("The workbook"),
        help_text=gettext_lazy("The Excel workbook (.xlsx) from this page, filled in with Excel or LibreOffice."),
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        allow_empty_file=True,
    )

    def __init__(self, evaluation: Evaluation, *args: Any, **kwargs: Any) -> None:
        self.evaluation = evaluation
        self.problems: tuple[WorkbookProblem, ...] = ()
        super().__init__(*args, **kwargs)

    def clean_file(self) -> FilledWorkbook:
        upload: UploadedFile[bytes] = self.cleaned_data["file"]
        name = upload.name or ""
        try:
            if (upload.size or 0) > MOST_BYTES:
                raise UnusableWorkbook(WorkbookProblem("too_big"))
            return read_workbook(upload.read(), name, self.evaluation)
        except UnusableWorkbook as unusable:
            self.problems = unusable.problems
        # outside the handler, so that no traceback contains a cell
        raise forms.ValidationError(summarise_problems(self.problems, name))


def _may_answer(request: SignedInRequest, uid: UUID) -> None:
    find_evaluation(request, uid, RIGHT)


@ask_first(_may_answer, longest_workbook)
@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
def workbook(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """Offer the workbook and take it back. An uploaded one waits for its confirmation, by its token."""
    evaluation = find_evaluation(request, uid, RIGHT)
    if request.method != "POST":
        return _render(request, evaluation, WorkbookForm(evaluation))
    if refusal := belongs_to_another(request):
        return refusal
    if not evaluation.is_open:
        return _render(request, evaluation, WorkbookForm(evaluation), status=423)
    form = WorkbookForm(evaluation, request.POST, request.FILES)
    if not form.is_valid():
        return _render(request, evaluation, form, status=422)
    return redirect("workspace:workbook_changes", uid, keep(evaluation, form.cleaned_data["file"]))


def _render(request: SignedInRequest, evaluation: Evaluation, form: WorkbookForm, *, status: int = 200) -> HttpResponse:
    return render(
        request,
        "workspace/assessment/workbook/upload.html",
        {
            "evaluation": evaluation,
            "form": form,
            "problems": show_problems(form.problems),
            "languages": [(code, language_name(code)) for code, _name in settings.LANGUAGES],
            "language": content_language(),
        },
        status=status,
    )


@require_safe
def download(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """Return the workbook in the chosen language, or in that of the page."""
    evaluation = find_evaluation(request, uid, RIGHT)
    if not evaluation.is_open:
        return redirect("workspace:workbook", uid)
    chosen = request.GET.get("language", "")
    language = chosen if chosen in dict(settings.LANGUAGES) else content_language()
    response = HttpResponse(write_workbook(evaluation, language), content_type=XLSX)
    name = f"self-assessment-{evaluation.hotline.country}-{evaluation.round.edition.code}-{language}.xlsx"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def changes(request: SignedInRequest, uid: UUID, token: str) -> HttpResponse:
    """Show what an uploaded workbook would change now; a POST confirms it, with a decision on each conflict."""
    evaluation = find_evaluation(request, uid, RIGHT)
    if request.method == "POST" and (refusal := belongs_to_another(request)):
        return refusal
    if not evaluation.is_open:
        if request.method == "POST":
            return _render(request, evaluation, WorkbookForm(evaluation), status=423)
        return redirect("workspace:workbook", uid)
    filled = take(evaluation, token, FilledWorkbook)
    if filled is None:
        messages.error(request, _("The workbook is no longer here. Choose it again."))
        return redirect("workspace:workbook", uid)
    comparison = compare_workbook(evaluation, filled)
    if request.method != "POST":
        return _render_changes(request, evaluation, comparison, ConflictForm(comparison))
    form = ConflictForm(comparison, request.POST)
    if not form.is_valid():
        status = 409 if form.is_outdated else 422
        return _render_changes(request, evaluation, comparison, form, status=status)
    describe_asked = watch_asked(evaluation)
    done = confirm_workbook(evaluation, filled, form.choices, token=token, by=request.user)
    return _answer(request, evaluation, filled, done, describe_asked().get("asked_words", ""))


def _answer(
    request: SignedInRequest, evaluation: Evaluation, filled: FilledWorkbook, done: Confirmed, asked: str
) -> HttpResponse:
    """Say what was written, and in the words of `asked` what it opens and closes. A conflict that came about meanwhile is shown to be decided."""
    if done.is_closed:
        evaluation.refresh_from_db(fields=["state"])
        return _render(request, evaluation, WorkbookForm(evaluation), status=423)
    count = len(done.saved)
    said = ngettext("One answer was saved from the workbook.", "%(count)d answers were saved from the workbook.", count)
    if count:
        messages.success(request, said % {"count": count})
    if asked:
        messages.info(request, asked)
    if done.fixed:
        messages.info(request, describe_fixed(done.fixed))
    if done.undecided:
        comparison = compare_workbook(evaluation, filled)
        return _render_changes(request, evaluation, comparison, ConflictForm(comparison), status=409)
    if not count:
        messages.info(request, _("Nothing was changed: what is saved stays."))
    return redirect("workspace:evaluation", evaluation.uid)


def describe_fixed(codes: list[str]) -> str:
    """Return what becomes of changes to answers that stay as submitted while others are sent back; empty for none."""
    if not codes:
        return ""
    words = ngettext(
        "%(codes)s was not sent back and stays as submitted. What you wrote on it waits beside it, for you alone.",
        "%(codes)s were not sent back and stay as submitted. What you wrote on them waits beside them, for you alone.",
        len(codes),
    )
    return words % {"codes": ", ".join(codes)}


def _render_changes(
    request: SignedInRequest, evaluation: Evaluation, comparison: Comparison, form: ConflictForm, *, status: int = 200
) -> HttpResponse:
    rows = show_rows(evaluation, comparison, form)
    return render(
        request,
        "workspace/assessment/workbook/changes.html",
        {
            "evaluation": evaluation,
            "form": form,
            "changes": [row for row in rows if row.compared.is_changed],
            "conflicts": [row for row in rows if row.field],
            "fixed": describe_fixed([compared.code for compared in comparison.fixed]),
        },
        status=status,
    )


urlpatterns = [
    path("evaluations/<uuid:uid>/workbook/", workbook, name="workbook"),
    path("evaluations/<uuid:uid>/workbook/file/", download, name="workbook_file"),
    path("evaluations/<uuid:uid>/workbook/<str:token>/", changes, name="workbook_changes"),
]
