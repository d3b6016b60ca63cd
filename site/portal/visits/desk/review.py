"""The desk review by the team: each answer with its evidence and figures, the marks, and sending the questions."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evaluation.answers.judgements import Closed
from evaluation.answers.pinned_figures import counts_for
from evaluation.models import DeskMark, DeskQuestion, Evaluation, User, Visit
from evaluation.models.people.permissions import is_allowed
from evaluation.visits.desk_review import (
    LONGEST_WORDS,
    DeskNotes,
    InvalidMarks,
    MarkInput,
    find_notes,
    is_desk_open,
    save_marks,
    send_questions,
    unsent_questions,
)
from evaluation.visits.limits import standards_of_visit
from portal.access import find_visit
from portal.answers.last_round import find_previous_answers
from portal.answers.standard_page import asked_in, describe_standard, find_standard
from portal.figures.series.provenance import provenance_for
from portal.presentation.form_values import read_words
from portal.presentation.indicators.indicator import ShownIndicator, show_indicators
from portal.requests.signed_in import SignedInRequest
from portal.visits.letters import write_question_letters
from standards.framework import Indicator, Standard

Kind = DeskMark.Kind
DIGITS: dict[str, str] = {"1": Kind.AGREE, "2": Kind.ASK, "3": Kind.SEE}
"""The marks by their value in the form, which is also their key on the keyboard."""
FILTERS = {
    "": gettext_lazy("All"),
    "unmarked": gettext_lazy("Not marked by you"),
    "see": gettext_lazy("To be seen on site"),
    "ask": gettext_lazy("Asked"),
    "unanswered": gettext_lazy("Not answered"),
}


@dataclass(frozen=True, slots=True)
class DeskRow:
    """An indicator of the desk review: the notes of the team, and the user's stored or submitted mark."""

    indicator: Indicator
    wording: Any
    standard: str
    notes: DeskNotes
    own: DeskMark | None
    question: DeskQuestion | None
    """The user's own question."""
    shown: ShownIndicator | None = None
    answer_label: Any = ""
    submitted: MarkInput | None = None
    problem: str = ""

    @property
    def code(self) -> str:
        return self.indicator.code

    @property
    def chosen(self) -> str:
        """The value of the submitted or else stored mark."""
        kind = self.submitted.kind if self.submitted else self.own.kind if self.own else ""
        return next((digit for digit, one in DIGITS.items() if one == kind), "")

    @property
    def words(self) -> str:
        if self.submitted:
            return self.submitted.words
        if self.question and not self.question.is_sent:
            return self.question.words
        return self.own.words if self.own else ""

    def belongs_to(self, narrowed: str) -> bool:
        return {
            "unmarked": self.own is None,
            "see": self.notes.is_to_be_seen,
            "ask": bool(self.notes.questions),
            "unanswered": any(question.is_awaited for question in self.notes.questions),
        }.get(narrowed, True)


@require_safe
def desk_review(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """List the examined indicators with the marks of the team; `show` filters them."""
    visit = find_visit(request, uid, "visit.view")
    evaluation = visit.evaluation
    rows = _rows(evaluation, list(evaluation.examined.values()), request.user)
    narrowed = request.GET.get("show", "")
    unsent = unsent_questions().filter(evaluation=evaluation).count()
    may_mark = is_desk_open(visit) and is_allowed("visit.observe", request.user, visit)
    return render(
        request,
        "visits/desk_review.html",
        {
            "evaluation": evaluation,
            "visit": visit,
            "rows": [row for row in rows if row.belongs_to(narrowed)],
            "filters": [
                (code, label, sum(row.belongs_to(code) for row in rows), code == narrowed)
                for code, label in FILTERS.items()
            ],
            "is_open": is_desk_open(visit),
            "may_mark": may_mark,
            "unsent": unsent if may_mark else 0,
            "first": next(iter(evaluation.framework.standards)),
        },
    )


def _rows(
    evaluation: Evaluation,
    indicators: list[Indicator],
    user: User,
    *,
    submitted: Mapping[str, MarkInput] | None = None,
    problems: Mapping[str, str] | None = None,
    shown: Mapping[str, ShownIndicator] | None = None,
) -> list[DeskRow]:
    texts, framework = evaluation.round.edition.texts(get_language()), evaluation.framework
    notes = find_notes(evaluation, [indicator.code for indicator in indicators])
    rows = []
    for indicator in indicators:
        code, one = indicator.code, (shown or {}).get(indicator.code)
        level = one.judgement.level if one else None
        rows.append(
            DeskRow(
                indicator=indicator,
                wording=texts[f"indicator/{code}/wording"],
                standard=framework.standard_of[code].code,
                notes=notes[code],
                own=notes[code].mark_of(user),
                question=notes[code].question_of(user),
                shown=one,
                answer_label="" if level is None else texts[f"level/{level}"],
                submitted=(submitted or {}).get(code),
                problem=_describe_problem((problems or {}).get(code, "")),
            )
        )
    return rows


def _describe_problem(code: str) -> str:
    return {
        "no_question": _("Write the question for the hotline, or mark it otherwise."),
        "no_mark": _("Choose a mark for what you wrote, or take the words out."),
        "too_long": _("Write at most %(count)d letters.") % {"count": LONGEST_WORDS},
        "unknown": _("This indicator is not asked of the hotline any more. Load the page again."),
    }.get(code, "")


@require_http_methods(["GET", "HEAD", "POST"])
def desk_standard(request: SignedInRequest, uid: UUID, standard: str) -> HttpResponse:
    """Show the indicators of a standard; a POST saves all marks of the page."""
    visit = find_visit(request, uid, "visit.observe" if request.method == "POST" else "visit.view")
    evaluation = visit.evaluation
    asked = asked_in(find_standard(evaluation, standard), evaluation.examined)
    if request.method != "POST":
        return _draw(request, visit, standard)
    submitted = {one.code: _read_mark(request, one.code) for one in asked if _is_on_form(request, one.code)}
    try:
        saved = save_marks(evaluation, submitted, by=request.user)
    except InvalidMarks as invalid:
        return _draw(request, visit, standard, submitted=submitted, problems=invalid.problems, status=422)
    if isinstance(saved, Closed):
        return _draw(request, visit, standard, submitted=submitted, is_closed=True, status=423)
    if saved:
        messages.success(request, _("Your marks are saved. Questions go to the hotline when you send them."))
    return HttpResponseRedirect(reverse("workspace:desk_standard", args=[uid, standard]))


def _is_on_form(request: SignedInRequest, code: str) -> bool:
    """Return whether the form contained the indicator: the mark of one that it did not contain stays."""
    return any(f"{name}-{code}" in request.POST for name in ("mark", "words"))


def _read_mark(request: SignedInRequest, code: str) -> MarkInput:
    sent = request.POST.get(f"mark-{code}", "")
    return MarkInput(DIGITS.get(sent, sent), read_words(request.POST, f"words-{code}"))


def _draw(
    request: SignedInRequest,
    visit: Visit,
    code: str,
    *,
    submitted: Mapping[str, MarkInput] | None = None,
    problems: Mapping[str, str] | None = None,
    is_closed: bool = False,
    status: int = 200,
) -> HttpResponse:
    evaluation = visit.evaluation
    standard = find_standard(evaluation, code)
    asked = asked_in(standard, evaluation.examined)
    shown = _show(request, evaluation, standard)
    rows = _rows(evaluation, asked, request.user, submitted=submitted, problems=problems, shown=shown)
    return render(
        request,
        "visits/desk_standard.html",
        {
            **describe_standard(evaluation, standard, standards_of_visit(visit, code)),
            "rows": rows,
            "wrong": [
                {"text": f"{row.code}: {row.problem}", "target": f"words-{row.code}"} for row in rows if row.problem
            ],
            "marks": [(digit, Kind(kind).label) for digit, kind in DIGITS.items()],
            "keys": {"lowest": min(DIGITS), "highest": max(DIGITS)},
            "is_closed": is_closed,
            "may_mark": is_closed or (is_desk_open(visit) and is_allowed("visit.observe", request.user, visit)),
            "is_open": is_desk_open(visit),
        },
        status=status,
    )


def _show(request: SignedInRequest, evaluation: Evaluation, standard: Standard) -> dict[str, ShownIndicator]:
    """Return the indicators with answers, evidence, figures and the last round. A constant number of queries."""
    answers = {answer.code: answer for answer in evaluation.answers.select_related("by")}
    provenance = provenance_for(evaluation, standard, request.user)
    last_times = find_previous_answers(evaluation, [indicator.code for indicator in standard.indicators])
    found = show_indicators(evaluation, standard.indicators, answers, counts_for(evaluation), provenance)
    for one in found:
        one.last_times = last_times.get(one.code, ())
    return {one.code: one for one in found}


@require_POST
def send(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """Send the questions of the team to the hotline, with one letter."""
    visit = find_visit(request, uid, "visit.observe")
    with transaction.atomic():
        sent = send_questions(visit.evaluation)
        if isinstance(sent, list) and sent:
            write_question_letters(visit, sent, by=request.user)
    if isinstance(sent, Closed):
        messages.error(request, _("Nothing is sent: the visit has begun. Ask on the spot, or in the discussion."))
    elif sent:
        words = ngettext(
            "%(n)d question is sent. The hotline has a letter.",
            "%(n)d questions are sent. The hotline has a letter.",
            len(sent),
        )
        messages.success(request, words % {"n": len(sent)})
    else:
        messages.info(request, _("There is no question that is not sent."))
    return HttpResponseRedirect(reverse("workspace:desk_review", args=[uid]))


urlpatterns = [
    path("evaluations/<uuid:uid>/desk/", desk_review, name="desk_review"),
    path("evaluations/<uuid:uid>/desk/<str:standard>/", desk_standard, name="desk_standard"),
    path("evaluations/<uuid:uid>/questions/send/", send, name="send_questions"),
]
