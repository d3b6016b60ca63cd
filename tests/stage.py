"""One hotline's evaluation in any state, with everything that its next step needs, and the people of the tests."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Self

from django.contrib.auth.models import Group

from evaluation.models import (
    Accreditation,
    Appeal,
    Consultation,
    Correction,
    Decision,
    Document,
    Evaluation,
    Evidence,
    Exchange,
    Finding,
    Fulfilment,
    GoodPractice,
    Hotline,
    Invitation,
    Membership,
    NetworkYear,
    Operator,
    PersonChange,
    Proof,
    Recommendation,
    Response,
    Role,
    Round,
    Scorecard,
    StatisticsImport,
    User,
    Visit,
    Vote,
    Withdrawal,
)
from evaluation.models.people.roles import HOTLINE_ROLES
from evaluation.models.states import Stateful
from portal.accounts.adapters import CMS_GROUPS
from reports.models import Issue, Printing
from standards.framework import Framework
from tests.factories import (
    GOOD_FIGURES,
    PASSWORD,
    AppealFactory,
    ConsultationFactory,
    CorrectionFactory,
    DecisionFactory,
    DocumentFactory,
    EvaluationFactory,
    EvidenceFactory,
    ExchangeFactory,
    FulfilmentFactory,
    GoodPracticeFactory,
    HotlineFactory,
    InvitationFactory,
    IssueFactory,
    MembershipFactory,
    OperationFactory,
    OperatorFactory,
    PersonChangeFactory,
    PrintingFactory,
    ProofFactory,
    PublicationFactory,
    RecommendationFactory,
    RequirementFactory,
    ResponseFactory,
    RoundFactory,
    ScorecardFactory,
    StatisticsImportFactory,
    UserFactory,
    VisitFactory,
    VoteFactory,
    WithdrawalFactory,
    agree,
    attach_what_is_required,
    confirmed_figures,
    declare_no_stake,
    evaluation_of,
    released_edition,
    scorecard_of,
    visit_of,
    write_all_answers,
    write_answer,
)
from tests.small_edition import SMALL

State = Evaluation.State
STATES = tuple(State)
_OVER = {
    State.REPORT: Visit.State.SIGNED_OFF,
    State.RESPONSE: Visit.State.RESPONSE,
    **dict.fromkeys((*Evaluation.DECISION_AND_LATER, State.EXCUSED), Visit.State.CLOSED),
}
"""The state of a visit whose findings are signed off, by that of its evaluation."""

PEOPLE: dict[str, tuple[tuple[Role, ...], str, str]] = {
    "mce": ((Role.MCE_COORDINATOR,), "Anouk Peeters", ""),
    "editor": ((Role.GUIDE_EDITOR,), "Maud Lefèvre", ""),
    "lead": ((Role.ASSESSOR,), "Rūta Žukaitė", "XT"),
    "assessor": ((Role.ASSESSOR,), "Jürgen Großmann", "XU"),
    "elsewhere": ((Role.ASSESSOR,), "Eleni Pappa", "XV"),
    "panel": ((Role.PANEL_MEMBER,), "Brigitta Szűcs", "XS"),
    "second": ((Role.PANEL_MEMBER,), "Tomás Ó Súilleabháin", "XY"),
    "third": ((Role.PANEL_MEMBER,), "Freja Østergård", "XZ"),
    "judge": ((Role.PANEL_MEMBER, Role.ASSESSOR), "Both Hats", "XW"),
    "user_without_role": ((), "No Role", ""),
}
"""The roles, the name and the country of each of the participants. `HotlineFactory` uses none of these countries."""


def create_users(*people: tuple[Iterable[Role], dict[str, Any]], **membership: Any) -> list[User]:
    """Create users who can sign in, each with roles and details, in two queries.

    The memberships get the fields of `membership`. No user is in a group of the CMS.
    """
    users = [UserFactory.build(**details, password=PASSWORD) for _, details in people]
    User.objects.bulk_create(users)
    Membership.objects.bulk_create(
        MembershipFactory.build(user=user, role=role, **(membership if role in HOTLINE_ROLES else {}))
        for user, (roles, _) in zip(users, people, strict=True)
        for role in roles
    )
    return users


@dataclass(init=False)
class Participants:
    """The people who are independent of any hotline. Only `judge` has two roles: an assessor and panel member.

    Several stages can share them.
    """

    mce: User
    editor: User
    lead: User
    assessor: User
    elsewhere: User
    """An assessor who is not on the team."""
    panel: User
    second: User
    third: User
    judge: User
    user_without_role: User
    """A user without a role."""

    def __init__(self) -> None:
        users = create_users(*((roles, {"name": name, "country": country}) for roles, name, country in PEOPLE.values()))
        for name, user in zip(PEOPLE, users, strict=True):
            setattr(self, name, user)
        users_of = {CMS_GROUPS[Role.MCE_COORDINATOR]: self.mce, CMS_GROUPS[Role.GUIDE_EDITOR]: self.editor}
        seat = User.groups.through
        seat.objects.bulk_create(
            seat(user=users_of[group.name], group=group) for group in Group.objects.filter(name__in=users_of)
        )

    @property
    def team(self) -> tuple[User, User, User]:
        """Return the team of the visit, the lead first."""
        return self.lead, self.assessor, self.judge

    @property
    def jury(self) -> tuple[User, User, User]:
        """Return the smallest number of panel members that can decide."""
        return self.panel, self.second, self.third


@dataclass
class Stage:
    """One evaluation in a state, with the rows that an evaluation has in that state; the others are None.

    The defaults suit tests of pages. `Stage.minimal` suits tests of the evaluation.
    """

    state: str = State.SELF_ASSESSMENT
    people: Participants = field(default_factory=Participants)
    country: str = "XA"
    """The hotline's country; empty for any."""
    framework: Framework = SMALL
    round: Round | None = None
    name: str = "Round of the scene"
    """The name of the round that is created if none is given. Its edition is in English and French."""
    visit_state: str = ""
    """The state of the visit, which exists from the desk review on.

    If empty, there is no visit before the study visit; it is under way then and signed off from the report on.
    """
    has_findings: bool = False
    """Whether a visit that is not signed off has all its findings."""
    is_counted: bool = True
    """Whether the hotline has confirmed figures."""
    has_declared: bool = True
    """Whether the jury has declared to have no stake before it decides. After that it always has."""
    votes: int = 3
    """How many of the jury have voted for the proposal, once it is before the panel."""
    is_printed: bool = True
    """Whether the report of a decided evaluation is printed."""
    for_pages: bool = True
    """Whether there is also what pages show and no step needs.

    That is an operator, a contributor, a panel member of the hotline's own country, words with each answer, a document
    and its link, an unconfirmed file of figures, a finding that differs from the answer, a remark, a proof and a
    finished printing.
    """
    earlier: "Stage | None" = None
    """The stage of the same hotline and the same people in an earlier round."""
    hotline: Hotline = field(init=False)
    evaluation: Evaluation = field(init=False)
    coordinator: User = field(init=False)
    contributor: User | None = field(default=None, init=False)
    neighbour: User | None = field(default=None, init=False)
    """A panel member of the hotline's own country."""
    document: Document | None = field(default=None, init=False)
    link: Evidence | None = field(default=None, init=False)
    statistics: StatisticsImport | None = field(default=None, init=False)
    """A file that was read and is not yet confirmed. Another one is confirmed and counts."""
    response: Response | None = field(default=None, init=False)
    recommendation: Recommendation | None = field(default=None, init=False)
    """A draft. With `for_pages` it is issued once the evaluation is decided."""
    proof: Proof | None = field(default=None, init=False)
    """A document that is shown for it."""
    decision: Decision | None = field(default=None, init=False)
    issue: Issue | None = field(default=None, init=False)
    paper: Issue | None = field(default=None, init=False)
    """The version of the issue for the public, once the outcome is published, if there is what pages show."""
    printing: Printing | None = field(default=None, init=False)

    @classmethod
    def minimal(cls, state: str, *, visit_state: str = "", has_findings: bool = True) -> Self:
        """Return an evaluation with what its next step needs and no more.

        The round has no French edition, and the hotline has any country. The visit has its findings if `has_findings`.
        Unless `visit_state` is given, the visit is about to begin before the report, and signed off or later from the
        report on. Before the panel, nobody has declared or voted.
        """
        before_or_over = _OVER.get(State(state), Visit.State.TEAM_CONFIRMED)
        return cls(
            state,
            country="",
            round=RoundFactory(state=Round.State.OPEN),
            visit_state=visit_state or before_or_over,
            has_findings=has_findings,
            has_declared=False,
            votes=0,
            for_pages=False,
        )

    def __post_init__(self) -> None:
        self.round = self.round or RoundFactory(
            name=self.name, edition=released_edition(self.framework, ("en", "fr")), state=Round.State.OPEN
        )
        self.hotline = (
            self.earlier.hotline
            if self.earlier
            else HotlineFactory(**({"country": self.country} if self.country else {}))
        )
        operator = self._create_people()
        respond_by = self.round.today if self._is_at_least(State.RESPONSE) else None
        self.evaluation = evaluation_of(
            self.hotline, round=self.round, operator=operator, state=self.state, respond_by=respond_by
        )
        self._answer()
        self._count()
        if self._is_at_least(State.DESK_REVIEW if self.visit_state else State.STUDY_VISIT):
            self._visit()
        if self._is_at_least(State.RESPONSE):
            scorecard = scorecard_of(self.evaluation)
            self._recommend()
        if self._is_at_least(State.DECISION):
            self._respond(scorecard)
            self._vote(scorecard)
        if self._is_at_least(State.DECIDED):
            self._decide(scorecard)

    def _is_at_least(self, state: str) -> bool:
        return STATES.index(State(self.state)) >= STATES.index(State(state))

    def _create_people(self) -> Operator | None:
        """Create the hotline's users and its operator. Return the operator, or None if the stage is not for pages."""
        if self.earlier:
            for name in ("coordinator", "contributor", "neighbour"):
                setattr(self, name, getattr(self.earlier, name))
            return self.earlier.evaluation.operator
        country, operator = self.hotline.country, None
        people: dict[str, tuple[Role, dict[str, Any]]] = {
            "coordinator": (Role.COORDINATOR, {"name": f"Coordinator {country}"})
        }
        if self.for_pages:
            operator = OperatorFactory(name=f"Operator of {self.hotline.name}")
            OperationFactory(hotline=self.hotline, operator=operator)
            people["contributor"] = (Role.CONTRIBUTOR, {"name": f"Contributor {country}"})
            people["neighbour"] = (Role.PANEL_MEMBER, {"name": f"Neighbour {country}", "country": country})
        users = create_users(
            *(([role], details) for role, details in people.values()), hotline=self.hotline, operator=operator
        )
        for name, user in zip(people, users, strict=True):
            setattr(self, name, user)
        return operator

    def _answer(self) -> None:
        extra = {"by": self.coordinator, "words": "We do this."} if self.for_pages else {}
        write_all_answers(self.evaluation, extra=extra)
        attach_what_is_required(self.evaluation, self.coordinator)
        if self.for_pages:
            self.document = DocumentFactory(hotline=self.hotline, uploaded_by=self.coordinator, name="call guide.txt")
            code = next(iter(self.framework.indicators))
            self.link = EvidenceFactory(
                evaluation=self.evaluation, code=code, document=self.document, added_by=self.coordinator
            )

    def _count(self) -> None:
        uploaded_by = self.coordinator if self.for_pages else None
        if self.is_counted:
            confirmed_figures(self.hotline, GOOD_FIGURES, uploaded_by=uploaded_by)
        if self.for_pages:
            self.statistics = StatisticsImportFactory(
                hotline=self.hotline,
                file_name="figures-2026.csv",
                uploaded_by=uploaded_by,
                draft=[["A03", "", "", "", "", "1200", "measured"]],
            )

    def _visit(self) -> None:
        is_over = self._is_at_least(State.REPORT)
        lead, *members = self.people.team
        by_state = _OVER.get(State(self.state), Visit.State.FINDINGS_ENTERED)
        visit_of(self.evaluation, lead=lead, members=members, state=self.visit_state or by_state)
        if is_over or self.has_findings:
            write_all_answers(self.evaluation, model=Finding, extra={"by": lead} if self.for_pages else {})
        if is_over and self.for_pages:
            write_answer(self.evaluation, self._second_code, Finding, level=1, words="Seen in one shift of two.")

    def _recommend(self) -> None:
        is_issued = self.for_pages and self._is_at_least(State.DECIDED)
        self.recommendation = RecommendationFactory(
            evaluation=self.evaluation,
            code=self._second_code,
            state=Recommendation.State.ISSUED if is_issued else Recommendation.State.DRAFTED,
        )

    def _respond(self, scorecard: Scorecard) -> None:
        remarks = {self._second_code: "The second shift was ill that day."} if self.for_pages else {}
        self.response = ResponseFactory(scorecard=scorecard, given_by=self.coordinator, remarks=remarks)

    def _vote(self, scorecard: Scorecard) -> None:
        if self.has_declared or self._is_at_least(State.DECIDED):
            declare_no_stake(self.evaluation, *self.people.jury)
        Vote.objects.bulk_create(
            VoteFactory.build(scorecard=scorecard, user=member) for member in self.people.jury[: self.votes]
        )

    def _decide(self, scorecard: Scorecard) -> None:
        self.decision = DecisionFactory(scorecard=scorecard, decided_by=self.people.panel)
        if self.is_printed:
            self.issue = IssueFactory(decision=self.decision)
        if self.state == State.PUBLISHED:
            if self.is_printed and self.for_pages:
                self.paper = IssueFactory(
                    decision=self.decision, extent="whole", number=2, document='{"public": 1}', document_sha256="f" * 64
                )
            PublicationFactory(decision=self.decision)
        if self.for_pages:
            self.proof = ProofFactory(recommendation=self.recommendation, document=self.document, by=self.coordinator)
            if self.issue:
                self.printing = PrintingFactory(
                    decision=self.decision, state=Printing.State.DONE, issue=self.issue, asked_by=self.people.mce
                )

    @property
    def _second_code(self) -> str:
        return list(self.framework.indicators)[1]

    def user(self, name: str) -> User:
        """Return the user of this name: of the hotline, or one of the participants."""
        return getattr(self.people, name) if name in PEOPLE else getattr(self, name)

    def declare(self) -> None:
        """Let the first member of the jury declare to have no stake."""
        declare_no_stake(self.evaluation, self.people.panel)

    def agree(self, outcome: str = "accredited") -> None:
        """Let the jury declare to have no stake, unless it has, and vote for an outcome."""
        agree(self.scorecard, *self.people.jury, outcome=outcome)

    @property
    def visit(self) -> Visit | None:
        return self.evaluation.arranged_visit

    @property
    def scorecard(self) -> Scorecard | None:
        """Return the latest scorecard, or None before the response."""
        return self.evaluation.latest_scorecard

    @property
    def appeal(self) -> Appeal:
        """Return the appeal against the decision. Lodge one if there is none."""
        found = Appeal.objects.filter(evaluation=self.evaluation).first()
        return found or AppealFactory(decision=self.decision, lodged_by=self.coordinator)

    @property
    def correction(self) -> Correction:
        """Return the correction of the decision. Let the second member of the jury propose one if there is none."""
        found = Correction.objects.filter(evaluation=self.evaluation).first()
        return found or CorrectionFactory(decision=self.decision, proposed_by=self.people.second)

    @property
    def person_change(self) -> PersonChange:
        return PersonChange.objects.first() or PersonChangeFactory()

    @property
    def invitation(self) -> Invitation:
        return Invitation.objects.first() or InvitationFactory(invited_by=self.people.mce)


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
        Consultation: ConsultationFactory,
        GoodPractice: GoodPracticeFactory,
        Exchange: ExchangeFactory,
        PersonChange: lambda: PersonChangeFactory(state=PersonChange.State.WRITTEN),
        Withdrawal: lambda: WithdrawalFactory(
            accreditation=PublicationFactory(decision=_decision()).decision.accreditation
        ),
        Fulfilment: lambda: FulfilmentFactory(requirement=RequirementFactory(decision=_decision())),
    }
    return make[machine]()
