"""The hotlines of a round for its board: each with its stage, its last day, its scores and its last activity."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Max, prefetch_related_objects
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from evaluation.answers.deadline.coverage import find_coverages
from evaluation.answers.deadline.timing import day_in_round, last_days_of
from evaluation.answers.returned_answers import find_returned_codes
from evaluation.models import Answer, DiscussionComment, Evaluation, Evidence, Membership, Round, Step
from evaluation.queries import Progress, followed_up, progress_of
from portal.presentation.form_values import read_words
from portal.rounds.heat_map import Heat, HeatRow, heat_rows
from standards.presentation.folding import fold

State = Evaluation.State
QUIET_DAYS = timedelta(days=14)
"""After so many days without an act of its people, a hotline in self-assessment needs MCE."""


@dataclass(slots=True)
class BoardRow:
    """A hotline of a round. `due_on` is the last day of its present stage, if that has one.

    `progress` and `returned` belong to an open self-assessment and are set by `read_progress`.
    """

    evaluation: Evaluation
    scores: HeatRow
    due_on: date | None
    last_at: datetime | None
    today: date
    progress: Progress | None = None
    returned: int = 0
    """How many indicators are sent back now."""
    is_followed_up: bool = False
    """Whether it is a follow-up visit of an accredited hotline."""

    @property
    def heat(self) -> Heat:
        return self.scores.heat

    @property
    def days_left(self) -> int | None:
        """The days until the last day; negative once it has passed, None without a last day."""
        return None if self.due_on is None else (self.due_on - self.today).days

    @property
    def days_over(self) -> int:
        return -(self.days_left or 0)

    @property
    def is_late(self) -> bool:
        return self.due_on is not None and self.due_on < self.today

    @property
    def is_over(self) -> bool:
        """Whether nobody has anything to do on it: it is published, or the hotline is excused."""
        return self.evaluation.state in (State.PUBLISHED, State.EXCUSED)

    @property
    def is_silent(self) -> bool:
        """Whether its self-assessment is open and its people have done nothing for `QUIET_DAYS`."""
        since = self.last_at or self.evaluation.opened_at
        return self.evaluation.is_open and day_in_round(self.evaluation, since) <= self.today - QUIET_DAYS

    @property
    def needs_time(self) -> bool:
        """Whether its open self-assessment needs a new last day: there is none, or it has passed."""
        return self.evaluation.is_open and (self.due_on is None or self.is_late)


def _by_name(row: BoardRow) -> str:
    return row.evaluation.hotline.name


_STAGES: list[str] = list(State)

ORDERS: dict[str, tuple[Any, Callable[[BoardRow], Any]]] = {
    "needs": (
        gettext_lazy("Needs us most"),
        lambda row: (row.is_over, not row.is_late, not row.is_silent, -(row.scores.short or 0)),
    ),
    "country": (gettext_lazy("Country"), lambda _row: 0),
    "stage": (gettext_lazy("Stage"), lambda row: _STAGES.index(row.evaluation.state)),
    "left": (gettext_lazy("Least time left"), lambda row: (row.days_left is None, row.days_left or 0)),
    "quiet": (gettext_lazy("Longest without activity"), lambda row: row.last_at or row.evaluation.opened_at),
}
"""The orders of the board, by their code in the address. Rows with equal keys are sorted by name."""


@dataclass(frozen=True, slots=True)
class BoardFilter:
    """The filter and the order of the board, from the address."""

    words: str
    stage: str
    only_late: bool
    sort: str

    @classmethod
    def read(cls, query: QueryDict) -> "BoardFilter":
        stage, sort = query.get("stage", ""), query.get("sort", "")
        return cls(
            words=read_words(query, "q").strip(),
            stage=stage if stage in _STAGES else "",
            only_late=query.get("late") == "1",
            sort=sort if sort in ORDERS else "needs",
        )

    @property
    def is_narrowed(self) -> bool:
        return bool(self.words or self.stage or self.only_late)

    def apply(self, rows: Iterable[BoardRow]) -> list[BoardRow]:
        kept = [row for row in rows if self._has(row)]
        key = ORDERS[self.sort][1]
        return sorted(sorted(kept, key=_by_name), key=key)

    def _has(self, row: BoardRow) -> bool:
        evaluation, hotline = row.evaluation, row.evaluation.hotline
        if self.only_late and not row.is_late:
            return False
        if self.stage and evaluation.state != self.stage:
            return False
        text = fold(f"{hotline.country} {hotline.name} {hotline.recorded_name}")
        return all(word in text for word in fold(self.words).split())


def read_rows(round_: Round, evaluations: Sequence[Evaluation]) -> list[BoardRow]:
    """Return a row for each evaluation of a round; a constant number of queries."""
    last_at, due_on, today = find_last_activity(evaluations), _find_due(evaluations), round_.today
    followed = set(round_.evaluations.filter(followed_up()).order_by().values_list("pk", flat=True))
    return [
        BoardRow(
            *(scores.evaluation, scores, due_on.get(scores.evaluation.pk), last_at.get(scores.evaluation.pk), today),
            is_followed_up=scores.evaluation.pk in followed,
        )
        for scores in heat_rows(evaluations, round_.edition)
    ]


def _find_due(evaluations: Sequence[Evaluation]) -> dict[int, date | None]:
    """Return the last day of each evaluation's present stage, by its key."""
    responding = (evaluation for evaluation in evaluations if evaluation.state == State.RESPONSE)
    return last_days_of(evaluations) | {evaluation.pk: evaluation.respond_by for evaluation in responding}


def find_last_activity(evaluations: Sequence[Evaluation]) -> dict[int, datetime]:
    """Return when the people of each hotline last did something on its evaluation, by its key; not what others did.

    Answers, evidence, comments and steps by somebody who has or had a role of the hotline count.
    """
    keys = {evaluation.uid: evaluation.pk for evaluation in evaluations}
    hotlines = {evaluation.pk: evaluation.hotline_id for evaluation in evaluations}
    members = Membership.objects.filter(hotline__in=set(hotlines.values())).values_list("hotline", "user")
    own = set(members)
    found: dict[int, datetime] = {}
    for model, to, by, at in (
        (Answer, "evaluation", "by", "at"),
        (Evidence, "evaluation", "added_by", "added_at"),
        (DiscussionComment, "discussion__evaluation", "by", "written_at"),
    ):
        rows = model._default_manager.filter(**{f"{to}__in": list(hotlines)}).order_by()
        for key, person, newest in rows.values_list(to, by).annotate(Max(at)):
            _note(found, key, newest, is_own=(hotlines[key], person) in own)
    steps = Step.objects.filter(kind=Evaluation.kind, uid__in=list(keys)).order_by()
    for uid, person, newest in steps.values_list("uid", "words__by").annotate(Max("at")):
        _note(found, keys[uid], newest, is_own=(hotlines[keys[uid]], person) in own)
    return found


def _note(found: dict[int, datetime], key: int, at: datetime | None, *, is_own: bool) -> None:
    if at is not None and is_own and (key not in found or at > found[key]):
        found[key] = at


def read_progress(rows: Iterable[BoardRow]) -> None:
    """Set the progress of open self-assessments, counted as on Home; a constant number of queries."""
    rows = [row for row in rows if row.evaluation.is_open]
    prefetch_related_objects([row.evaluation for row in rows], "answers")
    coverages = find_coverages([row.evaluation for row in rows])
    returned = find_returned_codes(row.evaluation for row in rows if row.evaluation.fixed_codes is not None)
    for row in rows:
        evaluation = row.evaluation
        given = coverages[evaluation.pk].answered_codes
        row.returned = len(returned.get(evaluation.pk, ()))
        row.progress = progress_of(evaluation.framework, evaluation.asked.values(), given)
