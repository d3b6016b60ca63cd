"""What waits at the panel and after a decision: votes, appeals, corrections, publications and accreditations."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from django.db.models import Case, DateTimeField, Exists, OuterRef, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluation import queries
from evaluation.due_dates import Due, find_accreditation_dates, find_deferrals
from evaluation.models import (
    Appeal,
    AppealVote,
    Correction,
    Decision,
    Evaluation,
    Fulfilment,
    Reminder,
    Scorecard,
    Step,
    User,
    Vote,
    Withdrawal,
)
from evaluation.panel.appeals import to_be_heard_by
from portal.today.evaluations import about, list_evaluations, since_it_came
from portal.today.source import Desk, Listing, Pending, Source, Stream, Waiting, begin_of, end_of
from standards.models import Edition

State = Evaluation.State
_FIRST_MOMENT = Value(datetime(1970, 1, 1, tzinfo=UTC), output_field=DateTimeField())


# --- The panel -------------------------------------------------------------------------------------------------------


def _find_to_declare(desk: Desk) -> Iterator[Stream]:
    listed = queries.to_be_declared_by(desk.user).filter(state=State.DECISION)
    yield Stream(since_it_came(desk, listed), order=("hotline__recorded_name", "pk"))


def _describe_to_declare(evaluation: Evaluation, pending: Pending) -> Waiting:
    why = _("Say whether anything ties you to the hotline, then vote.")
    return about(evaluation, pending, "declare", why)


def _find_to_vote_on(desk: Desk) -> Iterator[Stream]:
    """Yield the evaluations on whose latest scorecard the user has not voted, or not in its second vote."""
    editions = Edition.objects.defer("structure")
    repeating = [edition for edition in editions if edition.framework.procedure.votes_again_on_ties]
    latest = Scorecard.objects.latest_of(OuterRef("pk"))
    again = Step.objects.filter(kind=Evaluation.kind, uid=OuterRef("uid"), move="vote_again").order_by("seq")
    second = Subquery(again.filter(at__gte=OuterRef("judged_at")).values("at")[:1])
    found = queries.voted_by(desk.user).alias(
        card=Subquery(latest.values("pk")), judged_at=Subquery(latest.values("judged_at"))
    )
    found = found.alias(
        voting_since=Coalesce(
            Case(When(round__edition__in=repeating, then=second), output_field=DateTimeField()), _FIRST_MOMENT
        )
    )
    votes = Vote.objects.filter(user=desk.user, scorecard=OuterRef("card"), voted_at__gt=OuterRef("voting_since"))
    yield Stream(since_it_came(desk, found.filter(~Exists(votes))))


def _describe_to_vote_on(evaluation: Evaluation, pending: Pending) -> Waiting:
    return about(evaluation, pending, "deliberation", _("Everything about this hotline is on one screen."))


def _to_hear(desk: Desk) -> Iterator[Waiting]:
    """Yield the appeals to hear. `to_be_heard_by` checks the right; that of the source is about the evaluation."""
    voted = Exists(AppealVote.objects.filter(user=desk.user, appeal=OuterRef("pk")))
    heard = to_be_heard_by(desk.user).exclude(voted).prefetch_related("evaluation__visit__team")
    for appeal in heard:
        url = reverse("workspace:appeal", args=[appeal.uid])
        why = _("You had no part in what is contested.")
        yield _on_appeal(appeal, appeal.evaluation, url, why)


def _on_appeal(appeal: Appeal, about: Appeal | Evaluation, url: str, why: str) -> Waiting:
    """Return the line of an open appeal; after its last day, since when its ruling is late."""
    evaluation = appeal.evaluation
    if not appeal.is_late:
        return Waiting(about, evaluation.hotline.name, url, appeal.lodged_at, why)
    words = _("The ruling was due by %(day)s.") % {"day": date_format(appeal.rule_by)}
    since = end_of(appeal.rule_by, evaluation.round)
    return Waiting(about, evaluation.hotline.name, url, since, f"{words} {why}", is_late=True)


def _to_confirm(desk: Desk) -> Iterator[Waiting]:
    proposed = Correction.objects.filter(
        state=Correction.State.PROPOSED, evaluation__in=queries.visible_to(desk.user)
    ).exclude(proposed_by=desk.user)
    listed = list(proposed.select_related("evaluation__hotline").prefetch_related("evaluation__visit__team"))
    queries.cache_declarations(desk.user, [correction.evaluation for correction in listed])
    for correction in listed:
        url = reverse("workspace:correction", args=[correction.evaluation.uid])
        why = _("A correction waits for a second member.")
        yield Waiting(correction, correction.evaluation.hotline.name, url, correction.proposed_at, why)


def _conditions(desk: Desk, *states: str) -> Iterator[Waiting]:
    """Yield the asked conditions in one of these states, of evaluations that the user may see."""
    found = Fulfilment.objects.open().filter(
        state__in=states, requirement__decision__evaluation__in=queries.visible_to(desk.user)
    )
    listed = list(found.for_pages().prefetch_related("requirement__decision__evaluation__visit__team__user"))
    queries.cache_declarations(desk.user, [one.evaluation for one in listed])
    moved = queries.moved_at(found) if listed else {}
    for one in listed:
        why = _("By %(day)s: %(what)s") % {"day": date_format(one.due_on), "what": one.requirement.text}
        url = reverse("workspace:condition", args=[one.uid])
        is_late = one.is_late(one.evaluation.round.today)
        yield Waiting(one, one.evaluation.hotline.name, url, moved.get(one.uid), why, is_late=is_late)


def _conditions_to_check(desk: Desk) -> Iterator[Waiting]:
    return _conditions(desk, Fulfilment.State.EVIDENCE_SENT)


def _conditions_to_rule_on(desk: Desk) -> Iterator[Waiting]:
    return _conditions(desk, Fulfilment.State.CHECKED, Fulfilment.State.NOT_MET)


# --- After the decision ----------------------------------------------------------------------------------------------


def _open_appeals(_desk: Desk) -> Iterator[Waiting]:
    for appeal in Appeal.objects.filter(state=Appeal.State.LODGED).select_related(
        "evaluation__hotline", "evaluation__round__edition"
    ):
        url = reverse("workspace:appeal", args=[appeal.uid])
        why = _("Members who had no part in what is contested hear it.")
        yield _on_appeal(appeal, appeal, url, why)


def _find_to_publish(desk: Desk) -> Iterator[Stream]:
    """Yield the decided evaluations that no open appeal contests, since the current decision was made."""
    contested = Appeal.objects.filter(state=Appeal.State.LODGED).values("evaluation")
    decided_at = Subquery(Decision.objects.filter(evaluation=OuterRef("pk")).values("decided_at")[:1])
    decided = desk.among(queries.run_by(desk.user)).filter(state=State.DECIDED).exclude(pk__in=contested)
    yield Stream(decided.annotate(since=decided_at).filter(since__isnull=False))


def _read_to_publish(desk: Desk, pending: Sequence[Pending]) -> Iterator[tuple[int, Waiting]]:
    decisions = queries.latest_decisions(desk.shown[one.key] for one in pending)
    for one in pending:
        why = _("Decided on %(day)s. Print the report, then publish the outcome.")
        day = date_format(decisions[one.key].decided_on)
        yield one.key, about(desk.shown[one.key], one, "report", why % {"day": day})


def _deferred(_desk: Desk) -> Iterator[Waiting]:
    """Yield the deferrals: the hotline can hand in what was missing once the evaluation is taken up again."""
    found = list(find_deferrals())
    moved = queries.moved_at(Evaluation.objects.filter(pk__in=[due.evaluation.pk for due in found]))
    for due in found:
        evaluation, day = due.evaluation, date_format(due.due_on)
        url = reverse("workspace:evaluation", args=[evaluation.uid])
        why = _("What is missing is to be handed in by %(day)s. The hotline can do so once it is taken up again.")
        since = moved.get(evaluation.uid, evaluation.opened_at)
        if due.is_over:
            why = _("What was missing was to be handed in by %(day)s.")
            since = end_of(due.due_on, evaluation.round)
        yield Waiting(evaluation, evaluation.hotline.name, url, since, why % {"day": day}, is_late=due.is_over)


def _accreditations(_desk: Desk) -> Iterator[Waiting]:
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
    url = reverse("workspace:accreditation", args=[accreditation.uid])
    words = why % {"day": date_format(due.due_on)}
    return Waiting(accreditation, accreditation.hotline.name, url, begin_of(begins, round_), words)


def _withdrawals(desk: Desk) -> Iterator[Waiting]:
    for withdrawal in Withdrawal.objects.waiting().for_pages().order_by("proposed_at"):
        url = reverse("workspace:withdrawal", args=[withdrawal.uid])
        can_be_confirmed, since = withdrawal.can_be_confirmed, withdrawal.proposed_at
        if can_be_confirmed:
            since = begin_of(withdrawal.takes_effect_on, withdrawal.evaluation.round)
        why = _describe_withdrawal(withdrawal, desk.user, can_be_confirmed=can_be_confirmed)
        name = withdrawal.of_hotline().name
        yield Waiting(withdrawal, name, url, since, why, is_late=can_be_confirmed)


def _describe_withdrawal(withdrawal: Withdrawal, user: User, *, can_be_confirmed: bool) -> str:
    days = {"day": date_format(withdrawal.heard_until), "date": date_format(withdrawal.takes_effect_on)}
    if can_be_confirmed and withdrawal.is_proposed_by(user):
        return _("You proposed it. Since %(date)s it waits for a second person.") % days
    if can_be_confirmed:
        return _("Since %(date)s it can be confirmed or dropped.") % days
    if withdrawal.is_proposed:
        return _("The hotline is heard until %(day)s.") % days
    return _("The hotline has given its statement. It can be confirmed from %(date)s on.") % days


_DECLARE = list_evaluations(_find_to_declare, _describe_to_declare, State.DECISION)
_VOTE = list_evaluations(_find_to_vote_on, _describe_to_vote_on, State.DECISION)
_PUBLISH = Listing(_find_to_publish, _read_to_publish, (State.DECIDED,), is_about_evaluations=True)

SOURCES = (
    Source("declare", gettext_lazy("Declarations"), gettext_lazy("Declare"), "evaluation.declare", _DECLARE),
    Source("vote", gettext_lazy("Votes"), gettext_lazy("To the panel’s screen"), "evaluation.decide", _VOTE),
    Source("hear", gettext_lazy("Appeals to hear"), gettext_lazy("Hear the appeal"), "evaluation.declare", _to_hear),
    Source(
        "confirm",
        gettext_lazy("Corrections to confirm"),
        gettext_lazy("To the correction"),
        "evaluation.decide",
        _to_confirm,
    ),
    Source(
        "conditions",
        gettext_lazy("Conditions to rule on"),
        gettext_lazy("To the condition"),
        "evaluation.decide",
        _conditions_to_rule_on,
    ),
    Source(
        "check_conditions",
        gettext_lazy("Conditions to check"),
        gettext_lazy("Check it"),
        "recommendation.verify",
        _conditions_to_check,
    ),
    Source("appeals", gettext_lazy("Open appeals"), gettext_lazy("To the appeal"), "evaluation.run", _open_appeals),
    Source(
        "publish", gettext_lazy("Outcomes to publish"), gettext_lazy("To the report"), "evaluation.publish", _PUBLISH
    ),
    Source(
        "deferred",
        gettext_lazy("Deferrals to take up again"),
        gettext_lazy("To the evaluation"),
        "evaluation.run",
        _deferred,
    ),
    Source(
        "accreditations",
        gettext_lazy("Accreditations"),
        gettext_lazy("To the accreditation"),
        "accreditation.run",
        _accreditations,
    ),
    Source(
        "withdrawals",
        gettext_lazy("Withdrawals"),
        gettext_lazy("To the withdrawal"),
        "accreditation.run",
        _withdrawals,
    ),
)
