"""All indicators of a self-assessment on one page: filtered, linked to their places, and assigned to people."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from evaluation.answers.deadline.coverage import find_coverage
from evaluation.discussions.assignments import InvalidAssignment, assign
from evaluation.discussions.discussions import Summary, find_summaries, sent_back_codes
from evaluation.models import Answer, Assignment, Evaluation
from portal.access import find_evaluation
from portal.answers.assigning import report_assigned
from portal.answers.sharing import Sharing, describe_invalid_assignment, read_day, read_person, sharing_for
from portal.presentation.indicators.indicator import ObligationTag, obligation_tag
from portal.requests.signed_in import SignedInRequest, refuse_foreign_form
from standards.framework import Indicator


@dataclass(frozen=True, slots=True)
class Row:
    """One indicator of the list."""

    indicator: Indicator
    wording: Any
    obligation: ObligationTag
    url: str
    answer: Answer
    level_name: Any
    assignment: Assignment | None
    is_late: bool
    discussions: list[Summary]
    is_unanswered: bool
    is_mine: bool
    has_highest_obligation: bool
    is_sent_back: bool

    @property
    def code(self) -> str:
        return self.indicator.code

    @property
    def is_commented(self) -> bool:
        return any(discussion.is_open for discussion in self.discussions)


@dataclass(frozen=True, slots=True)
class Group:
    """A standard with the indicators that match the filters."""

    code: str
    title: Any
    url: str
    rows: list[Row]


FILTERS: dict[str, tuple[Any, Callable[[Row], bool]]] = {
    "unanswered": (gettext_lazy("unanswered"), lambda row: row.is_unanswered),
    "mine": (gettext_lazy("yours"), lambda row: row.is_mine),
    "nobody": (gettext_lazy("with nobody"), lambda row: row.assignment is None),
    "essential": ("", lambda row: row.has_highest_obligation),
    "sent_back": (pgettext_lazy("indicator", "sent back"), lambda row: row.is_sent_back),
    "commented": (gettext_lazy("with comments"), lambda row: row.is_commented),
}
"""By the value in the address: label and predicate of the rows. The label of `essential` comes from the Guide."""


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter as a link that turns it on or off and keeps the others."""

    label: Any
    count: int
    is_on: bool
    query: str


@require_safe
def indicators(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """List the indicators for the hotline's people; `show` names the filters, all of which must match."""
    return _draw(request, find_evaluation(request, uid, "evaluation.answer"), request.GET.getlist("show"))


@require_POST
def give(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """Assign the indicators of the chosen standards to the chosen person."""
    evaluation = find_evaluation(request, uid, "evaluation.assign")
    if refusal := refuse_foreign_form(request):
        return refusal
    shown, chosen = request.POST.getlist("show"), request.POST.getlist("standard")
    standards = evaluation.framework.standards
    codes = [one.code for code in chosen if code in standards for one in standards[code].indicators]
    person, day = request.POST.get("to-chosen", ""), request.POST.get("until-chosen", "")
    sharing = sharing_for(evaluation, request.user)
    try:
        to = read_person(person, sharing.members if sharing else ())
        given = assign(evaluation, codes, to=to, until=read_day(day), by=request.user)
        report_assigned(request, evaluation, given, to)
    except InvalidAssignment as invalid:
        problem = describe_invalid_assignment(invalid, evaluation)
        failed = {"problem": problem, "chosen": chosen, "to": person, "until": day}
        return _draw(request, evaluation, shown, failed, status=422)
    return HttpResponseRedirect(reverse("workspace:indicators", args=[uid]) + _query(shown))


def _query(names: Iterable[str]) -> str:
    return f"?{urlencode([('show', name) for name in names])}" if names else ""


def _draw(
    request: SignedInRequest,
    evaluation: Evaluation,
    show: list[str],
    failed: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    sharing = sharing_for(evaluation, request.user)
    names = [name for name in FILTERS if name in show]
    rows = _rows(evaluation, request, sharing)
    left = [row for row in rows if all(FILTERS[name][1](row) for name in names)]
    texts = evaluation.round.edition.texts(get_language())
    framework = evaluation.framework
    highest_obligation = texts[f"obligation/{framework.rule.highest_obligation.code}"]
    groups: dict[str, Group] = {}
    for row in left:
        standard = framework.standard_of[row.code].code
        title = texts[f"standard/{standard}/title"]
        url = reverse("workspace:answers", args=[evaluation.uid, standard])
        groups.setdefault(standard, Group(standard, title, url, [])).rows.append(row)
    filters = [
        Filter(
            highest_obligation if name == "essential" else label,
            sum(map(fits, rows)),
            name in names,
            _query([other for other in FILTERS if (other in names) != (other == name)]),
        )
        for name, (label, fits) in FILTERS.items()
    ]
    context = {
        "evaluation": evaluation,
        "sharing": sharing,
        "groups": list(groups.values()),
        "filters": [one for one in filters if one.count or one.is_on],
        "show": names,
        "total": len(rows),
        "left": len(left),
        "scale": framework.scale,
        "problems": [{"text": failed["problem"], "target": "to-chosen"}] if failed else [],
        "failed": {"problem": "", "chosen": [], "to": "", "until": ""} | (failed or {}),
    }
    return render(request, "discussions/indicators.html", context, status=status)


def _rows(evaluation: Evaluation, request: SignedInRequest, sharing: Sharing | None) -> list[Row]:
    """Return every indicator that is asked, in the order of the Guide. A constant number of queries."""
    framework, asked = evaluation.framework, evaluation.asked
    texts = evaluation.round.edition.texts(get_language())
    answers = {answer.code: answer for answer in evaluation.answers.all()}
    coverage = find_coverage(evaluation)
    given, left = coverage.answered_codes, {one.code for one in coverage.left}
    discussions = find_summaries(evaluation, request.user, asked)
    sent_back = sent_back_codes(evaluation)
    pages = {code: reverse("workspace:answers", args=[evaluation.uid, code]) for code in framework.standards}
    return [
        Row(
            indicator=indicator,
            wording=texts[f"indicator/{code}/wording"],
            obligation=obligation_tag(framework, texts, indicator.obligation),
            url=f"{pages[framework.standard_of[code].code]}#i{code}",
            answer=answers[code],
            level_name="" if answers[code].level is None else texts[f"level/{answers[code].level}"],
            assignment=sharing.assignments.get(code) if sharing else None,
            is_late=sharing is not None and sharing.is_late(code, given),
            discussions=discussions.get(code, []),
            is_unanswered=code in left,
            is_mine=sharing is not None and sharing.is_mine(code),
            has_highest_obligation=framework.has_highest_obligation(indicator),
            is_sent_back=code in sent_back,
        )
        for code, indicator in asked.items()
    ]
