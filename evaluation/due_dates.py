"""Find the dates that are due on a day: of self-assessments, responses, deferrals and accreditations."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from uuid import UUID

from django.utils import timezone

from evaluation import queries
from evaluation.answers.deadline.timing import day_in_round, periods_of
from evaluation.models import (
    Accreditation,
    Appeal,
    Decision,
    Evaluation,
    Fulfilment,
    Recommendation,
    Reminder,
    Step,
    Withdrawal,
)
from evaluation.models.accreditation.accreditation import Period
from evaluation.models.panel.decision import link_replaced

About = Reminder.About
TAKEN_BACK = ("take_back_expiry", "take_back_expiry_suspended")
DAYS_BEFORE = {About.SUBMIT_3: 3, About.SUBMIT_14: 14, About.SUBMIT_30: 30}
"""The reminders of the last day of a self-assessment, the last one first. Users may switch each of them off."""
RESPONSE_DAYS_BEFORE = 3
"""How many days before its last day a hotline is reminded of its response."""
DAYS_LATE = (7, 21)
"""How many days after a missed last day the hotline is reminded, then every `DAYS_BETWEEN` days as long as it is late.

From the second reminder on, Missing Children Europe is told, too.
"""
DAYS_BETWEEN = 28
DAYS_BEFORE_CONDITION = {About.CONDITION_7: 7, About.CONDITION_30: 30, About.CONDITION_60: 60}
"""The reminders of the last day of a condition, the last one first."""


@dataclass(frozen=True, slots=True)
class Due:
    """A date of which users are notified once. `uid` is that of the accreditation, decision or evaluation."""

    about: Reminder.About
    uid: UUID
    due_on: date
    day: date
    """Today's date in the time zone of the round."""
    evaluation: Evaluation
    accreditation: Accreditation | None = None
    fulfilment: Fulfilment | None = None
    withdrawal: Withdrawal | None = None
    missed: date | None = None
    """The last day that was missed, if the hotline is reminded weeks after it."""
    occasion: int = 1
    """The number of the occurrence of the date: 1 plus the number of reverted expiries or premature notifications."""
    same_period: frozenset[UUID] = frozenset()
    """The uids of all accreditations in the same period. A notification about one counts for all."""

    @property
    def is_over(self) -> bool:
        return self.day > self.due_on

    @property
    def days_late(self) -> int:
        """The number of days from the missed day to the reminder."""
        assert self.missed is not None
        return (self.due_on - self.missed).days

    @property
    def days(self) -> int:
        """The number of days from today to the date."""
        return (self.due_on - self.day).days


def find_due(on: date | None = None) -> list[Due]:
    """Return the due dates without a notification: on the day `on`, by default today in each round's time zone.

    A notification from the future was sent when the clock was wrong, and does not count.
    """
    notified: set[tuple[str, UUID, date, int]] = set()
    premature: set[tuple[str, UUID, date, int]] = set()
    now = timezone.now()
    for about, uid, due_on, occasion, at in Reminder.objects.values_list("about", "uid", "due_on", "occasion", "at"):
        (premature if at > now else notified).add((about, uid, due_on, occasion))
    found = (
        *find_accreditation_dates(on),
        *(due for due in find_deferrals(on) if due.is_over),
        *_responses(on),
        *find_condition_dates(on),
        *_find_withdrawal_dates(on),
        *_self_assessments(on),
        *_overdue_plans(on),
    )
    return [
        _count_premature(due, premature)
        for due in found
        if notified.isdisjoint((due.about, uid, due.due_on, due.occasion) for uid in (due.uid, *due.same_period))
    ]


def _count_premature(due: Due, premature: Collection[tuple[str, UUID, date, int]]) -> Due:
    """Return the due date with an occasion that no premature notification has."""
    while (due.about, due.uid, due.due_on, due.occasion) in premature:
        due = replace(due, occasion=due.occasion + 1)
    return due


_FACTS = ("evaluation__round__edition", "evaluation__hotline")


def find_accreditation_dates(on: date | None = None) -> Iterator[Due]:
    """Yield the due ends and mid-term checks of running accreditations, with and without a notification."""
    running = Accreditation.objects.filter(state__in=Accreditation.RUNNING).select_related(
        "hotline", "decision", *(f"decision__{fact}" for fact in _FACTS)
    )
    listed = list(running.order_by("pk"))
    periods = _find_periods(listed)
    checked = set(Step.objects.filter(kind=Accreditation.kind, move="check_midterm").values_list("uid", flat=True))
    taken_back = Step.objects.filter(kind=Accreditation.kind, move__in=TAKEN_BACK).values_list("uid", flat=True)
    times = Counter(taken_back)
    for accreditation in listed:
        decision, same_period = accreditation.decision, periods[accreditation.period]
        evaluation = decision.evaluation
        day = on or evaluation.round.today
        due = partial(
            Due,
            uid=accreditation.uid,
            day=day,
            evaluation=evaluation,
            accreditation=accreditation,
            occasion=1 + times[accreditation.uid],
            same_period=same_period,
        )
        assert decision.valid_until is not None  # an accreditation has a last day
        if day > decision.valid_until:
            yield due(About.ENDED, due_on=decision.valid_until)
            continue
        if day >= decision.reminder_day:
            yield due(About.ENDS, due_on=decision.valid_until)
        midterm = decision.midterm_day
        if midterm and day >= midterm and checked.isdisjoint(same_period):
            yield due(About.MIDTERM, due_on=midterm)


def _find_periods(running: Iterable[Accreditation]) -> dict[Period, frozenset[UUID]]:
    """Return the uids of the accreditations in each period of the evaluations of `running`. Two queries.

    Sets `replaces` of the decisions, so that reading periods makes no query.
    """
    running = list(running)
    keys = {one.decision.evaluation_id for one in running}
    decisions = link_replaced(Decision.objects.filter(evaluation__in=keys).defer("reasons"))
    for one in running:
        one.decision.replaces = decisions[one.decision_id].replaces
    found: dict[Period, set[UUID]] = {}
    for one in Accreditation.objects.filter(decision__in=list(decisions)):
        one.decision = decisions[one.decision_id]
        found.setdefault(one.period, set()).add(one.uid)
    return {period: frozenset(uids) for period, uids in found.items()}


def find_deferrals(on: date | None = None) -> Iterator[Due]:
    """Yield the deferrals that are not taken up again, with the last day to hand in what is missing."""
    deferrals = Decision.objects.filter(
        replaced_by=None,
        hand_in_by__isnull=False,
        evaluation__state__in=(Evaluation.State.DECIDED, Evaluation.State.PUBLISHED),
    )
    for decision in deferrals.select_related(*_FACTS).order_by("pk"):
        day = on or decision.evaluation.round.today
        assert decision.hand_in_by is not None
        yield Due(About.DEFERRAL, decision.uid, decision.hand_in_by, day, decision.evaluation)


def _responses(on: date | None) -> Iterator[Due]:
    """Yield the evaluations whose time to respond ends soon or has passed."""
    open_responses = Evaluation.objects.filter(state=Evaluation.State.RESPONSE).select_related("round", "hotline")
    evaluations = list(open_responses.order_by("pk"))
    sent_at = queries.moved_at(open_responses)
    for evaluation in evaluations:
        day, last = on or evaluation.round.today, evaluation.respond_by
        if last is None:
            continue
        since = last - timedelta(days=RESPONSE_DAYS_BEFORE)
        if day > last:
            yield Due(About.RESPONSE, evaluation.uid, last, day, evaluation)
            yield from _remind_late(About.NO_RESPONSE, last, day, evaluation)
        elif day >= since > day_in_round(evaluation, sent_at.get(evaluation.uid, evaluation.opened_at)):
            yield Due(About.RESPOND, evaluation.uid, last, day, evaluation)


def find_condition_dates(on: date | None = None) -> Iterator[Due]:
    """Yield the approaching and the passed due days of conditions for which the hotline has sent no evidence.

    Only the newest due reminder is yielded, and none for a day before the decision. While an appeal is open, no
    condition is due.
    """
    suspended = Appeal.objects.filter(state=Appeal.State.LODGED).values("evaluation")
    waiting = Fulfilment.objects.open().filter(state__in=Fulfilment.WITH_THE_HOTLINE).for_pages()
    for fulfilment in waiting.exclude(requirement__decision__evaluation__in=suspended).order_by("pk"):
        decision = fulfilment.requirement.decision
        evaluation, last = decision.evaluation, fulfilment.due_on
        day = on or evaluation.round.today
        if evaluation.state not in Evaluation.DECIDED_AND_LATER or (
            decision.valid_until and day > decision.valid_until
        ):
            continue
        due = partial(Due, uid=fulfilment.uid, due_on=last, day=day, evaluation=evaluation, fulfilment=fulfilment)
        if day > last:
            yield due(About.CONDITION_LATE)
        elif about := _find_reminder(last, day, begun=decision.decided_on, days_before=DAYS_BEFORE_CONDITION):
            yield due(about)


def _find_withdrawal_dates(on: date | None) -> Iterator[Due]:
    """Yield the approaching last days to be heard, and the days since which withdrawals can be confirmed."""
    for withdrawal in Withdrawal.objects.waiting().for_pages().order_by("pk"):
        evaluation = withdrawal.evaluation
        day = on or evaluation.round.today
        due = partial(Due, uid=withdrawal.uid, day=day, evaluation=evaluation, withdrawal=withdrawal)
        if day >= withdrawal.takes_effect_on:
            yield due(About.WITHDRAWAL, due_on=withdrawal.takes_effect_on)
        elif withdrawal.is_proposed and 0 <= (withdrawal.heard_until - day).days <= RESPONSE_DAYS_BEFORE:
            yield due(About.HEARING, due_on=withdrawal.heard_until)


def _self_assessments(on: date | None) -> Iterator[Due]:
    """Yield the approaching and the passed last days of open self-assessments, also of those that were sent back.

    After an interruption of the calendar, only the newest due reminder is sent, and none for a day on which the
    self-assessment had not begun or was not yet sent back.
    """
    open_ = Evaluation.objects.filter(state=Evaluation.State.SELF_ASSESSMENT).select_related("round", "hotline")
    evaluations = list(open_.order_by("pk"))
    periods = periods_of(evaluations)
    for evaluation in evaluations:
        day, period = on or evaluation.round.today, periods[evaluation.pk]
        last = period.last
        if last is None:
            continue
        if day > last:
            yield Due(About.SLIPPED, evaluation.uid, last, day, evaluation)
            yield from _remind_late(About.STILL_OPEN, last, day, evaluation)
        elif about := _find_reminder(last, day, begun=period.begun):
            yield Due(about, evaluation.uid, last, day, evaluation)


def _overdue_plans(on: date | None) -> Iterator[Due]:
    """Yield each evaluation with overdue recommendations for which the hotline has sent no evidence. One query."""
    waiting = Recommendation.objects.with_the_hotline().filter(due_on__isnull=False)
    seen: set[int] = set()
    for one in waiting.select_related("evaluation__round", "evaluation__hotline").order_by("due_on", "pk"):
        evaluation = one.evaluation
        if evaluation.pk not in seen and evaluation.state in Evaluation.DECIDED_AND_LATER:
            seen.add(evaluation.pk)  # the first of its days
            assert one.due_on is not None
            yield from _remind_late(About.PLAN, one.due_on, on or evaluation.round.today, evaluation)


def _remind_late(about: Reminder.About, last: date, day: date, evaluation: Evaluation) -> Iterator[Due]:
    """Yield the newest reminder of a missed last day, if one is due."""
    late = (day - last).days
    if late < DAYS_LATE[0]:
        return
    days = DAYS_LATE[0] if late < DAYS_LATE[1] else late - (late - DAYS_LATE[1]) % DAYS_BETWEEN
    yield Due(about, evaluation.uid, last + timedelta(days=days), day, evaluation, missed=last)


def _find_reminder(
    last: date, day: date, *, begun: date, days_before: Mapping[Reminder.About, int] = DAYS_BEFORE
) -> Reminder.About | None:
    """Return the reminder that is due now; None if its day is not after the day on which the matter began."""
    near = ((about, last - timedelta(days=days)) for about, days in days_before.items())
    about, since = next(((about, since) for about, since in near if day >= since), (None, last))
    return about if since > begun else None
