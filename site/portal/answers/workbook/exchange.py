"""The pages of a workbook of any subject: download, upload, compare, confirm."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from evaluation.answers.workbook.comparing import Comparison, compare_workbook
from evaluation.answers.workbook.confirming import Confirmed, confirm_workbook
from evaluation.answers.workbook.problems import UnusableWorkbook, WorkbookProblem
from evaluation.answers.workbook.reading import FilledWorkbook, read_workbook
from evaluation.answers.workbook.sheets import MOST_BYTES
from evaluation.answers.workbook.subject import Subject
from evaluation.answers.workbook.writing import write_workbook
from evaluation.models import Evaluation
from portal.answers.workbook.changes import ConflictForm, show_rows
from portal.answers.workbook.problems import show_problems, summarise_problems
from portal.presentation.passages import language_name
from portal.presentation.tables import XLSX
from portal.requests.signed_in import SignedInRequest, refuse_foreign_form
from portal.requests.waiting_files import fetch_waiting, store_waiting
from standards.presentation.reading_language import content_language


class WorkbookForm(forms.Form):
    """The upload of a filled-in workbook of this subject."""

    file = forms.FileField(
        label=gettext_lazy("The workbook"),
        help_text=gettext_lazy("The Excel workbook (.xlsx) from this page, filled in with Excel or LibreOffice."),
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        allow_empty_file=True,
    )

    def __init__(self, subject: Subject, words: "Words", *args: Any, **kwargs: Any) -> None:
        self.subject, self.words = subject, words
        self.problems: tuple[WorkbookProblem, ...] = ()
        super().__init__(*args, **kwargs)

    def clean_file(self) -> FilledWorkbook:
        upload: UploadedFile[bytes] = self.cleaned_data["file"]
        name = upload.name or ""
        try:
            if (upload.size or 0) > MOST_BYTES:
                raise UnusableWorkbook(WorkbookProblem("too_big"))
            return read_workbook(upload.read(), name, self.subject)
        except UnusableWorkbook as unusable:
            self.problems = unusable.problems
        # outside the handler, so that no traceback contains a cell
        raise forms.ValidationError(summarise_problems(self.problems, name, self.words.problems))


@dataclass(frozen=True, slots=True)
class Words:
    """The texts of the pages for one kind of workbook, and the messages for its problems, by code."""

    lede: Any
    closed: Callable[[Evaluation], str]
    holds: Any
    """What the downloaded workbook contains."""
    answer: Any
    """The label of the first column to fill in."""
    choices: Mapping[str, Any]
    """The choices for a conflict, by the value of `Resolution`."""
    in_between: Any
    """The explanation of conflicts."""
    saved: Callable[[int], str]
    problems: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ShownFurther:
    """A row of a further sheet: its place, its title, its state, and its content."""

    place: str
    title: str
    state: str
    lines: Sequence[Any]
    words: str
    is_conflict: bool


@dataclass(frozen=True, slots=True)
class WorkbookPages:
    """The views of a kind of workbook: `upload`, `changes` and `download`.

    `find` returns the subject for users who may write it, and raises 404 or 403 for others. `done_name` is the URL name
    of the page after a confirmation. `watch` returns a function that returns, after the confirmation, which indicators
    are asked.
    """

    find: Callable[[SignedInRequest, UUID], Subject]
    words: Words
    upload_name: str
    file_name: str
    changes_name: str
    done_name: str
    back: Callable[[Evaluation], str]
    """Returns the label of the link to the page `done_name`."""
    file_stem: str
    watch: Callable[[Evaluation], Callable[[], Mapping[str, str]]] = lambda _evaluation: dict
    show_further: Callable[[Any, FilledWorkbook], Sequence["ShownFurther"]] = lambda _subject, _filled: ()
    """Returns the changes and the conflicts of the further sheets."""

    def may(self, request: SignedInRequest, uid: UUID) -> None:
        """Raise 404 or 403 for users who may not upload a workbook."""
        self.find(request, uid)

    def upload(self, request: SignedInRequest, uid: UUID) -> HttpResponse:
        """Show the upload form; store a valid upload under a token until it is confirmed."""
        subject = self.find(request, uid)
        if request.method != "POST":
            return self._render(request, subject)
        if refusal := refuse_foreign_form(request):
            return refusal
        if not subject.is_open():
            return self._render(request, subject, status=423)
        form = WorkbookForm(subject, self.words, request.POST, request.FILES)
        if not form.is_valid():
            return self._render(request, subject, form, status=422)
        return redirect(self.changes_name, uid, store_waiting(subject.owner, form.cleaned_data["file"]))

    def download(self, request: SignedInRequest, uid: UUID) -> HttpResponse:
        """Return the workbook in the chosen language, or in the language of the page."""
        subject = self.find(request, uid)
        if not subject.is_open():
            return redirect(self.upload_name, uid)
        chosen = request.GET.get("language", "")
        language = chosen if chosen in dict(settings.LANGUAGES) else content_language()
        response = HttpResponse(write_workbook(subject, language), content_type=XLSX)
        evaluation = subject.evaluation
        name = f"{self.file_stem}-{evaluation.hotline.country}-{evaluation.round.edition.code}-{language}.xlsx"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        response["Cache-Control"] = "private, no-store"
        return response

    def changes(self, request: SignedInRequest, uid: UUID, token: str) -> HttpResponse:
        """Show the changes of an uploaded workbook; a POST confirms them, with a choice for each conflict."""
        subject = self.find(request, uid)
        if request.method == "POST" and (refusal := refuse_foreign_form(request)):
            return refusal
        if not subject.is_open():
            if request.method == "POST":
                return self._render(request, subject, status=423)
            return redirect(self.upload_name, uid)
        filled = fetch_waiting(subject.owner, token, FilledWorkbook)
        if filled is None:
            messages.error(request, _("The workbook is no longer here. Choose it again."))
            return redirect(self.upload_name, uid)
        comparison = compare_workbook(subject, filled)
        if request.method != "POST":
            return self._render_changes(request, subject, filled, comparison, self._ask(comparison))
        form = self._ask(comparison, request.POST)
        if not form.is_valid():
            status = 409 if form.is_outdated else 422
            return self._render_changes(request, subject, filled, comparison, form, status=status)
        describe_asked = self.watch(subject.evaluation)
        done = confirm_workbook(subject, filled, form.choices, token=token, by=request.user)
        return self._answer(request, subject, filled, done, describe_asked().get("asked_words", ""))

    def _ask(self, comparison: Comparison, *data: Any) -> ConflictForm:
        return ConflictForm(comparison, self.words.choices, *data)

    def _answer(
        self, request: SignedInRequest, subject: Subject, filled: FilledWorkbook, done: Confirmed, asked: str
    ) -> HttpResponse:
        """Report what was saved; `asked` describes which indicators are asked now.

        If a conflict has appeared since the page was rendered, render the page again.
        """
        if done.is_closed:
            return self._render(request, self.find(request, subject.evaluation.uid), status=423)
        if done.saved:
            messages.success(request, self.words.saved(len(done.saved)))
        if done.further:
            rows = ngettext(
                "%(count)d row of the sheets was saved.", "%(count)d rows of the sheets were saved.", done.further
            )
            messages.success(request, rows % {"count": done.further})
        if left := len(self.show_further(subject, filled)):
            rows = ngettext(
                "%(count)d row of the sheets stays as it is saved.",
                "%(count)d rows of the sheets stay as they are saved.",
                left,
            )
            messages.info(request, rows % {"count": left})
        if asked:
            messages.info(request, asked)
        if done.fixed:
            messages.info(request, describe_fixed(done.fixed))
        if done.undecided:
            comparison = compare_workbook(subject, filled)
            return self._render_changes(request, subject, filled, comparison, self._ask(comparison), status=409)
        if not done.saved and not done.further:
            messages.info(request, _("Nothing was changed: what is saved stays."))
        return redirect(self.done_name, subject.evaluation.uid)

    def _context(self, subject: Subject) -> dict[str, Any]:
        uid = subject.evaluation.uid
        return {
            "evaluation": subject.evaluation,
            "words": self.words,
            "upload_url": reverse(self.upload_name, args=[uid]),
            "done_url": reverse(self.done_name, args=[uid]),
            "back": self.back(subject.evaluation),
        }

    def _render(
        self, request: SignedInRequest, subject: Subject, form: WorkbookForm | None = None, *, status: int = 200
    ) -> HttpResponse:
        form = form or WorkbookForm(subject, self.words)
        context = {
            **self._context(subject),
            "file_url": reverse(self.file_name, args=[subject.evaluation.uid]),
            "closed": "" if subject.is_open() else self.words.closed(subject.evaluation),
            "form": form,
            "problems": show_problems(form.problems, self.words.problems),
            "languages": [(code, language_name(code)) for code, _name in settings.LANGUAGES],
            "language": content_language(),
        }
        return render(request, "answers/workbook/upload.html", context, status=status)

    def _render_changes(
        self,
        request: SignedInRequest,
        subject: Subject,
        filled: FilledWorkbook,
        comparison: Comparison,
        form: ConflictForm,
        *,
        status: int = 200,
    ) -> HttpResponse:
        rows = show_rows(subject, comparison, form, self.words.answer)
        context = {
            **self._context(subject),
            "form": form,
            "changes": [row for row in rows if row.compared.is_changed],
            "conflicts": [row for row in rows if row.field],
            "further": self.show_further(subject, filled),
            "fixed": describe_fixed([compared.code for compared in comparison.fixed]),
        }
        return render(request, "answers/workbook/changes.html", context, status=status)


def describe_fixed(codes: list[str]) -> str:
    """Describe the changes to answers that were not sent back and stay as submitted; empty for none."""
    if not codes:
        return ""
    words = ngettext(
        "%(codes)s was not sent back and stays as submitted. What you wrote on it waits beside it, for you alone.",
        "%(codes)s were not sent back and stay as submitted. What you wrote on them waits beside them, for you alone.",
        len(codes),
    )
    return words % {"codes": ", ".join(codes)}
