"""A network of any size in a round, with something at each stage, written in bulk."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import product
from string import ascii_uppercase, digits

from django.utils import timezone

from evaluation.models import (
    Evaluation,
    Hotline,
    Membership,
    Recommendation,
    Role,
    Round,
    Scorecard,
    StatisticsImport,
    TeamMember,
    User,
    Visit,
)
from tests.factories import (
    EvaluationFactory,
    HotlineFactory,
    MembershipFactory,
    RecommendationFactory,
    RoundFactory,
    ScorecardFactory,
    StatisticsImportFactory,
    UserFactory,
    VisitFactory,
)

State = Evaluation.State
STAGES = (State.SELF_ASSESSMENT, State.DESK_REVIEW, State.STUDY_VISIT, State.REPORT, State.RESPONSE, State.DECISION)
CODES = sorted(map("".join, product(ascii_uppercase + digits, repeat=2)), key=lambda code: not code.isalpha())


@dataclass(frozen=True)
class BulkNetwork:
    """The hotlines of an open round, each in the next one of `STAGES`, all visited by the same lead."""

    round: Round
    evaluations: list[Evaluation]


def create_network(count: int, lead: User) -> BulkNetwork:
    """Create so many hotlines, each with a coordinator, a file to accept and an overdue recommendation to verify."""
    today = timezone.localdate()
    round_ = RoundFactory(state=Round.State.OPEN, answers_until=today - timedelta(days=3))
    hotlines = Hotline.objects.bulk_create(
        HotlineFactory.build(country=code, code=f"116000-{code}", name=f"Land {code}") for code in CODES[:count]
    )
    people = User.objects.bulk_create(UserFactory.build(country=hotline.country) for hotline in hotlines)
    Membership.objects.bulk_create(
        MembershipFactory.build(user=person, role=Role.COORDINATOR, hotline=hotline)
        for person, hotline in zip(people, hotlines, strict=True)
    )
    evaluations = Evaluation.objects.bulk_create(
        EvaluationFactory.build(
            round=round_,
            hotline=hotline,
            state=STAGES[number % len(STAGES)],
            respond_by=today - timedelta(days=1) if STAGES[number % len(STAGES)] == State.RESPONSE else None,
        )
        for number, hotline in enumerate(hotlines)
    )
    visits = Visit.objects.bulk_create(
        VisitFactory.build(evaluation=one, state=Visit.State.TEAM_CONFIRMED)
        for one in evaluations
        if one.state == State.STUDY_VISIT
    )
    TeamMember.objects.bulk_create(TeamMember(visit=visit, user=lead, is_lead=True) for visit in visits)
    StatisticsImport.objects.bulk_create(
        StatisticsImportFactory.build(hotline=hotline, state=StatisticsImport.State.CONFIRMED) for hotline in hotlines
    )
    Recommendation.objects.bulk_create(
        RecommendationFactory.build(
            evaluation=one,
            state=Recommendation.State.EVIDENCE_SUBMITTED,
            due_on=today - timedelta(days=9),
        )
        for one in evaluations
    )
    Scorecard.objects.bulk_create(
        ScorecardFactory.build(evaluation=one) for one in evaluations if one.state == State.DECISION
    )
    return BulkNetwork(round_, evaluations)
