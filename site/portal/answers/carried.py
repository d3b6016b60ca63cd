"""The answers that a renewal took over from the last round, and those that it did not, with reasons."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from evaluation.answers.carrying import ListedAnswer, NotCarried, list_carried
from evaluation.answers.changed_indicators import changes_since
from evaluation.models import Answer, Evaluation
from portal.access import find_evaluation
from portal.answers.last_round import read_changes
from portal.answers.words import describe_not_carried
from portal.requests.signed_in import SignedInRequest
from standards.framework import Measure
from standards.models import Texts
from standards.public_guide.changes import ShownChange

_EXPECTED = (NotCarried.UNANSWERED, NotCarried.NOT_ASKED)
"""Reasons that are not a loss: there was no answer, or the indicator is not asked."""


@dataclass(frozen=True, slots=True)
class EarlierAnswer:
    """An answer of the last round. `code` is the code that its indicator had then."""

    code: str
    answer: Answer
    measure: Measure
    scale: Any
    label: Any

    @property
    def is_best(self) -> bool:
        return bool(self.answer.level == self.scale.best)


@dataclass(frozen=True, slots=True)
class CarriedRow:
    """An indicator and its earlier answers; `url` leads to it in the questionnaire and is empty if it was removed."""

    code: str
    wording: Any
    url: str
    reason: str
    changes: tuple[ShownChange, ...]
    answers: tuple[EarlierAnswer, ...]
    other_codes: str


@require_safe
def carried(request: SignedInRequest, uid: UUID) -> HttpResponse:
    evaluation = find_evaluation(request, uid)
    renewed = evaluation.renews
    if renewed is None:
        return render(request, "answers/carried.html", {"evaluation": evaluation, "renewed": None})
    listed = list_carried(evaluation)
    shown = _Shown(evaluation, renewed)
    removed = [item for item in listed if item.reason is NotCarried.REMOVED]
    open_again = [
        item
        for item in listed
        if item.code in evaluation.asked and item.reason and item.reason not in (*_EXPECTED, NotCarried.REMOVED)
    ]
    taken = [item for item in listed if item.reason is None]
    reworded = [item for item in taken if item.changes]
    return render(
        request,
        "answers/carried.html",
        {
            "evaluation": evaluation,
            "renewed": renewed,
            "is_waiting": evaluation.is_open and any(item.reason is NotCarried.OPEN for item in open_again),
            "open_again": [shown.row(item) for item in open_again],
            "removed": [shown.row(item) for item in removed],
            "reworded": [shown.row(item) for item in reworded],
            "taken": len(taken),
            "unchanged": len(taken) - len(reworded),
        },
    )


class _Shown:
    """Formats rows in the active language."""

    def __init__(self, evaluation: Evaluation, renewed: Evaluation) -> None:
        self.evaluation, self.renewed = evaluation, renewed
        self.former: Texts = renewed.round.edition.texts(get_language())
        self.present: Texts = evaluation.round.edition.texts(get_language())
        changes = changes_since(evaluation, renewed)
        self.reader = None if changes.is_same_edition else read_changes(changes)

    def row(self, item: ListedAnswer) -> CarriedRow:
        code = item.code or item.former[0]
        texts = self.present if item.code else self.former
        url = ""
        if item.code:
            standard = self.evaluation.framework.standard_of[item.code].code
            url = f"{reverse('workspace:answers', args=[self.evaluation.uid, standard])}#i{item.code}"
        return CarriedRow(
            code,
            texts[f"indicator/{code}/wording"],
            url,
            describe_not_carried(item.reason) if item.reason else "",
            tuple(self._changes(item)),
            tuple(map(self._answer, item.answers)),
            ", ".join(one for one in item.former if one != code),
        )

    def _changes(self, item: ListedAnswer) -> Iterable[ShownChange]:
        if self.reader:
            for former, change in item.changes:
                yield self.reader.of_indicator(change, former, item.code)

    def _answer(self, answer: Answer) -> EarlierAnswer:
        framework = self.renewed.framework
        label = "" if answer.level is None else self.former[f"level/{answer.level}"]
        return EarlierAnswer(answer.code, answer, framework.indicators[answer.code].measure, framework.scale, label)
