"""What is to be done next about an outcome: conditions, publication, deferrals, accreditations and withdrawals."""

from collections.abc import Iterable, Iterator, Sequence

from django.db.models import OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluation import queries
from evaluation.due_dates import Due, find_accreditation_dates, find_deferrals
from evaluation.models import Accreditation, Appeal, Decision, Evaluation, Fulfilment, Reminder, User, Withdrawal
from evaluation.models.people.permissions import is_allowed
from portal.presentation.scorecard.conditions import WAITS_FOR
from portal.tasks import Line, Listing, Pending, Stream, Task, TaskKind, TaskSearch, Waiting, begin_of, end_of

State = Evaluation.State

RULE_ON_CONDITION = Task("evaluation.decide", "condition", gettext_lazy("To the condition"))
CHECK_CONDITION = Task("recommendation.verify", "condition", gettext_lazy("Check it"))
SEND_EVIDENCE = Task("recommendation.work", "condition", gettext_lazy("Send evidence"))
PUBLISH = Task("evaluation.publish", "report", gettext_lazy("To the report"))
TAKE_UP = Task("evaluation.run", "evaluation", gettext_lazy("To the evaluation"))
MANAGE = Task("accreditation.run", "accreditation", gettext_lazy("To the accreditation"))
WITHDRAW = Task("accreditation.run", "withdrawal", gettext_lazy("To the withdrawal"))
GIVE_STATEMENT = Task("withdrawal.answer", "withdrawal", gettext_lazy("Give a statement"))


# --- Lists -----------------------------------------------------------------------------------------------------------


def _conditions(search: TaskSearch, *states: str) -> Iterator[Waiting]:
    """Yield the asked conditions in one of these states, of evaluations that the user may see."""
    found = Fulfilment.objects.open().filter(
        state__in=states, requirement__decision__evaluation__in=queries.visible_to(search.user)
    )
    listed = list(found.for_pages().prefetch_related("requirement__decision__evaluation__visit__team__user"))
    queries.cache_declarations(search.user, [one.evaluation for one in listed])
    moved = queries.moved_at(found) if listed else {}
    for one in listed:
        why = _("By %(day)s: %(what)s") % {"day": date_format(one.due_on), "what": one.requirement.text}
        is_late = one.is_late(one.evaluation.round.today)
        name, url = one.evaluation.hotline.name, RULE_ON_CONDITION.url(one)
        yield Waiting(one, name, url, moved.get(one.uid), why, is_late=is_late)


def _conditions_to_check(search: TaskSearch) -> Iterator[Waiting]:
    return _conditions(search, Fulfilment.State.EVIDENCE_SENT)


def _conditions_to_rule_on(search: TaskSearch) -> Iterator[Waiting]:
    return _conditions(search, Fulfilment.State.CHECKED, Fulfilment.State.NOT_MET)


def _find_to_publish(search: TaskSearch) -> Iterator[Stream]:
    """Yield the decided evaluations that no open appeal contests, since the current decision was made."""
    contested = Appeal.objects.filter(state=Appeal.State.LODGED).values("evaluation")
    decided_at = Subquery(Decision.objects.filter(evaluation=OuterRef("pk")).values("decided_at")[:1])
    decided = search.among(queries.run_by(search.user)).filter(state=State.DECIDED).exclude(pk__in=contested)
    yield Stream(decided.annotate(since=decided_at).filter(since__isnull=False))


def _read_to_publish(search: TaskSearch, pending: Sequence[Pending]) -> Iterator[tuple[int, Waiting]]:
    decisions = queries.latest_decisions(search.shown[one.key] for one in pending)
    for one in pending:
        why = _("Decided on %(day)s. Print the report, then publish the outcome.")
        day = date_format(decisions[one.key].decided_on)
        yield one.key, PUBLISH.waiting(search.shown[one.key], one.since, why % {"day": day})


def _deferred(_search: TaskSearch) -> Iterator[Waiting]:
    """Yield the deferrals: the hotline can hand in what was missing once the evaluation is taken up again."""
    found = list(find_deferrals())
    moved = queries.moved_at(Evaluation.objects.filter(pk__in=[due.evaluation.pk for due in found]))
    for due in found:
        evaluation, day = due.evaluation, date_format(due.due_on)
        why = _("What is missing is to be handed in by %(day)s. The hotline can do so once it is taken up again.")
        since = moved.get(evaluation.uid, evaluation.opened_at)
        if due.is_over:
            why = _("What was missing was to be handed in by %(day)s.")
            since = end_of(due.due_on, evaluation.round)
        yield TAKE_UP.waiting(evaluation, since, why % {"day": day}, is_late=due.is_over)


def _accreditations(_search: TaskSearch) -> Iterator[Waiting]:
    renewed = set(Evaluation.objects.exclude(renews=None).values_list("renews", flat=True))
    for due in find_accreditation_dates():
        if due.about == Reminder.About.MIDTERM:
            yield _on_accreditation(due, _("The mid-term check is due since %(day)s."))
        elif due.about == Reminder.About.ENDS and due.evaluation.pk not in renewed:
            yield _on_accreditation(due, _("It ends on %(day)s. Renew it in a round."))


def _on_accreditation(due: Due, why: str) -> Waiting:
    accreditation, round_ = due.accreditation, due.evaluation.round
    assert accreditation is not None  # a date of an accreditation
    begins = accreditation.decision.reminder_day if due.about == Reminder.About.ENDS else due.due_on
    words = why % {"day": date_format(due.due_on)}
    return Waiting(
        accreditation, accreditation.hotline.name, MANAGE.url(accreditation), begin_of(begins, round_), words
    )


def _withdrawals(search: TaskSearch) -> Iterator[Waiting]:
    for withdrawal in Withdrawal.objects.waiting().for_pages().order_by("proposed_at"):
        can_be_confirmed, since = withdrawal.can_be_confirmed, withdrawal.proposed_at
        if can_be_confirmed:
            since = begin_of(withdrawal.takes_effect_on, withdrawal.evaluation.round)
        why = _describe_withdrawal(withdrawal, search.user, can_be_confirmed=can_be_confirmed)
        name = withdrawal.of_hotline().name
        yield Waiting(withdrawal, name, WITHDRAW.url(withdrawal), since, why, is_late=can_be_confirmed)


def _describe_withdrawal(withdrawal: Withdrawal, user: User, *, can_be_confirmed: bool) -> str:
    days = {"day": date_format(withdrawal.heard_until), "date": date_format(withdrawal.takes_effect_on)}
    if can_be_confirmed and withdrawal.is_proposed_by(user):
        return _("You proposed it. Since %(date)s it waits for a second person.") % days
    if can_be_confirmed:
        return _("Since %(date)s it can be confirmed or dropped.") % days
    if withdrawal.is_proposed:
        return _("The hotline is heard until %(day)s.") % days
    return _("The hotline has given its statement. It can be confirmed from %(date)s on.") % days


TASKS = (
    TaskKind("conditions", gettext_lazy("Conditions to rule on"), RULE_ON_CONDITION, _conditions_to_rule_on),
    TaskKind("check_conditions", gettext_lazy("Conditions to check"), CHECK_CONDITION, _conditions_to_check),
    TaskKind(
        "publish",
        gettext_lazy("Outcomes to publish"),
        PUBLISH,
        Listing(_find_to_publish, _read_to_publish, (State.DECIDED,), is_about_evaluations=True),
    ),
    TaskKind("deferred", gettext_lazy("Deferrals to take up again"), TAKE_UP, _deferred),
    TaskKind("accreditations", gettext_lazy("Accreditations"), MANAGE, _accreditations),
    TaskKind("withdrawals", gettext_lazy("Withdrawals"), WITHDRAW, _withdrawals),
)


# --- Lines -----------------------------------------------------------------------------------------------------------


def lines_of_conditions(evaluations: Iterable[Evaluation], user: User) -> list[Line]:
    """Return the lines about open conditions, the earliest last day first. One query."""
    keys = [evaluation.pk for evaluation in evaluations]
    open_ones = Fulfilment.objects.open().filter(requirement__decision__evaluation__in=keys).for_pages()
    return [_line_of_condition(one, user) for one in open_ones if one.is_asked]


def _line_of_condition(found: Fulfilment, user: User) -> Line:
    is_late = found.is_late(found.evaluation.round.today)
    words = _("Condition by %(day)s: %(what)s") if not is_late else _("Condition overdue since %(day)s: %(what)s")
    of_hotline = (Fulfilment.State.SET, Fulfilment.State.EXTENDED, Fulfilment.State.NOT_MET)
    is_theirs = found.state in of_hotline and is_allowed(SEND_EVIDENCE.right, user, found)
    return Line(
        what=words % {"day": date_format(found.due_on), "what": found.requirement.text},
        why=str(WAITS_FOR[Fulfilment.State(found.state)]),
        url=SEND_EVIDENCE.url(found),
        act=str(SEND_EVIDENCE.act) if is_theirs else "",
        kind="stop" if is_late else "info" if is_theirs else "wait",
    )


def lines_of_withdrawals(hotlines: Iterable[int], user: User) -> list[Line]:
    """Return the lines about withdrawals of the accreditations of hotlines. A constant number of queries."""
    uncontested = Withdrawal.objects.filter(
        state=Withdrawal.State.CONFIRMED, accreditation__state=Accreditation.State.WITHDRAWN, appeal=None
    )
    found = (Withdrawal.objects.waiting() | uncontested).filter(accreditation__hotline__in=hotlines).for_pages()
    lines = [_line_of_withdrawal(one, user) for one in found if one.is_open]
    for one in found:
        last = one.last_day_to_appeal
        if last is not None and one.accreditation.today <= last and is_allowed("withdrawal.answer", user, one):
            lines.append(
                Line(
                    what=_("%(hotline)s: you may contest the withdrawal") % {"hotline": one.of_hotline().name},
                    why=_("Until %(day)s, 23:59 (time zone %(zone)s).")
                    % {"day": date_format(last), "zone": one.evaluation.round.clock_on(last)},
                    url=WITHDRAW.url(one),
                    act=str(WITHDRAW.act),
                    kind="info",
                )
            )
    return lines


def _line_of_withdrawal(found: Withdrawal, user: User) -> Line:
    what = _("%(hotline)s: the withdrawal of the accreditation is proposed") % {"hotline": found.of_hotline().name}
    if not found.is_proposed:
        why = _("Your statement is given. A second person confirms or drops it.")
        return Line(what=what, why=why, url=WITHDRAW.url(found))
    why = _("Give your statement by %(day)s.")
    if found.accreditation.today > found.heard_until:
        why = _("The time to be heard ended on %(day)s. You can still give your statement until it is confirmed.")
    return Line(
        what=what,
        why=why % {"day": date_format(found.heard_until)},
        url=GIVE_STATEMENT.url(found),
        act=str(GIVE_STATEMENT.act) if is_allowed(GIVE_STATEMENT.right, user, found) else "",
        kind="stop",
    )


def lines_of_deferral(decision: Decision) -> Iterator[Line]:
    """Yield the line that something is to be handed in, if the decision is deferred."""
    if decision.hand_in_by is not None:
        zone = decision.evaluation.round.clock_on(decision.hand_in_by)
        why = _(
            "It must be handed in by %(day)s, 23:59 (time zone %(zone)s). MCE takes the evaluation up again for it."
        )
        yield Line(
            what=_("The decision is deferred: something is missing"),
            why=why % {"day": date_format(decision.hand_in_by), "zone": zone},
            url=reverse("workspace:scorecard", args=[decision.evaluation.uid]),
        )


def lines_of_accreditation(decision: Decision, user: User) -> Iterator[Line]:
    """Yield the line of the accreditation that the decision granted, or of the one that runs until it is published."""
    of_evaluation = Accreditation.objects.filter(decision__evaluation=decision.evaluation_id)
    found = of_evaluation.filter(Q(decision=decision) | Q(state__in=Accreditation.RUNNING))
    accreditation = found.select_related("hotline", "decision").first()
    if accreditation is None or not is_allowed("accreditation.view", user, accreditation):
        return
    accreditation.decision.evaluation = decision.evaluation
    words = {
        Accreditation.State.GRANTED: _("Until %(day)s."),
        Accreditation.State.VALID: _("Until %(day)s."),
        Accreditation.State.SUSPENDED: _("It ends on %(day)s."),
        Accreditation.State.EXPIRED: _("It ended on %(day)s."),
    }.get(Accreditation.State(accreditation.state), "")
    yield Line(
        what=_("Accreditation: %(state)s") % {"state": accreditation.get_state_display()},
        why=words and words % {"day": date_format(accreditation.valid_until)},
        url=MANAGE.url(accreditation),
        kind="good" if accreditation.state == Accreditation.State.VALID else "info",
    )
