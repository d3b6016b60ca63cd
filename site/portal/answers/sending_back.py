"""The form with which Missing Children Europe sends chosen indicators back to the hotline, with a reason for each."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from evaluation.answers.returned_answers import find_returnable, name_of_return_move, send_answers_back
from evaluation.models import Evaluation, ReturnedAnswer, User
from evaluation.models.people.permissions import is_allowed
from evaluation.models.reasons import Reason
from evaluation.workflow import Refusal, find_reasons
from portal.access import find_evaluation
from portal.presentation.form_values import read_words
from portal.presentation.indicators.indicator import ShownIndicator, show_one_indicator
from portal.presentation.reasons import show_reason
from portal.presentation.refusals import report_refusal
from portal.requests.signed_in import SignedInRequest, refuse_foreign_form

LONGEST_REASON = 2000


@dataclass(frozen=True, slots=True)
class Row:
    """An indicator that can be sent back: `submitted` is the submitted reason, `returned` has the earlier ones.

    `problem` describes an error in the submitted reason.
    """

    shown: ShownIndicator
    submitted: str
    returned: Collection[ReturnedAnswer]
    problem: str = ""

    @property
    def code(self) -> str:
        return self.shown.code


@dataclass(frozen=True, slots=True)
class Group:
    """A standard with its indicators; `is_open` if one of them is chosen or sent back."""

    code: str
    title: Any
    rows: list[Row]

    @property
    def is_open(self) -> bool:
        return any(row.submitted or row.returned for row in self.rows)


def may_return(evaluation: Evaluation, user: User) -> bool:
    """Return whether the user can send answers back now."""
    return is_allowed("evaluation.run", user, evaluation) and not find_reasons(
        evaluation, name_of_return_move(evaluation), user
    )


@require_http_methods(["GET", "HEAD", "POST"])
def send_back(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """Show the form; a POST sends back each indicator that has a reason. All others stay as submitted."""
    evaluation = find_evaluation(request, uid, "evaluation.run")
    page = reverse("workspace:evaluation", args=[uid])
    if request.method != "POST":
        if reasons := find_reasons(evaluation, name_of_return_move(evaluation), request.user):
            report_refusal(request, Refusal(name_of_return_move(evaluation), reasons), evaluation)
            return HttpResponseRedirect(page)
        return _draw(request, evaluation, {}, "")
    if refusal := refuse_foreign_form(request):
        return refusal
    note, submitted = _read(request, "note"), _read_reasons(request, evaluation)
    if problems := list(_find_too_long({"note": note, **{f"reason-{code}": submitted[code] for code in submitted}})):
        return _draw(request, evaluation, submitted, note, problems, status=422)
    returned = {code: reason for code, reason in submitted.items() if not _was_given(evaluation, code, reason)}
    if submitted and not returned:  # a repeated submission of the form
        return HttpResponseRedirect(page)
    try:
        send_answers_back(evaluation, returned, by=request.user, note=note)
    except Refusal as refused:
        reasons = refused.reasons if submitted else (Reason("nothing_sent_back"),)
        problems = [{"text": show_reason(reason, evaluation).sentence} for reason in reasons]
        return _draw(request, evaluation, submitted, note, problems, status=422)
    words = ngettext(
        "%(count)d indicator is sent back. This is recorded in the log.",
        "%(count)d indicators are sent back. This is recorded in the log.",
        len(returned),
    )
    messages.success(request, words % {"count": len(returned)})
    return HttpResponseRedirect(page)


def _read_reasons(request: SignedInRequest, evaluation: Evaluation) -> dict[str, str]:
    """Return the submitted reasons by code, in the order of the Guide."""
    submitted = {code: _read(request, f"reason-{code}") for code in evaluation.framework.indicators}
    return {code: reason for code, reason in submitted.items() if reason}


def _read(request: SignedInRequest, name: str) -> str:
    """Return a submitted text with each line break as one character, as the browser counts them."""
    return read_words(request.POST, name).replace("\r\n", "\n").strip()


def _find_too_long(texts: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """Yield a problem for each text that is too long, with the name of its field."""
    check = MaxLengthValidator(LONGEST_REASON)
    for name, text in texts.items():
        try:
            check(text)
        except ValidationError as too_long:
            code = name.removeprefix("reason-") if name != "note" else _("A word on all of it, if you like")
            yield {"target": name, "text": f"{code}: {' '.join(too_long.messages)}"}


def _was_given(evaluation: Evaluation, code: str, reason: str) -> bool:
    return any(row.reason == reason for row in evaluation.returned.get(code, ()))


def _draw(
    request: SignedInRequest,
    evaluation: Evaluation,
    submitted: Mapping[str, str],
    note: str,
    problems: Collection[Mapping[str, str]] = (),
    *,
    status: int = 200,
) -> HttpResponse:
    framework = evaluation.framework
    texts = evaluation.round.edition.texts(get_language())
    answers = {answer.code: answer for answer in evaluation.answers.select_related("by")}
    possible = find_returnable(evaluation)
    problem_at = {problem.get("target"): problem["text"] for problem in problems}
    groups: dict[str, Group] = {}
    for code in framework.indicators:
        if code in possible or code in submitted:
            standard = framework.standard_of[code].code
            group = groups.setdefault(standard, Group(standard, texts[f"standard/{standard}/title"], []))
            shown = show_one_indicator(evaluation, code, answers[code], texts)
            returned, problem = evaluation.returned.get(code, ()), problem_at.get(f"reason-{code}", "")
            group.rows.append(Row(shown, submitted.get(code, ""), returned, problem))
    return render(
        request,
        "answers/send_back.html",
        {
            "evaluation": evaluation,
            "groups": list(groups.values()),
            "note": note,
            "problems": problems,
            "note_problem": problem_at.get("note", ""),
            "longest": LONGEST_REASON,
            "are_some_back": bool(evaluation.returned),
        },
        status=status,
    )


urlpatterns = [path("evaluations/<uuid:uid>/send-back/", send_back, name="send_back")]
