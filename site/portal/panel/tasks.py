"""What is to be done next about a decision: declare, vote, hear an appeal, confirm a correction."""

from collections.abc import Iterator
from datetime import UTC, datetime

from django.db.models import Case, DateTimeField, Exists, OuterRef, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from evaluation import queries
from evaluation.models import Appeal, AppealVote, Correction, Decision, Evaluation, Scorecard, Step, User, Vote
from evaluation.models.people.permissions import is_allowed
from evaluation.panel.appeals import find_appeal_reasons, to_be_heard_by
from portal.tasks import (
    Line,
    Stream,
    Task,
    TaskKind,
    TaskSearch,
    Waiting,
    end_of,
    list_evaluations,
    since_it_came,
)
from standards.models import Edition

State = Evaluation.State

DECLARE = Task("evaluation.declare", "declare", gettext_lazy("Declare"))
VOTE = Task(
    "evaluation.decide",
    "deliberation",
    gettext_lazy("To the panel’s screen"),
    gettext_lazy("The panel is to decide"),
    gettext_lazy("The panel is to decide"),
)
HEAR = Task(
    "evaluation.declare", "appeal", gettext_lazy("Hear the appeal"), gettext_lazy("An appeal is to be heard")
)  # the page checks the right to hear this appeal
SEE_APPEAL = Task("evaluation.run", "appeal", gettext_lazy("To the appeal"), waits=gettext_lazy("An appeal is open"))
CONFIRM = Task(
    "evaluation.decide",
    "correction",
    gettext_lazy("To the correction"),
    gettext_lazy("A correction waits for a second member"),
)


# --- Lists -----------------------------------------------------------------------------------------------------------


def _find_to_declare(search: TaskSearch) -> Iterator[Stream]:
    listed = queries.to_be_declared_by(search.user).filter(state=State.DECISION)
    yield Stream(since_it_came(search, listed), order=("hotline__recorded_name", "pk"))


_FIRST_MOMENT = Value(datetime(1970, 1, 1, tzinfo=UTC), output_field=DateTimeField())


def _find_to_vote_on(search: TaskSearch) -> Iterator[Stream]:
    """Yield the evaluations on whose latest scorecard the user has not voted, or not in its second vote."""
    editions = Edition.objects.defer("structure")
    repeating = [edition for edition in editions if edition.framework.procedure.votes_again_on_ties]
    latest = Scorecard.objects.latest_of(OuterRef("pk"))
    again = Step.objects.filter(kind=Evaluation.kind, uid=OuterRef("uid"), move="vote_again").order_by("seq")
    second = Subquery(again.filter(at__gte=OuterRef("judged_at")).values("at")[:1])
    found = queries.voted_by(search.user).alias(
        card=Subquery(latest.values("pk")), judged_at=Subquery(latest.values("judged_at"))
    )
    found = found.alias(
        voting_since=Coalesce(
            Case(When(round__edition__in=repeating, then=second), output_field=DateTimeField()), _FIRST_MOMENT
        )
    )
    votes = Vote.objects.filter(user=search.user, scorecard=OuterRef("card"), voted_at__gt=OuterRef("voting_since"))
    yield Stream(since_it_came(search, found.filter(~Exists(votes))))


def _to_hear(search: TaskSearch) -> Iterator[Waiting]:
    """Yield the appeals to hear. `to_be_heard_by` checks the right; that of the task is about the evaluation."""
    voted = Exists(AppealVote.objects.filter(user=search.user, appeal=OuterRef("pk")))
    heard = to_be_heard_by(search.user).exclude(voted).prefetch_related("evaluation__visit__team")
    for appeal in heard:
        yield _waiting_appeal(appeal, appeal.evaluation, _("You had no part in what is contested."))


def _open_appeals(_search: TaskSearch) -> Iterator[Waiting]:
    for appeal in Appeal.objects.filter(state=Appeal.State.LODGED).select_related(
        "evaluation__hotline", "evaluation__round__edition"
    ):
        yield _waiting_appeal(appeal, appeal, _("Members who had no part in what is contested hear it."))


def _waiting_appeal(appeal: Appeal, about: Appeal | Evaluation, why: str) -> Waiting:
    """Return the row of an open appeal; after its last day, since when its ruling is late."""
    evaluation, url = appeal.evaluation, HEAR.url(appeal)
    if not appeal.is_late:
        return Waiting(about, evaluation.hotline.name, url, appeal.lodged_at, why)
    words = _("The ruling was due by %(day)s.") % {"day": date_format(appeal.rule_by)}
    since = end_of(appeal.rule_by, evaluation.round)
    return Waiting(about, evaluation.hotline.name, url, since, f"{words} {why}", is_late=True)


def _to_confirm(search: TaskSearch) -> Iterator[Waiting]:
    proposed = Correction.objects.filter(
        state=Correction.State.PROPOSED, evaluation__in=queries.visible_to(search.user)
    ).exclude(proposed_by=search.user)
    listed = list(proposed.select_related("evaluation__hotline").prefetch_related("evaluation__visit__team"))
    queries.cache_declarations(search.user, [correction.evaluation for correction in listed])
    for correction in listed:
        evaluation = correction.evaluation
        why = _("A correction waits for a second member.")
        yield Waiting(correction, evaluation.hotline.name, CONFIRM.url(evaluation), correction.proposed_at, why)


TASKS = (
    TaskKind(
        "declare",
        gettext_lazy("Declarations"),
        DECLARE,
        list_evaluations(
            DECLARE,
            _find_to_declare,
            lambda *_given: _("Say whether anything ties you to the hotline, then vote."),
            State.DECISION,
        ),
    ),
    TaskKind(
        "vote",
        gettext_lazy("Votes"),
        VOTE,
        list_evaluations(
            VOTE,
            _find_to_vote_on,
            lambda *_given: _("Everything about this hotline is on one screen."),
            State.DECISION,
        ),
    ),
    TaskKind("hear", gettext_lazy("Appeals to hear"), HEAR, _to_hear),
    TaskKind("confirm", gettext_lazy("Corrections to confirm"), CONFIRM, _to_confirm),
    TaskKind("appeals", gettext_lazy("Open appeals"), SEE_APPEAL, _open_appeals),
)


# --- Lines -----------------------------------------------------------------------------------------------------------


def line_of_decision(evaluation: Evaluation, user: User) -> Line:
    """Return the line that the panel is to decide; MCE reads how many have voted."""
    why = ""
    if is_allowed(VOTE.right, user, evaluation):
        why = _("Everything about this hotline is on one screen.")
    elif is_allowed("evaluation.run", user, evaluation):
        quorum = evaluation.framework.procedure.quorum
        words = ngettext(
            "%(cast)d of at least %(quorum)d member has voted.",
            "%(cast)d of at least %(quorum)d members have voted.",
            quorum,
        )
        why = words % {"cast": evaluation.tally.cast, "quorum": quorum}
    return VOTE.line(evaluation, user, why)


def lines_of_appeal(decision: Decision, user: User) -> Iterator[Line]:
    """Yield the line of the newest appeal against a decision, and that the user may contest it."""
    appeal = Appeal.objects.filter(evaluation=decision.evaluation).exclude(state=Appeal.State.WRITTEN).first()
    if appeal is not None and is_allowed("appeal.view", user, appeal):
        yield _line_of_appeal(appeal, user)
    round_, last_day = decision.evaluation.round, decision.last_day_to_appeal
    if (
        round_.today <= last_day
        and is_allowed("appeal.lodge", user, decision.evaluation)
        and not find_appeal_reasons(decision, by=user)
    ):
        yield Line(
            what=_("You may contest the decision"),
            why=_("Until %(day)s, 23:59 (time zone %(zone)s).")
            % {"day": date_format(last_day), "zone": round_.clock_on(last_day)},
            url=reverse("workspace:lodge_appeal", args=[decision.uid]),
            kind="info",
        )


def _line_of_appeal(appeal: Appeal, user: User) -> Line:
    if not appeal.is_open:
        closed = {
            Appeal.State.UPHELD: _("The appeal was upheld"),
            Appeal.State.DISMISSED: _("The appeal was dismissed"),
            Appeal.State.WITHDRAWN: _("The appeal was withdrawn"),
        }
        return Line(what=closed[Appeal.State(appeal.state)], url=HEAR.url(appeal), kind="info")
    if is_allowed("appeal.hear", user, appeal):
        return HEAR.own_line(appeal, _("You had no part in what is contested."))
    why = _("Members who had no part in what is contested hear it.")
    return Line(what=str(SEE_APPEAL.waits), why=why, url=HEAR.url(appeal))


def lines_of_correction(evaluation: Evaluation, user: User) -> Iterator[Line]:
    """Yield the line about a correction of the decision, for its panel."""
    if not is_allowed(CONFIRM.right, user, evaluation):
        return
    url = CONFIRM.url(evaluation)
    proposed = evaluation.corrections.filter(state=Correction.State.PROPOSED).first()
    if proposed is None:
        yield Line(what=_("Correct the decision"), why=_("If something in it is wrong."), url=url, kind="info")
    elif proposed.proposed_by_id == user.pk:
        yield Line(what=_("Your correction waits for a second member"), url=url)
    else:
        yield CONFIRM.own_line(evaluation)
