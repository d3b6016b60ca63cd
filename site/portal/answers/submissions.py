"""The submissions of a self-assessment: each sealed copy with its digest, its exceptions, and the changes since."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from evaluation.answers.deadline.coverage import Coverage, read_coverage
from evaluation.answers.submission import (
    ChangedAnswer,
    find_changes,
    is_intact,
    read_submission,
    reason_without_figures,
)
from evaluation.models import Audience, Evaluation, Submission
from evaluation.models.discussions.discussion import right_to
from evaluation.models.people.permissions import is_allowed
from evaluation.result_sentences import format_value
from portal.access import find_evaluation
from portal.presentation.marked_words import mark_both
from portal.requests.signed_in import SignedInRequest
from portal.requests.stored_files import open_stored
from reports.submitted_answers import request_answers
from standards.framework import Framework
from standards.models import Texts
from standards.presentation.reading_language import active_language
from standards.presentation.sentences import Passage


@dataclass(frozen=True, slots=True)
class SubmittedAnswer:
    """An answer as it was submitted: its level, number or exception, its text and the number of its evidence.

    Parts of the text that the other submission does not have are marked.
    """

    label: Any
    words: SafeString
    evidence: int


@dataclass(frozen=True, slots=True)
class ShownChange:
    """An answer that differs from the submission before; a side without the answer is None."""

    code: str
    wording: Any
    before: SubmittedAnswer | None
    now: SubmittedAnswer | None


@dataclass(frozen=True, slots=True)
class ShownException:
    """An indicator that was declared not applicable, with its reason."""

    code: str
    wording: Any
    reason: str


@dataclass(frozen=True, slots=True)
class ShownSubmission:
    """A submission: `changes` are those since the one before, None for the first.

    `declaration` is the signed text in its own language; empty in a copy of the first format version.
    """

    number: int
    at: datetime
    by: str
    declaration: Passage
    sha256: str
    is_intact: bool
    coverage: Coverage
    without_figures: str
    """Why it was submitted although figures were missing."""
    exceptions: tuple[ShownException, ...]
    changes: tuple[ShownChange, ...] | None
    returned: tuple[str, ...]
    """The codes of the indicators that had been sent back before it; empty if everything was submitted."""

    @property
    def unchanged(self) -> list[str]:
        """The returned indicators that were submitted again unchanged."""
        changed = {change.code for change in self.changes or ()}
        return [code for code in self.returned if code not in changed]


@require_safe
def submissions(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """List the submissions, the newest first."""
    evaluation = find_evaluation(request, uid)
    texts = evaluation.round.edition.texts(get_language())
    rows = list(evaluation.submissions.select_related("step__words"))
    shown = _show(rows, _find_returned(evaluation), evaluation.framework, texts)
    context = {
        "evaluation": evaluation,
        "submissions": shown,
        "may_discuss": is_allowed(right_to(Audience.REVIEW), request.user, evaluation),
    }
    return render(request, "answers/submissions.html", context)


@require_safe
def download(request: SignedInRequest, uid: UUID, number: int) -> HttpResponse:
    """Return the sealed copy as a file: exactly the text that the digest is computed from."""
    evaluation = find_evaluation(request, uid)
    kept = get_object_or_404(evaluation.submissions, number=number)
    response = HttpResponse(kept.payload, content_type="application/json; charset=utf-8")
    name = f"{evaluation.hotline.code}-submission-{number}.json"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_safe
def answers_pdf(request: SignedInRequest, uid: UUID, number: int) -> HttpResponse:
    """Request the answers as PDF in the active language and show the progress; redirect to a finished PDF."""
    evaluation = find_evaluation(request, uid)
    kept = _find_printable(evaluation, number)
    printing = request_answers(kept, _reader_language())
    address = reverse("workspace:answers_file", args=[uid, number])
    if printing.pdf and not request.htmx:
        return redirect(address)
    template = "pdf_progress.html" if request.htmx else "answers/answers_pdf.html"
    return render(request, template, {"evaluation": evaluation, "printing": printing, "address": address})


@require_safe
def answers_file(request: SignedInRequest, uid: UUID, number: int) -> HttpResponseBase:
    """Return the PDF; redirect to the page of its progress if there is none in the active language."""
    evaluation, language = find_evaluation(request, uid), _reader_language()
    kept = _find_printable(evaluation, number)
    printing = kept.printings.filter(language=language).exclude(pdf="").first()
    if printing is None:
        return redirect("workspace:answers_pdf", uid, number)
    name = f"{evaluation.hotline.code}-submission-{number}-{language}.pdf"
    response = FileResponse(
        open_stored(printing.pdf, request.path), as_attachment=True, filename=name, content_type="application/pdf"
    )
    response["Cache-Control"] = "private, no-store"
    return response


def _find_printable(evaluation: Evaluation, number: int) -> Submission:
    """Return a submission. Raises Http404 if there is none, or if its copy does not match its digest."""
    kept = get_object_or_404(evaluation.submissions.select_related("step"), number=number)
    if not is_intact(kept):
        raise Http404
    return kept


def _reader_language() -> str:
    return active_language(get_language())


def _find_returned(evaluation: Evaluation) -> dict[int, tuple[str, ...]]:
    """Return the returned codes in the order of the Guide, by the number of the submission that followed."""
    found: dict[int, set[str]] = {}
    for number, code in evaluation.returned_answers.values_list("number", "code"):
        found.setdefault(number + 1, set()).add(code)
    return {
        number: tuple(code for code in evaluation.framework.indicators if code in codes)
        for number, codes in found.items()
    }


def _show(
    rows: list[Submission], returned: Mapping[int, tuple[str, ...]], framework: Framework, texts: Texts
) -> list[ShownSubmission]:
    copies = [read_submission(row) for row in rows]
    since = [tuple(show_changes(find_changes(before, now), framework, texts)) for now, before in pairwise(copies)]
    return [
        ShownSubmission(
            number=row.number,
            at=row.at,
            by=_name_of(row),
            declaration=_show_declaration(copy),
            sha256=row.sha256,
            is_intact=is_intact(row),
            coverage=read_coverage(copy, framework),
            without_figures=reason_without_figures(copy),
            exceptions=tuple(show_exceptions(copy["answers"], texts)),
            changes=changes,
            returned=returned.get(row.number, ()),
        )
        for row, copy, changes in zip(rows, copies, [*since, None], strict=False)
    ]


def _name_of(row: Submission) -> str:
    """Return the name of the submitting user from the step log; empty if the user was anonymised."""
    words = getattr(row.step, "words", None)
    return words.name if words else ""


def _show_declaration(copy: Mapping[str, Any]) -> Passage:
    signed = copy.get("declaration", {})
    language = signed.get("language", "")
    return Passage(signed.get("text", ""), "" if language == get_language() else language)


def show_exceptions(answers: Mapping[str, Any], texts: Texts) -> Iterator[ShownException]:
    """Yield the indicators declared not applicable in the answers of a copy."""
    for code, answer in answers.items():
        if answer.get("not_applicable"):
            yield ShownException(code, texts[f"indicator/{code}/wording"], answer.get("words", ""))


def show_changes(changes: Iterable[ChangedAnswer], framework: Framework, texts: Texts) -> Iterator[ShownChange]:
    """Yield changed answers with the wording of their indicators; parts of the text that differ are marked."""
    for changed in changes:
        sides = (changed.before, changed.now)
        marked = mark_both(*(side.get("words", "") for side in sides))
        shown = (
            _show_answer(changed.code, side, words, framework, texts) for side, words in zip(sides, marked, strict=True)
        )
        yield ShownChange(changed.code, texts[f"indicator/{changed.code}/wording"], *shown)


def _show_answer(
    code: str, answer: Mapping[str, Any], words: SafeString, framework: Framework, texts: Texts
) -> SubmittedAnswer | None:
    if not answer:
        return None
    return SubmittedAnswer(_label(code, answer, framework, texts), words, len(answer.get("evidence", ())))


def _label(code: str, answer: Mapping[str, Any], framework: Framework, texts: Texts) -> Any:
    if answer.get("not_applicable"):
        return _("not applicable")
    if "value" in answer:
        return format_value(framework.indicators[code], Fraction(answer["value"]))
    return texts[f"level/{answer['level']}"] if "level" in answer else _("no answer")


urlpatterns = [
    path("evaluations/<uuid:uid>/submissions/", submissions, name="submissions"),
    path("evaluations/<uuid:uid>/submissions/<int:number>.json", download, name="submission_file"),
    path("evaluations/<uuid:uid>/submissions/<int:number>/pdf/", answers_pdf, name="answers_pdf"),
    path("evaluations/<uuid:uid>/submissions/<int:number>.pdf", answers_file, name="answers_file"),
]
