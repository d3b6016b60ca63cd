"""An evaluation at any stage, with all that its next step needs, and the people who walk it."""

from dataclasses import dataclass

from evaluation.models import Evaluation, Finding, Recommendation, Role, Round, StatisticsImport, User, Visit
from evaluation.models.states import Stateful
from tests.factories import (
    GOOD_FIGURES,
    DecisionFactory,
    EvaluationFactory,
    HotlineFactory,
    IssueFactory,
    RecommendationFactory,
    RoundFactory,
    StatisticsImportFactory,
    VisitFactory,
    attach_what_is_required,
    confirmed_figures,
    evaluation_of,
    person,
    say_everything,
    scorecard_of,
    visit_of,
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

    @property
    def visit(self) -> Visit:
        return self.evaluation.visit


def stage(state: str, *, visit_state: str = "") -> Stage:
    """A hotline's evaluation at `state`. Its visit is planned in the desk review and signed off from the report on."""
    hotline = HotlineFactory()
    here = Stage(
        evaluation=evaluation_of(hotline, state=state),
        coordinator=person(Role.COORDINATOR, hotline=hotline),
        mce=person(Role.MCE_COORDINATOR),
        lead=person(Role.ASSESSOR),
        member=person(Role.ASSESSOR),
        panel=person(Role.PANEL_MEMBER),
    )
    evaluation = here.evaluation
    reached = STATES.index(state)
    say_everything(evaluation)
    attach_what_is_required(evaluation, here.coordinator)
    confirmed_figures(hotline, GOOD_FIGURES)
    if reached >= STATES.index("desk_review"):
        by_stage = "signed_off" if reached >= STATES.index("report") else "planned"
        visit_of(evaluation, lead=here.lead, members=[here.member], state=visit_state or by_stage)
        say_everything(evaluation, model=Finding)
    if reached >= STATES.index("decision"):
        card = scorecard_of(evaluation)
        RecommendationFactory(evaluation=evaluation)
        if reached >= STATES.index("decided"):
            IssueFactory(decision=DecisionFactory(scorecard=card, decided_by=here.panel))
    return here


def one_of(machine: type[Stateful]) -> Stateful:
    """A bare row of the machine, in its first state."""
    make = {
        Round: RoundFactory,
        Evaluation: EvaluationFactory,
        Visit: lambda: VisitFactory(evaluation=EvaluationFactory()),
        StatisticsImport: StatisticsImportFactory,
        Recommendation: lambda: RecommendationFactory(evaluation=EvaluationFactory()),
    }
    return make[machine]()
