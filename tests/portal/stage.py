"""Fixtures of the workspace tests: one hotline's evaluation at a stage, and users of every role."""

from dataclasses import dataclass, field
from typing import Any

from evaluation.models import (
    Answer,
    Appeal,
    Correction,
    Decision,
    Document,
    Evaluation,
    Evidence,
    Finding,
    Hotline,
    Invitation,
    Membership,
    Proof,
    Recommendation,
    Response,
    Role,
    Round,
    Scorecard,
    StatisticsImport,
    User,
    Visit,
)
from portal.accounts.adapters import sync_groups
from reports.models import Issue, Printing
from standards.framework import Framework
from tests.factories import (
    GOOD_FIGURES,
    PASSWORD,
    AppealFactory,
    CorrectionFactory,
    DecisionFactory,
    DeclarationFactory,
    DocumentFactory,
    EvidenceFactory,
    HotlineFactory,
    InvitationFactory,
    IssueFactory,
    MembershipFactory,
    OperationFactory,
    OperatorFactory,
    PrintingFactory,
    ProofFactory,
    PublicationFactory,
    RecommendationFactory,
    ResponseFactory,
    RoundFactory,
    StatisticsImportFactory,
    UserFactory,
    VoteFactory,
    attach_what_is_required,
    confirmed_figures,
    evaluation_of,
    person,
    released_edition,
    scorecard_of,
    visit_of,
    write_all_answers,
    write_answer,
)
from tests.small_edition import SMALL

State = Evaluation.State
ORDER = list(State)


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
    "nobody_special": ((), "No Role", ""),
}


@dataclass(init=False)
class Participants:
    """The people of every scene. Nobody here has two hats but `judge`, who sat on the team and on the panel."""

    mce: User
    editor: User
    lead: User
    assessor: User
    elsewhere: User
    panel: User
    second: User
    third: User
    judge: User
    nobody_special: User

    def __init__(self) -> None:
        """All at once: nearly every test of the workspace begins with them."""
        users = [
            UserFactory.build(name=name, country=country, password=PASSWORD) for _, name, country in PEOPLE.values()
        ]
        User.objects.bulk_create(users)
        Membership.objects.bulk_create(
            MembershipFactory.build(user=user, role=role)
            for user, (roles, _, _) in zip(users, PEOPLE.values(), strict=True)
            for role in roles
        )
        for name, user in zip(PEOPLE, users, strict=True):
            setattr(self, name, user)
        for user in (self.mce, self.editor):  # the others have no part in the CMS
            sync_groups(user)

    @property
    def jury(self) -> tuple[User, User, User]:
        """As many members as it takes."""
        return self.panel, self.second, self.third


def _participants(*roles: Role, **details: Any) -> User:
    return person(*roles, password=PASSWORD, **details)


@dataclass
class Stage:
    """One evaluation as far as `reaches`, with what an evaluation has there; the rest is None."""

    reaches: str = State.SELF_ASSESSMENT
    cast: Participants = field(default_factory=Participants)
    country: str = "XA"
    framework: Framework = SMALL
    round: Round | None = None
    name: str = "Round of the scene"
    is_counted: bool = True
    """Whether the hotline has confirmed figures."""
    votes: int = 3
    """How many of the jury have voted for the proposal, once it is before the panel. All have declared."""
    is_printed: bool = True
    """Whether a decided evaluation has its report."""
    hotline: Hotline = field(init=False)
    evaluation: Evaluation = field(init=False)
    contributor: User = field(init=False)
    coordinator: User = field(init=False)
    neighbour: User = field(init=False)
    """A panel member of the hotline's own country."""
    document: Document = field(init=False)
    link: Evidence = field(init=False)
    statistics: StatisticsImport = field(init=False)
    """A file that was read and waits to be confirmed. Another one is confirmed and counts."""
    visit: Visit | None = None
    scorecard: Scorecard | None = None
    response: Response | None = None
    recommendation: Recommendation | None = None
    """A draft, and issued once it is decided."""
    proof: Proof | None = None
    """A document that is shown for it."""
    decision: Decision | None = None
    issue: Issue | None = None
    printing: Printing | None = None

    def __post_init__(self) -> None:
        self.round = self.round or RoundFactory(
            name=self.name, edition=released_edition(self.framework, ("en", "fr")), state=Round.State.OPEN
        )
        self.hotline = HotlineFactory(country=self.country, code=f"116000-{self.country}", name=f"Land {self.country}")
        operator = OperatorFactory(name=f"Operator of {self.hotline.name}")
        OperationFactory(hotline=self.hotline, operator=operator)
        hats = {"hotline": self.hotline, "operator": operator}
        self.contributor = _participants(Role.CONTRIBUTOR, name=f"Contributor {self.country}", **hats)
        self.coordinator = _participants(Role.COORDINATOR, name=f"Coordinator {self.country}", **hats)
        self.neighbour = _participants(Role.PANEL_MEMBER, name=f"Neighbour {self.country}", country=self.country)
        self.evaluation = evaluation_of(self.hotline, round=self.round, operator=operator, state=self.reaches)
        self._answer()
        self._count()
        if self._has_come_to(State.STUDY_VISIT):
            self._visit()
        if self._has_come_to(State.RESPONSE):
            self._propose()
        if self._has_come_to(State.DECISION):
            self._respond()
            self._vote()
        if self._has_come_to(State.DECIDED):
            self._decide()

    def _has_come_to(self, stage: str) -> bool:
        return ORDER.index(State(self.reaches)) >= ORDER.index(State(stage))

    def _answer(self) -> None:
        said = {"by": self.coordinator, "words": "We do this."}
        write_all_answers(self.evaluation)
        Answer.objects.filter(evaluation=self.evaluation, version__gt=0).update(**said)
        attach_what_is_required(self.evaluation, self.coordinator)
        self.document = DocumentFactory(hotline=self.hotline, uploaded_by=self.coordinator, name="call guide.txt")
        code = next(iter(self.framework.indicators))
        self.link = EvidenceFactory(
            evaluation=self.evaluation, code=code, document=self.document, added_by=self.coordinator
        )

    def _count(self) -> None:
        if self.is_counted:
            confirmed_figures(self.hotline, GOOD_FIGURES, uploaded_by=self.coordinator)
        self.statistics = StatisticsImportFactory(
            hotline=self.hotline,
            file_name="figures-2026.csv",
            uploaded_by=self.coordinator,
            draft=[["A03", "", "", "", "", "1200", "measured"]],
        )

    def _visit(self) -> None:
        is_over = self._has_come_to(State.REPORT)
        self.visit = visit_of(
            self.evaluation,
            lead=self.cast.lead,
            members=[self.cast.assessor, self.cast.judge],
            state=Visit.State.SIGNED_OFF if is_over else Visit.State.UNDER_WAY,
        )
        if is_over:
            write_all_answers(self.evaluation, model=Finding)
            Finding.objects.filter(evaluation=self.evaluation, version__gt=0).update(by=self.cast.lead)
            write_answer(
                self.evaluation, list(self.framework.indicators)[1], Finding, level=1, words="Seen in one shift of two."
            )

    def _propose(self) -> None:
        self.scorecard = scorecard_of(self.evaluation)
        code = list(self.framework.indicators)[1]
        state = Recommendation.State.ISSUED if self._has_come_to(State.DECIDED) else Recommendation.State.DRAFTED
        self.recommendation = RecommendationFactory(evaluation=self.evaluation, code=code, state=state)
        Evaluation.objects.filter(pk=self.evaluation.pk).update(respond_by=self.round.today)
        self.evaluation.refresh_from_db()

    def _respond(self) -> None:
        code = list(self.framework.indicators)[1]
        remarks = {code: "The second shift was ill that day."}
        self.response = ResponseFactory(scorecard=self.scorecard, given_by=self.coordinator, remarks=remarks)

    def _vote(self) -> None:
        for member in self.cast.jury:
            DeclarationFactory(evaluation=self.evaluation, user=member)
        for member in self.cast.jury[: self.votes]:
            VoteFactory(scorecard=self.scorecard, user=member)

    def _decide(self) -> None:
        self.proof = ProofFactory(recommendation=self.recommendation, document=self.document, by=self.coordinator)
        self.decision = DecisionFactory(scorecard=self.scorecard, decided_by=self.cast.panel)
        if self.reaches == State.PUBLISHED:
            PublicationFactory(decision=self.decision)
        if not self.is_printed:
            return
        self.issue = IssueFactory(decision=self.decision)
        self.printing = PrintingFactory(
            decision=self.decision, state=Printing.State.DONE, issue=self.issue, asked_by=self.cast.mce
        )

    @property
    def appeal(self) -> Appeal:
        """An open appeal against the decision."""
        found = Appeal.objects.filter(evaluation=self.evaluation).first()
        return found or AppealFactory(decision=self.decision, lodged_by=self.coordinator)

    @property
    def correction(self) -> Correction:
        """What the second member of the jury proposes to correct."""
        found = Correction.objects.filter(evaluation=self.evaluation).first()
        return found or CorrectionFactory(decision=self.decision, proposed_by=self.cast.second)

    @property
    def invitation(self) -> Invitation:
        return Invitation.objects.first() or InvitationFactory(invited_by=self.cast.mce)
