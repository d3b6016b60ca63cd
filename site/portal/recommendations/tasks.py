"""What is to be done next about recommendations: edit the drafts, answer, verify, close, and ask about overdue ones."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from evaluation import queries
from evaluation.models import Evaluation, Recommendation, User
from evaluation.models.people.permissions import is_allowed
from evaluation.recommendations.drafting import EDITABLE
from evaluation.recommendations.progress import UNDER_WAY
from portal.tasks import (
    Line,
    Listing,
    Pending,
    Stream,
    Task,
    TaskKind,
    TaskSearch,
    Waiting,
    end_in,
    since_it_came,
)

State = Recommendation.State

ANSWER = Task("recommendation.run", "recommendation", gettext_lazy("Answer"))
VERIFY = Task("recommendation.verify", "recommendation", gettext_lazy("Look at the proof"))
CLOSE = Task("recommendation.run", "recommendation", gettext_lazy("Close"))
EDIT = Task("recommendation.edit", "recommendations", gettext_lazy("Edit"), gettext_lazy("Edit the recommendations"))
PLAN = Task("recommendation.run", "plan", gettext_lazy("To the plan"))


def _recommendations(task: Task, state: str, allowed: Callable[[User], QuerySet[Evaluation]]) -> Listing:
    """Return the listing of the recommendations in a state, of the evaluations that a user may act on."""
    in_state = Recommendation.objects.without_dropped().filter(state=state)

    def find(search: TaskSearch) -> Iterator[Stream]:
        listed = in_state.filter(evaluation__in=search.among(allowed(search.user)).order_by())
        yield Stream(listed.annotate(since=queries.state_since(Recommendation.kind)), order=_AS_IN_LISTS)

    def read(_search: TaskSearch, pending: Sequence[Pending]) -> Iterator[tuple[int, Waiting]]:
        since = {one.key: one.since for one in pending}
        for one in in_state.filter(pk__in=list(since)).select_related("evaluation__hotline"):
            title = f"{one.evaluation.hotline.name}, {one.code}"
            yield one.pk, Waiting(one, title, task.url(one), since[one.pk], one.title)

    return Listing(find, read)


_AS_IN_LISTS = tuple(Recommendation._meta.ordering or ())


def _find_drafts(search: TaskSearch) -> Iterator[Stream]:
    """Yield each evaluation with drafts that somebody must keep or leave out."""
    drafts = Recommendation.objects.undecided().filter(evaluation=OuterRef("pk"))
    found = since_it_came(search, queries.verified_by(search.user))
    yield Stream(found.filter(Exists(drafts), state__in=EDITABLE))


def _read_drafts(search: TaskSearch, pending: Sequence[Pending]) -> Iterator[tuple[int, Waiting]]:
    drafts = Recommendation.objects.undecided().filter(evaluation__in=[one.key for one in pending]).order_by()
    counts = dict(drafts.values_list("evaluation").annotate(Count("pk")))
    for one in pending:
        if count := counts.get(one.key):
            yield one.key, EDIT.waiting(search.shown[one.key], one.since, _describe_drafts(count))


def _describe_drafts(count: int) -> str:
    words = ngettext(
        "%(count)d draft does not go with the findings: keep it or leave it out.",
        "%(count)d drafts do not go with the findings: keep them or leave them out.",
        count,
    )
    return words % {"count": count}


def _find_overdue(search: TaskSearch) -> Iterator[Stream]:
    """Yield each evaluation with overdue recommendations, by the first of their days."""
    evaluations = search.among(queries.run_by(search.user)).order_by()
    under_way = _under_way().filter(evaluation__in=evaluations)

    def overdue(zone: str, today: date) -> QuerySet[Any]:
        own = under_way.filter(due_on__lt=today, evaluation__round__time_zone=zone)
        return own.order_by().values("evaluation").annotate(since=Min("due_on"))

    yield from search.by_day(overdue, end_in, order=("evaluation",), key="evaluation")


def _under_way() -> QuerySet[Recommendation]:
    return Recommendation.objects.without_dropped().filter(state__in=UNDER_WAY)


def _read_overdue(search: TaskSearch, pending: Sequence[Pending]) -> Iterator[tuple[int, Waiting]]:
    """Yield these evaluations with the number of their overdue recommendations."""
    over = Q(pk__in=[])
    for zone in search.zones:
        over |= Q(due_on__lt=timezone.localdate(timezone=ZoneInfo(zone)), evaluation__round__time_zone=zone)
    overdue = _under_way().filter(over, evaluation__in=[one.key for one in pending]).order_by()
    counts = dict(overdue.values_list("evaluation").annotate(Count("pk")))
    for one in pending:
        if count := counts.get(one.key):
            words = ngettext(
                "%(count)d recommendation is overdue, since %(day)s.",
                "%(count)d recommendations are overdue, the first since %(day)s.",
                count,
            ) % {"count": count, "day": date_format(one.day)}
            yield one.key, PLAN.waiting(search.shown[one.key], one.since, words, is_late=True)


TASKS = (
    TaskKind(
        "contested",
        gettext_lazy("Contested recommendations"),
        ANSWER,
        _recommendations(ANSWER, State.CONTESTED, queries.run_by),
    ),
    TaskKind(
        "verify",
        gettext_lazy("Recommendations to verify"),
        VERIFY,
        _recommendations(VERIFY, State.EVIDENCE_SUBMITTED, queries.verified_by),
    ),
    TaskKind(
        "close",
        gettext_lazy("Recommendations to close"),
        CLOSE,
        _recommendations(CLOSE, State.VERIFIED, queries.run_by),
    ),
    TaskKind(
        "drafts",
        gettext_lazy("Drafts to settle"),
        EDIT,
        Listing(_find_drafts, _read_drafts, EDITABLE, is_about_evaluations=True),
    ),
    TaskKind(
        "overdue",
        gettext_lazy("Overdue recommendations"),
        PLAN,
        Listing(_find_overdue, _read_overdue, is_about_evaluations=True),
    ),
)


def lines_of_drafts(evaluation: Evaluation, user: User) -> Iterator[Line]:
    """Yield the line about the drafts of the recommendations, for the users who edit them."""
    if is_allowed(EDIT.right, user, evaluation):
        count = evaluation.recommendations.undecided().count()
        why = _("They are drafted from the Guide. The hotline reads them with the draft.")
        yield EDIT.own_line(evaluation, _describe_drafts(count) if count else why)
