"""Queries shared by pages and reports. Each makes a constant number of database queries."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Case, Exists, F, Max, OuterRef, Prefetch, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from evaluation.models import (
    Accreditation,
    Answer,
    AppealDeclaration,
    Decision,
    Declaration,
    EarlierVisit,
    Evaluation,
    Finding,
    Hotline,
    Membership,
    Operation,
    Remark,
    Role,
    Scorecard,
    Stake,
    Step,
    TeamMember,
    User,
)
from evaluation.models.answers.judgements import needs_a_finding
from evaluation.models.people.ties import cache_declared_members, cache_waiting, find_cached_ties
from standards.framework import Domain, Framework, Indicator
from standards.models import Edition


def independent_of(user: User, hotline: str = "hotline") -> Q:
    """Return the condition that the user has no tie to the hotline of a row, as in `ties.stakes_of`.

    If the ties are cached, by `ties.cache_stakes`, it names the hotlines; else it finds them in the database.
    """
    known = find_cached_ties(user)
    if known is not None:
        abroad = ~Q(**{f"{hotline}__country": user.country}) if user.country else Q()
        return abroad & ~Q(**{f"{hotline}__in": known}) if known else abroad
    begun = Membership.objects.filter(user=user, hotline=OuterRef(hotline), since__lte=timezone.localdate())
    tied = Q(**{f"{hotline}__country": user.country}) if user.country else Q(pk__in=[])
    return ~tied & ~Exists(begun) & ~Exists(Stake.objects.filter(user=user, hotline=OuterRef(hotline)))


def visible_to(user: User) -> QuerySet[Evaluation]:
    """Return the evaluations on which a user has the right `evaluation.view`, in one query."""
    if not user.is_active:
        return Evaluation.objects.none()
    if user.has_role(Role.MCE_COORDINATOR):
        return Evaluation.objects.all()
    seen = Q(hotline__in=user.hotlines_as(Role.CONTRIBUTOR, Role.COORDINATOR))
    independent = independent_of(user)
    if user.has_role(Role.ASSESSOR):
        seen |= Q(pk__in=TeamMember.objects.filter(user=user).values("visit__evaluation")) & independent
    if user.has_role(Role.PANEL_MEMBER):
        seen |= independent & Q(state__in=Evaluation.DECISION_AND_LATER) & _declared_by(user) & ~awaiting_replies()
    return Evaluation.objects.filter(seen)


def run_by(user: User) -> QuerySet[Evaluation]:
    """Return the evaluations on which a user has the right `evaluation.run`, which is that to everything of MCE."""
    if not user.is_active or not user.has_role(Role.MCE_COORDINATOR):
        return Evaluation.objects.none()
    return Evaluation.objects.filter(independent_of(user))


def observed_by(user: User, *, as_lead: bool = False) -> QuerySet[Evaluation]:
    """Return the evaluations on which a user has the right `visit.observe`: those of whose visit they are on the team.

    With `as_lead` those on which they have the right `visit.sign_off`, as they lead the team.
    """
    if not user.is_active or not user.has_role(Role.ASSESSOR):
        return Evaluation.objects.none()
    seats = TeamMember.objects.filter(user=user)
    if as_lead:
        seats = seats.filter(is_lead=True)
    return Evaluation.objects.filter(independent_of(user), pk__in=seats.values("visit__evaluation"))


def verified_by(user: User) -> QuerySet[Evaluation]:
    """Return the evaluations on which a user has the right `recommendation.verify`: MCE, and the team of the visit."""
    return run_by(user) if user.has_role(Role.MCE_COORDINATOR) else observed_by(user)


def judged_by(user: User) -> QuerySet[Evaluation]:
    """Return the evaluations on which a user has the right `evaluation.judge`: MCE, and the lead of the visit."""
    return run_by(user) if user.has_role(Role.MCE_COORDINATOR) else observed_by(user, as_lead=True)


def replied_by(user: User) -> QuerySet[Evaluation]:
    """Return the evaluations on which a user has the right `evaluation.reply`: as `verified_by`.

    A coordinator who is a member of the panel replies on the team of the visit only.
    """
    return observed_by(user) if user.has_role(Role.PANEL_MEMBER) else verified_by(user)


def agreed_by(user: User) -> QuerySet[Evaluation]:
    """Return the evaluations on which a user has the right `visit.agree`: MCE, the team, the hotline's coordinators."""
    if not user.is_active:
        return Evaluation.objects.none()
    own = Q(hotline__in=user.hotlines_as(Role.COORDINATOR))
    return Evaluation.objects.filter(own | Q(pk__in=verified_by(user).order_by().values("pk")))


def awaiting_replies() -> Q:
    """Return the condition that the panel waits for the assessors' replies, as in `Evaluation.awaits_replies`."""
    latest = Scorecard.objects.latest_of(OuterRef(OuterRef("pk"))).values("pk")
    unanswered = Remark.objects.filter(response__scorecard=Subquery(latest), reply__given_at=None)
    return Q(Exists(unanswered), state=Evaluation.State.DECISION)


def declared_and_waiting(user: User) -> QuerySet[Evaluation]:
    """Return the evaluations that a member of the panel may read once the assessors' replies are handed over."""
    if not user.is_active or not user.has_role(Role.PANEL_MEMBER):
        return Evaluation.objects.none()
    return Evaluation.objects.filter(independent_of(user), _declared_by(user), awaiting_replies())


def _declared_by(user: User) -> Q:
    """Return the condition that the user declared to have no tie to the hotline, as in `permissions.has_declared`."""
    own = {"user": user, "has_stake": False}
    on_appeal = AppealDeclaration.objects.filter(appeal__evaluation=OuterRef("pk"), **own)
    return Exists(Declaration.objects.filter(evaluation=OuterRef("pk"), **own)) | Exists(on_appeal)


def to_be_declared_by(user: User) -> QuerySet[Evaluation]:
    """Return the evaluations before the panel, or decided, on which a member has made no declaration."""
    return _on_the_panel_for(user).filter(~_declared_by(user), state__in=Evaluation.DECISION_AND_LATER)


def voted_by(user: User) -> QuerySet[Evaluation]:
    """Return the evaluations before the panel that a member may read, and on which they vote."""
    declared = _on_the_panel_for(user).filter(_declared_by(user), state=Evaluation.State.DECISION)
    return declared.filter(~awaiting_replies())


def _on_the_panel_for(user: User) -> QuerySet[Evaluation]:
    """Return the evaluations on which a user has the right `evaluation.declare`, as in `sits_on_the_panel`."""
    if not user.is_active or not user.has_role(Role.PANEL_MEMBER):
        return Evaluation.objects.none()
    seat = TeamMember.objects.filter(visit__evaluation=OuterRef("pk"), user=user)
    earlier = EarlierVisit.objects.filter(evaluation=OuterRef("pk"), team=user)
    return Evaluation.objects.filter(independent_of(user), ~Exists(seat), ~Exists(earlier))


def followed_up() -> Q:
    """Return the condition that an evaluation has accredited its hotline and was reopened, as in `followed_up`."""
    granted = Accreditation.objects.filter(decision__evaluation=OuterRef("pk"))
    return Q(Exists(granted), state__in=Evaluation.UNDER_WAY)


def cache_declarations(user: User, evaluations: Iterable[Evaluation]) -> None:
    """Cache for `permissions`, for each of these evaluations, what a member may read: two queries.

    That is whether the member declared to have no tie, and whether the assessors' replies are awaited.
    """
    keys = [evaluation.pk for evaluation in evaluations]
    declared = set(Evaluation.objects.filter(_declared_by(user), pk__in=keys).values_list("pk", flat=True))
    waiting = set(Evaluation.objects.filter(awaiting_replies(), pk__in=keys).values_list("pk", flat=True))
    cache_declared_members(user, {key: key in declared for key in keys})
    cache_waiting(user, {key: key in waiting for key in keys})


def for_pages(evaluations: QuerySet[Evaluation]) -> QuerySet[Evaluation]:
    """Load the related objects that lists of evaluations show, without structures of editions, which are cached."""
    return (
        evaluations.select_related("hotline", "operator", "round__edition")
        .defer("round__edition__structure")
        .prefetch_related("visit__team__user")
    )


def running_first(evaluations: QuerySet[Evaluation], *, named: UUID | None = None) -> QuerySet[Evaluation]:
    """Order evaluations: the uid `named`, open self-assessments, others under way, the rest; each newest first."""
    states = Evaluation.State
    order = Case(
        When(uid=named, then=0),
        When(state=states.SELF_ASSESSMENT, then=1),
        When(state__in=(states.PUBLISHED, states.EXCUSED), then=3),
        default=2,
    )
    return evaluations.order_by(order, "-round__opens_on", "hotline__recorded_name", "pk")


@dataclass(frozen=True, slots=True)
class Progress:
    """The progress of a part: the number of answered indicators, of the scored ones.

    An indicator that is filled from figures counts as answered once there is a figure.
    """

    answered: int
    of: int
    foremost_open: int

    @property
    def percent(self) -> int:
        """The percentage, rounded down, so that 100 means complete."""
        return self.answered * 100 // self.of if self.of else 100

    @property
    def is_complete(self) -> bool:
        return self.answered == self.of


def progress_of(framework: Framework, indicators: Iterable[Indicator], given: set[str]) -> Progress:
    """Return the progress of these indicators. `given` are the codes that have an answer or a figure."""
    counted = [indicator for indicator in indicators if indicator.is_scored]
    open_ = [indicator for indicator in counted if indicator.code not in given]
    return Progress(
        answered=len(counted) - len(open_),
        of=len(counted),
        foremost_open=sum(framework.has_highest_obligation(indicator) for indicator in open_),
    )


def progress_by_domain(
    framework: Framework, asked_indicators: Mapping[str, Indicator], given: set[str]
) -> list[tuple[Domain, Progress]]:
    """Return the progress of the asked indicators in each domain."""
    return [
        (domain, progress_of(framework, [i for i in domain.indicators if i.code in asked_indicators], given))
        for domain in framework.domains
    ]


def given_codes(evaluations: Iterable[Evaluation], model: type[Any] = Answer) -> dict[int, set[str]]:
    """Return the codes that have a judgement, by evaluation key. One query."""
    has_judgement = ~Q(level=None, value=None, not_applicable=False)
    found: dict[int, set[str]] = {}
    judged = model.objects.filter(has_judgement, evaluation__in=list(evaluations), version__gt=0)
    for key, code in judged.values_list("evaluation", "code"):
        found.setdefault(key, set()).add(code)
    return found


def to_be_observed(evaluation: Evaluation) -> list[Indicator]:
    """Return the indicators that the team must observe on the visit, in the order of the Guide."""
    answers = {answer.code: answer for answer in evaluation.answers.all()}
    return [i for i in evaluation.examined.values() if needs_a_finding(i, answers.get(i.code))]


def latest_scorecards(evaluations: Iterable[Evaluation]) -> dict[int, Scorecard]:
    """Return the latest scorecard of each evaluation, by evaluation key, without the payload."""
    latest = Scorecard.objects.filter(evaluation__in=list(evaluations)).latest_of_each()
    return {card.evaluation_id: card for card in latest.defer("payload")}


def latest_decisions(evaluations: Iterable[Evaluation]) -> dict[int, Decision]:
    """Return the current decision on each evaluation, with its scorecard, by evaluation key."""
    found: dict[int, Decision] = {}
    listed = Decision.objects.filter(evaluation__in=list(evaluations)).select_related("scorecard")
    for decision in listed.defer("scorecard__payload").order_by("decided_at", "pk"):
        found[decision.evaluation_id] = decision
    return found


def steps_of(*things: Any, newest: int | None = None) -> list[Step]:
    """Return the steps of these objects, newest first, with their users; at most `newest`, if it is given."""
    wanted = Q(pk__in=[])
    for thing in things:
        wanted |= Q(kind=thing.kind, uid=thing.uid)
    steps = Step.objects.filter(wanted).select_related("words__by").order_by("-at", "-pk")
    return list(steps[:newest] if newest else steps)


def moved_at(things: QuerySet[Any]) -> dict[UUID, datetime]:
    """Return when objects of one kind entered their current state, by uid; objects that never moved are left out."""
    moves = Step.objects.filter(kind=things.model.kind, uid__in=things.order_by().values("uid"))
    return dict(moves.exclude(source=F("target")).values_list("uid").annotate(Max("at")))


def state_since(kind: str, uid: str = "uid") -> Subquery:
    """Return when the object of a row entered its current state, as an expression; None if it never moved.

    `uid` is the field of the row that identifies the object.
    """
    moves = Step.objects.filter(kind=kind, uid=OuterRef(uid)).exclude(source=F("target"))
    return Subquery(moves.order_by("-at").values("at")[:1])


def came_at() -> Coalesce:
    """Return when an evaluation entered its stage, as an expression."""
    return Coalesce(state_since(Evaluation.kind), "opened_at")


def with_operators(hotlines: QuerySet[Hotline]) -> QuerySet[Hotline]:
    return hotlines.prefetch_related(Prefetch("operations", Operation.objects.select_related("operator")))


def decided_findings(evaluation: Evaluation) -> QuerySet[Finding]:
    """Return the findings of an evaluation; if it was decided and reopened, only those unchanged since the decision.

    Newer findings can be read by those who work on them, and by others with the next draft.
    """
    found: QuerySet[Finding] = evaluation.findings.all()
    decision = evaluation.current_decision if evaluation.state in Evaluation.UNDER_WAY else None
    return found.filter(at__lte=decision.decided_at) if decision else found


def published_decisions() -> QuerySet[Decision]:
    """Return the published decisions, newest first."""
    return (
        Decision.objects.filter(publication__isnull=False)
        .select_related("evaluation__hotline", "evaluation__round__edition", "evaluation__operator", "scorecard")
        .order_by("-publication__at", "-pk")
    )


def in_every_edition(keys: Collection[str]) -> Q:
    """Return the condition that a judgement or a recommendation is on one of these indicators, by permanent key.

    Codes may differ between editions. One query.
    """
    found = Q(pk__in=())
    for edition in Edition.objects.defer("structure"):
        if codes := [i.code for key, i in edition.framework.by_key.items() if key in keys]:
            found |= Q(evaluation__round__edition=edition, code__in=codes)
    return found
