"""The submissions of a self-assessment: each frozen copy with its digest, what does not apply, and what changed since."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from evaluation.assessment.submission import find_changes, is_intact, read_submission
from evaluation.guards.permissions import is_allowed
from evaluation.models import Audience, Evaluation, Submission
from evaluation.models.teamwork.discussion import right_to
from evaluation.result_sentences import format_value
from portal.presentation.marked_words import mark_both
from portal.workspace.access import find_evaluation
from portal.workspace.requests import SignedInRequest
from standards.framework import Framework
from standards.models import Texts


@dataclass(frozen=True, slots=True)
class SubmittedAnswer:
    """An answer as it was submitted: its level, number or exception, its words and the number of its evidence.

    The words that the other submission does not have are marked.
    """

    label: Any
    words: SafeString
    evidence: int


@dataclass(frozen=True, slots=True)
class ShownChange:
    """An answer that is otherwise than in the submission before; a side that was not there is None."""

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
    """A submission: `changes` are those since the one before, None for the first."""

    number: int
    at: datetime
    by: str
    sha256: str
    is_intact: bool
    answers: int
    exceptions: tuple[ShownException, ...]
    changes: tuple[ShownChange, ...] | None
    returned: tuple[str, ...]
    """The indicators that had been sent back before it, by code; empty if it was the whole."""

    @property
    def unchanged(self) -> list[str]:
        """Those of them that came again as they were."""
        changed = {change.code for change in self.changes or ()}
        return [code for code in self.returned if code not in changed]


@require_safe
def submissions(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """Every submission, the newest first."""
    evaluation = find_evaluation(request, uid)
    texts = evaluation.round.edition.texts(get_language())
    rows = list(evaluation.submissions.select_related("step__words"))
    shown = _show(rows, _find_returned(evaluation), evaluation.framework, texts)
    context = {
        "evaluation": evaluation,
        "submissions": shown,
        "may_discuss": is_allowed(right_to(Audience.REVIEW), request.user, evaluation),
    }
    return render(request, "workspace/evaluation/submissions.html", context)


@require_safe
def download(request: SignedInRequest, uid: UUID, number: int) -> HttpResponse:
    """The frozen copy as a file: exactly the text that its digest is of."""
    evaluation = find_evaluation(request, uid)
    kept = get_object_or_404(evaluation.submissions, number=number)
    response = HttpResponse(kept.payload, content_type="application/json; charset=utf-8")
    name = f"{evaluation.hotline.code}-submission-{number}.json"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _find_returned(evaluation: Evaluation) -> dict[int, tuple[str, ...]]:
    """Return what was sent back, by code in the order of the Guide, by the number of the submission that followed."""
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
    since = [tuple(_show_changes(before, now, framework, texts)) for now, before in pairwise(copies)]
    return [
        ShownSubmission(
            number=row.number,
            at=row.at,
            by=_name_of(row),
            sha256=row.sha256,
            is_intact=is_intact(row),
            answers=sum(_says_something(answer) for answer in copy["answers"].values()),
            exceptions=tuple(_exceptions(copy, texts)),
            changes=changes,
            returned=returned.get(row.number, ()),
        )
        for row, copy, changes in zip(rows, copies, [*since, None], strict=False)
    ]


def _name_of(row: Submission) -> str:
    """Return who submitted it, as the step log names the person; empty once the person is forgotten."""
    words = getattr(row.step, "words", None)
    return words.name if words else ""


def _says_something(answer: Mapping[str, Any]) -> bool:
    return any(name in answer for name in ("level", "value", "not_applicable"))


def _exceptions(copy: Mapping[str, Any], texts: Texts) -> Iterator[ShownException]:
    for code, answer in copy["answers"].items():
        if answer.get("not_applicable"):
            yield ShownException(code, texts[f"indicator/{code}/wording"], answer.get("words", ""))


def _show_changes(
    before: Mapping[str, Any], now: Mapping[str, Any], framework: Framework, texts: Texts
) -> Iterator[ShownChange]:
    for changed in find_changes(before, now):
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
]
