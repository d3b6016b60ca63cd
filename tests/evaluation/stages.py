"""An evaluation at any stage, with everything that its next step needs, and its people."""

from dataclasses import dataclass

from evaluation.models import (
    Accreditation,
    Appeal,
    Correction,
    Decision,
    Evaluation,
    Finding,
    NetworkYear,
    Recommendation,
    Role,
    Round,
    Scorecard,
    StatisticsImport,
    User,
    Visit,
)
from evaluation.models.states import Stateful
from tests.factories import (
    GOOD_FIGURES,
    AppealFactory,
    CorrectionFactory,
    DecisionFactory,
    DeclarationFactory,
    EvaluationFactory,
    HotlineFactory,
    IssueFactory,
    PublicationFactory,
    RecommendationFactory,
    ResponseFactory,
    RoundFactory,
    ScorecardFactory,
    StatisticsImportFactory,
    VisitFactory,
    agree,
    attach_what_is_required,
    confirmed_figures,
    evaluation_of,
    person,
    scorecard_of,
    visit_of,
    write_all_answers,
)

STATES = tuple(Evaluation.State)


@dataclass(frozen=True)
class Stage:
    evaluation: Evaluation
    coordinator: User
    mce: User
    lead: User
    member: User
    panel: User
    jury: tuple[User, ...]
    """The panel member and two more: as many as it takes."""

    @property
    def scorecard(self) -> Scorecard:
        return self.evaluation.latest_scorecard

    def declare(self) -> None:
        """The panel member declares to have no tie to the hotline."""
        DeclarationFactory(evaluation=self.evaluation, user=self.panel)

    def agree(self, outcome: str = "accredited") -> None:
        """All panel members declare and vote for an outcome."""
        agree(self.scorecard, *self.jury, outcome=outcome)

    @property
    def visit(self) -> Visit:
        return self.evaluation.visit


def stage(state: str, *, visit_state: str = "") -> Stage:
    """Return a hotline's evaluation at `state`.

    Its visit is planned in the desk review and signed off from the report on.

    Before the panel nobody has voted yet, and the hotline's time to respond ends today.
    """
    hotline = HotlineFactory()
    panel = person(Role.PANEL_MEMBER)
    here = Stage(
        evaluation=evaluation_of(hotline, state=state),
        coordinator=person(Role.COORDINATOR, hotline=hotline),
        mce=person(Role.MCE_COORDINATOR),
        lead=person(Role.ASSESSOR),
        member=person(Role.ASSESSOR),
        panel=panel,
        jury=(panel, person(Role.PANEL_MEMBER), person(Role.PANEL_MEMBER)),
    )
    evaluation = here.evaluation
    reached = STATES.index(state)
    write_all_answers(evaluation)
    attach_what_is_required(evaluation, here.coordinator)
    confirmed_figures(hotline, GOOD_FIGURES)
    if reached >= STATES.index("desk_review"):
        by_stage = "signed_off" if reached >= STATES.index("report") else "planned"
        visit_of(evaluation, lead=here.lead, members=[here.member], state=visit_state or by_stage)
        write_all_answers(evaluation, model=Finding)
    if reached >= STATES.index("response"):
        card = scorecard_of(evaluation)
        RecommendationFactory(evaluation=evaluation)
        Evaluation.objects.filter(pk=evaluation.pk).update(respond_by=evaluation.round.today)
        evaluation.refresh_from_db()
        if reached >= STATES.index("decision"):
            ResponseFactory(scorecard=card, given_by=here.coordinator)
        if reached >= STATES.index("decided"):
            for member in here.jury:
                DeclarationFactory(evaluation=evaluation, user=member)
            decision = DecisionFactory(scorecard=card, decided_by=here.panel)
            IssueFactory(decision=decision)
            if reached >= STATES.index("published"):
                PublicationFactory(decision=decision)
    return here


def _decision() -> Decision:
    return DecisionFactory(scorecard=ScorecardFactory(evaluation=EvaluationFactory()))


def one_of(machine: type[Stateful]) -> Stateful:
    """Return a minimal row of the machine, in its first state."""
    make = {
        Round: RoundFactory,
        Evaluation: EvaluationFactory,
        Visit: lambda: VisitFactory(evaluation=EvaluationFactory()),
        StatisticsImport: StatisticsImportFactory,
        Recommendation: lambda: RecommendationFactory(evaluation=EvaluationFactory()),
        Appeal: lambda: AppealFactory(decision=_decision(), state=Appeal.State.WRITTEN),
        Correction: lambda: CorrectionFactory(decision=_decision(), state=Correction.State.WRITTEN),
        Accreditation: lambda: PublicationFactory(decision=_decision(), state="granted").decision.accreditation,
        NetworkYear: lambda: NetworkYear.objects.create(year=2025),
    }
    return make[machine]()
