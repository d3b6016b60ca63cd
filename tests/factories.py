"""Factories of rows without side effects.

The hotlines are invented ones, XA to XR and QM to QZ. The functions in the second half create the rows that a state of
an evaluation needs. They write them directly, without `perform` and without steps; tests of moves use `perform`.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import factory
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from factory.django import DjangoModelFactory, Password

from evaluation.answers.judgements import create_blank_answers
from evaluation.answers.submission import SignedDeclaration
from evaluation.consultation.draft_text import (
    ConsultedDomain,
    ConsultedIndicator,
    ConsultedStandard,
    ConsultedText,
)
from evaluation.engine import scoring
from evaluation.figures.intake.confirmation import explain, recheck
from evaluation.models import (
    Accreditation,
    Answer,
    Appeal,
    Comment,
    Consultation,
    Correction,
    Decision,
    Declaration,
    Document,
    Evaluation,
    Evidence,
    Exchange,
    Extent,
    Figure,
    Finding,
    Fulfilment,
    GoodPractice,
    Hotline,
    Invitation,
    Membership,
    Operation,
    Operator,
    PersonChange,
    Proof,
    Publication,
    Recommendation,
    Remark,
    Reply,
    Requirement,
    Response,
    Role,
    Round,
    Scorecard,
    Stake,
    StatisticsImport,
    Step,
    TeamMember,
    User,
    Visit,
    Vote,
    Withdrawal,
)
from evaluation.models.figures.statistics import FIGURE, digest_of_figures
from evaluation.models.visits.visit import today_is_an_agreed_day
from evaluation.people import end_role
from evaluation.rounds.planning import open_planned_round
from evaluation.workflow import perform
from portal.accounts.adapters import CMS_GROUPS, sync_groups
from reports.models import Issue, Printing
from standards.framework import Framework, Indicator, Measure, canonical, digest, write_framework
from standards.models import Edition, EditionWording
from tests.small_edition import SMALL, wording_of

PASSWORD = "three plain words"
INVENTED = [f"X{letter}" for letter in "ABCDEFGHIJKLMNOPQR"] + [f"Q{letter}" for letter in "MNOPQRSTUVWXYZ"]
"""The countries of hotlines. XS to XZ are left to people who are independent of all of them."""
MONDAY = date(2026, 3, 2)
"""The date of events in the tests, unless another one is given."""
SIGNED = SignedDeclaration(
    "It is complete, and its answers are true.", "en", without_figures="The export is not ready."
)
"""The declaration that a coordinator signs with a submission, also if figures are missing."""
SUBSTANCE = (
    "The team saw one shift of two, and the rota of March names no second person. The hotline sent a list of "
    "volunteers afterwards, but not their training records."
)
"""Reasons that are long enough for a decision that departs from the proposal."""


# --- People ------------------------------------------------------------------------------------------------------


class UserFactory(DjangoModelFactory[User]):
    """A user without a role, and without a password unless one is given."""

    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"person{n}@example.org")
    name = factory.Sequence(lambda n: f"Person {n}")
    country = "BE"
    password = Password(None)


class MembershipFactory(DjangoModelFactory[Membership]):
    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    role = Role.MCE_COORDINATOR
    since = date(2020, 1, 1)


class StakeFactory(DjangoModelFactory[Stake]):
    class Meta:
        model = Stake

    reason = "Advised the hotline."


class InvitationFactory(DjangoModelFactory[Invitation]):
    class Meta:
        model = Invitation

    email = factory.Sequence(lambda n: f"invited{n}@example.org")
    name = factory.Sequence(lambda n: f"Invited {n}")
    role = Role.ASSESSOR
    invited_by = factory.SubFactory(UserFactory)


class PersonChangeFactory(DjangoModelFactory[PersonChange]):
    """A proposal to give somebody without an account a seat on the panel."""

    class Meta:
        model = PersonChange

    what = PersonChange.What.GIVE_ROLE
    email = factory.Sequence(lambda n: f"proposed{n}@example.org")
    name = factory.Sequence(lambda n: f"Proposed {n}")
    role = Role.PANEL_MEMBER
    country = "XS"
    proposed_by = factory.SubFactory(UserFactory)
    state = PersonChange.State.PROPOSED


def person(*roles: Role, hotline: Hotline | None = None, operator: Operator | None = None, **details: Any) -> User:
    """Return a user with these roles. Roles of a hotline get the hotline and the operator."""
    user = UserFactory(**details)
    of_hotline = (Role.CONTRIBUTOR, Role.COORDINATOR)
    # In bulk and without signals: a new user has no API key that could end, and only editors have a group in the CMS.
    Membership.objects.bulk_create(
        MembershipFactory.build(
            user=user,
            role=role,
            hotline=hotline if role in of_hotline else None,
            operator=operator if role in of_hotline else None,
        )
        for role in roles
    )
    if CMS_GROUPS.keys() & set(roles):
        sync_groups(user)
    return user


def end_roles(user: User, *roles: Role) -> None:
    """End these roles of a user, or all, as the page of the people does."""
    for membership in user.memberships.today().filter(role__in=roles or Role):
        end_role(membership)


# --- Hotlines ----------------------------------------------------------------------------------------------------


class OperatorFactory(DjangoModelFactory[Operator]):
    class Meta:
        model = Operator

    name = factory.Sequence(lambda n: f"Operator {n}")
    kind = Operator.Kind.SPECIALISED_NGO


def _find_free_country(number: int) -> str:
    """Return an invented country that has no hotline yet, the next one in turn."""
    taken = set(Hotline.objects.values_list("country", flat=True))
    turn = number % len(INVENTED)
    return next(code for code in (*INVENTED[turn:], *INVENTED[:turn]) if code not in taken)


class HotlineFactory(DjangoModelFactory[Hotline]):
    class Meta:
        model = Hotline

    country = factory.Sequence(_find_free_country)
    code = factory.LazyAttribute(lambda hotline: f"116000-{hotline.country}")
    recorded_name = factory.SelfAttribute("name")
    is_invented = True

    class Params:
        name = factory.LazyAttribute(lambda hotline: f"Land {hotline.country}")


class OperationFactory(DjangoModelFactory[Operation]):
    """An operator that runs a hotline today."""

    class Meta:
        model = Operation

    hotline = factory.SubFactory(HotlineFactory)
    operator = factory.SubFactory(OperatorFactory)


# --- The examination ---------------------------------------------------------------------------------------------


def released_edition(
    framework: Framework = SMALL, languages: Iterable[str] = ("en",), *, words: Mapping[str, str] | None = None
) -> Edition:
    """Return a released edition with its wordings, created once per code.

    `words` are texts by path that replace the usual ones.
    """
    edition, written = Edition.objects.filter(code=framework.code).first(), set()
    if edition is None:
        structure = canonical(write_framework(framework))
        edition = Edition.objects.create(
            code=framework.code, structure=structure, sha256=digest(structure), is_sample=True
        )
    else:
        written = set(edition.wordings.values_list("language", flat=True))
    payloads = {
        language: canonical({**wording_of(framework, language), **(words or {})})
        for language in languages
        if language not in written
    }
    EditionWording.objects.bulk_create(
        EditionWording(edition=edition, language=language, payload=payload, sha256=digest(payload))
        for language, payload in payloads.items()
    )
    return edition


class RoundFactory(DjangoModelFactory[Round]):
    """A planned round whose opening day has come."""

    class Meta:
        model = Round

    name = factory.Sequence(lambda n: f"Round {n}")
    edition = factory.LazyFunction(released_edition)
    opens_on = date(2026, 1, 12)
    answers_until = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=60))
    figures_from = date(2025, 1, 1)
    figures_until = date(2025, 12, 31)


class ConsultationFactory(DjangoModelFactory[Consultation]):
    """A consultation in preparation whose opening day has come, without a draft unless `page` is given."""

    class Meta:
        model = Consultation

    name = factory.Sequence(lambda n: f"Consultation {n}")
    edition_code = factory.LazyAttribute(lambda row: row.page.code if row.page else "T1")
    page = None
    opens_on = date(2026, 1, 12)
    closes_on = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=30))


def consulted_text(standards: Iterable[tuple[str, Iterable[str]]]) -> ConsultedText:
    """Return the text of a draft of one domain, with these standards and the codes of their indicators."""
    return ConsultedText(
        "en",
        "",
        (
            ConsultedDomain(
                *("D1", "D1", "Access", ""),
                tuple(
                    ConsultedStandard(
                        *(code, code, f"Standard {code}", ""),
                        tuple(ConsultedIndicator(one, one, "Core", f"Is {one} so?", "", "") for one in codes),
                    )
                    for code, codes in standards
                ),
            ),
        ),
    )


def consultation_on(page: Any, *, hotlines: Iterable[Hotline] = (), assessors: Iterable[User] = ()) -> Consultation:
    """Return an open consultation on the draft of an edition."""
    consultation = ConsultationFactory(page=page)
    consultation.hotlines.set(hotlines)
    consultation.assessors.set(assessors)
    perform(consultation, "open", by=None)
    return consultation


class EvaluationFactory(DjangoModelFactory[Evaluation]):
    """Only the row, in an open round; `evaluation_of` also creates its answers."""

    class Meta:
        model = Evaluation

    round = factory.SubFactory(RoundFactory, state=Round.State.OPEN)
    hotline = factory.SubFactory(HotlineFactory)


class VisitFactory(DjangoModelFactory[Visit]):
    """A visit that is about to begin, without a team."""

    class Meta:
        model = Visit

    state = Visit.State.TEAM_CONFIRMED
    starts_on = MONDAY
    ends_on = date(2026, 3, 4)


def begin_visit(visit: Visit, *, by: User | None) -> Step:
    """Begin a visit, on an agreed day or on another."""
    if today_is_an_agreed_day(visit):
        return perform(visit, "begin", by=by)
    return perform(visit, "begin_on_another_day", by=by, note="Agreed by telephone.")


class TeamMemberFactory(DjangoModelFactory[TeamMember]):
    """A member who has declared to have no stake."""

    class Meta:
        model = TeamMember

    declared_at = factory.LazyFunction(timezone.now)


class DocumentFactory(DjangoModelFactory[Document]):
    """A small text file of a hotline, in the test's own folder."""

    class Meta:
        model = Document

    hotline = factory.SubFactory(HotlineFactory)
    name = "call guide.txt"
    content_type = "text/plain"
    size = factory.LazyAttribute(lambda document: len(document.content))
    digest = factory.LazyAttribute(lambda document: digest(document.content.decode()))
    file = factory.LazyAttribute(lambda document: ContentFile(document.content, name="call guide.txt"))
    uploaded_by = factory.SubFactory(UserFactory)

    class Params:
        content = factory.Sequence(lambda n: f"Call guide {n}\n".encode())


class EvidenceFactory(DjangoModelFactory[Evidence]):
    """Evidence with a web address, unless a document is given."""

    class Meta:
        model = Evidence

    code = "1.1.1"
    address = factory.LazyAttribute(lambda evidence: "" if evidence.document else "https://example.org/proof")
    document = None
    added_by = factory.SubFactory(UserFactory)


class StatisticsImportFactory(DjangoModelFactory[StatisticsImport]):
    """A file of figures of 2025, checked and not yet confirmed, with an empty draft."""

    class Meta:
        model = StatisticsImport

    hotline = factory.SubFactory(HotlineFactory)
    state = StatisticsImport.State.CHECKED
    level = "aggregate"
    period_start = date(2025, 1, 1)
    period_end = date(2025, 12, 31)
    definitions = "1.0"
    completeness = "complete"
    source_system = "own_crm"
    file_name = "figures-2025.csv"
    file_digest = factory.Sequence(lambda n: digest(f"file {n}"))


class FigureFactory(DjangoModelFactory[Figure]):
    class Meta:
        model = Figure

    quality = "measured"


class ScorecardFactory(DjangoModelFactory[Scorecard]):
    """A stored scorecard with an empty payload; `scorecard_of` stores what the engine computes."""

    class Meta:
        model = Scorecard

    payload = factory.Sequence(lambda n: canonical({"inputs": {}, "scorecard": {"number": n}}))
    sha256 = factory.LazyAttribute(lambda card: digest(card.payload))
    input_digest = digest("{}")
    engine = scoring.ENGINE
    proposal = "accredited"
    overall_tenths = 850


class DecisionFactory(DjangoModelFactory[Decision]):
    class Meta:
        model = Decision

    evaluation = factory.SelfAttribute("scorecard.evaluation")
    outcome = factory.SelfAttribute("scorecard.proposal")
    reasons = "The findings speak for themselves."
    departs = factory.LazyAttribute(lambda decision: decision.outcome != decision.scorecard.proposal)
    decided_by = factory.SubFactory(UserFactory)
    decided_on = date(2026, 5, 4)
    valid_until = date(2029, 5, 4)


class PublicationFactory(DjangoModelFactory[Publication]):
    """A published decision whose accreditation has begun, without a step; `state` is its present state.

    `extent` is what is public of it: everything, unless given.
    """

    class Meta:
        model = Publication
        skip_postgeneration_save = True

    at = factory.LazyAttribute(lambda publication: noon(publication.decision.decided_on))

    @factory.post_generation
    def extent(self, _create: bool, extent: str | None, **_: Any) -> None:
        self.extents.create(extent=extent or Extent.WHOLE)

    @factory.post_generation
    def state(self, _create: bool, state: str | None, **_: Any) -> None:
        if self.decision.valid_until is not None:
            hotline = self.decision.evaluation.hotline
            Accreditation.objects.filter(hotline=hotline, state__in=Accreditation.RUNNING).update(state="replaced")
            Accreditation.objects.create(hotline=hotline, decision=self.decision, state=state or "valid")


class AppealFactory(DjangoModelFactory[Appeal]):
    """A lodged appeal, without a step."""

    class Meta:
        model = Appeal

    evaluation = factory.SelfAttribute("decision.evaluation")
    state = Appeal.State.LODGED
    grounds = "Nobody looked at the night shift, which is where we do this."
    lodged_by = factory.SubFactory(UserFactory)


class CorrectionFactory(DjangoModelFactory[Correction]):
    """A correction that one member has proposed and nobody has confirmed, without a step."""

    class Meta:
        model = Correction

    evaluation = factory.SelfAttribute("decision.evaluation")
    scorecard = factory.SelfAttribute("decision.scorecard")
    state = Correction.State.PROPOSED
    outcome = factory.SelfAttribute("decision.outcome")
    reasons = SUBSTANCE
    proposed_by = factory.SubFactory(UserFactory)


class RequirementFactory(DjangoModelFactory[Requirement]):
    """A requirement of an accreditation with conditions, due within half a year."""

    class Meta:
        model = Requirement

    text = "Name a deputy who answers for the service."
    due_on = date(2026, 11, 4)


class FulfilmentFactory(DjangoModelFactory[Fulfilment]):
    """What became of a condition, without a step."""

    class Meta:
        model = Fulfilment

    due_on = factory.SelfAttribute("requirement.due_on")


class WithdrawalFactory(DjangoModelFactory[Withdrawal]):
    """A withdrawal that another coordinator has proposed and that can be confirmed today, without a step."""

    class Meta:
        model = Withdrawal

    state = Withdrawal.State.PROPOSED
    ground = SUBSTANCE
    heard_until = factory.LazyAttribute(lambda made: made.accreditation.today - timedelta(days=1))
    takes_effect_on = factory.LazyAttribute(lambda made: made.accreditation.today)
    proposed_by = factory.LazyFunction(lambda: person(Role.MCE_COORDINATOR))


@transaction.atomic
def withdraw(accreditation: Accreditation, *, by: User) -> Withdrawal:
    """Confirm as `by` the withdrawal of an accreditation that another coordinator has proposed."""
    withdrawal = WithdrawalFactory(accreditation=accreditation)
    perform(withdrawal, "confirm", by=by)
    accreditation.refresh_from_db()
    return withdrawal


class DeclarationFactory(DjangoModelFactory[Declaration]):
    """A panel member's declaration to have no stake."""

    class Meta:
        model = Declaration

    has_stake = False


class VoteFactory(DjangoModelFactory[Vote]):
    class Meta:
        model = Vote

    outcome = factory.SelfAttribute("scorecard.proposal")
    words = "What was seen carries it."


class CommentFactory(DjangoModelFactory[Comment]):
    class Meta:
        model = Comment

    words = "Look at 1.1.2 once more."


class ResponseFactory(DjangoModelFactory[Response]):
    """The hotline's response to a scorecard, with `remarks` by code, answered unless `remarks__answered=False`."""

    class Meta:
        model = Response
        skip_postgeneration_save = True

    words = "We thank the team."
    given_by = factory.SubFactory(UserFactory)

    @factory.post_generation
    def remarks(self, _create: bool, extracted: Mapping[str, str] | None, *, answered: bool = True, **_: Any) -> None:
        remarks = [Remark(response=self, code=code, words=words) for code, words in (extracted or {}).items()]
        Remark.objects.bulk_create(remarks)
        now = timezone.now()
        answer = {"words": "We saw what we saw.", "version": 1, "by": self.given_by, "at": now, "given_at": now}
        Reply.objects.bulk_create(Reply(remark=remark) for remark in remarks)
        if answered and remarks:
            Reply.objects.filter(remark__in=remarks).update(**answer)  # which writes its history


class RecommendationFactory(DjangoModelFactory[Recommendation]):
    class Meta:
        model = Recommendation

    code = "1.1.2"
    title = "Write down who answers for the service"


class GoodPracticeFactory(DjangoModelFactory[GoodPractice]):
    """A complete text to which nobody was asked to consent.

    By default its finding is in an otherwise empty evaluation.
    """

    class Meta:
        model = GoodPractice

    finding = factory.LazyFunction(
        lambda: Finding.objects.create(evaluation=EvaluationFactory(), code="1.1.2", level=3, good_practice=True)
    )
    key = factory.LazyAttribute(lambda row: row.finding.code)
    title = "A deputy for every shift"
    summary = "Nobody is alone when a call comes."
    text = "The rota names a deputy.\n\nIt is written each month."
    proposed_by = factory.SubFactory(UserFactory)


class ExchangeFactory(DjangoModelFactory[Exchange]):
    """A requested visit between two hotlines. It already has the report that a visit which took place must have."""

    class Meta:
        model = Exchange

    visitor = factory.SubFactory("tests.factories.HotlineFactory")
    host = factory.SubFactory("tests.factories.HotlineFactory")
    levels = factory.LazyFunction(lambda: {"1.1.2": 1})
    message = "Two of us would come in spring."
    requested_by = factory.SubFactory(UserFactory)
    held_on = MONDAY
    report = "We saw the rota."


def practice_of(stage: Any, state: str = GoodPractice.State.PROPOSED, code: str = "1.1.2") -> GoodPractice:
    """Return the good practice of a published stage at an indicator, moved to a state by users with the rights."""
    finding, _made = Finding.objects.update_or_create(
        evaluation=stage.evaluation, code=code, defaults={"level": 3, "words": "Seen.", "good_practice": True}
    )
    practice = GoodPracticeFactory(finding=finding, proposed_by=stage.people.mce)
    states = GoodPractice.State
    if state != states.PROPOSED:
        perform(practice, "ask", by=stage.people.mce)
    if state in (states.CONSENTED, states.PUBLISHED, states.WITHDRAWN):
        perform(practice, "consent", by=stage.coordinator, read=practice.digest)
    if state in (states.PUBLISHED, states.WITHDRAWN):
        perform(practice, "publish", by=stage.people.mce)
    if state == states.WITHDRAWN:
        perform(practice, "withdraw", by=stage.coordinator)
    return practice


class ProofFactory(DjangoModelFactory[Proof]):
    """A proof with words only, unless a document or an address is given."""

    class Meta:
        model = Proof

    words = "The rota of three months."
    by = factory.SubFactory(UserFactory)


class IssueFactory(DjangoModelFactory[Issue]):
    """A printed report of a decision; its PDF is a stub in the test's own folder."""

    class Meta:
        model = Issue

    number = 1
    language = "en"
    document = "{}"
    document_sha256 = digest("{}")
    pdf = factory.LazyAttribute(lambda issue: ContentFile(issue.content, name="report.pdf"))
    pdf_sha256 = factory.LazyAttribute(lambda issue: digest(issue.content.decode()))
    size = factory.LazyAttribute(lambda issue: len(issue.content))
    pages = 1

    class Params:
        content = b"%PDF-1.7\n%%EOF\n"


class PrintingFactory(DjangoModelFactory[Printing]):
    class Meta:
        model = Printing

    language = "en"
    asked_by = factory.SubFactory(UserFactory)


# --- What a story needs ------------------------------------------------------------------------------------------


def evaluation_of(hotline: Hotline | None = None, **details: Any) -> Evaluation:
    """Create an evaluation with an empty answer for each indicator, at version 0."""
    evaluation = EvaluationFactory(**details, **({"hotline": hotline} if hotline else {}))
    create_blank_answers([evaluation], Answer)
    return evaluation


def open_round(round_: Round, hotlines: Iterable[Hotline], *, by: User, renewing: bool = False) -> list[Evaluation]:
    """Plan the round for these hotlines, open it, and return their evaluations."""
    round_.chosen.set(hotlines)
    Round.objects.filter(pk=round_.pk).update(is_renewing=renewing)
    return open_planned_round(round_, by=by).evaluations


def visit_of(
    evaluation: Evaluation, *, lead: User | None = None, members: Iterable[User] = (), **details: Any
) -> Visit:
    """Create a visit with its team and an empty finding for each indicator, at version 0."""
    visit = VisitFactory(evaluation=evaluation, **details)
    team = [TeamMemberFactory.build(visit=visit, user=lead, is_lead=True)] if lead else []
    team += [TeamMemberFactory.build(visit=visit, user=member) for member in members]
    TeamMember.objects.bulk_create(team)
    create_blank_answers([evaluation], Finding)
    return visit


def finish_recording(visit: Visit) -> Visit:
    """Let each team member finish recording, which enters the findings. Return the refreshed visit."""
    for member in visit.team.select_related("user"):
        perform(Visit.objects.get(pk=visit.pk), "finish_recording", by=member.user)
    visit.refresh_from_db()
    return visit


def write_answer(evaluation: Evaluation, code: str, model: type[Answer | Finding] = Answer, **fields: Any) -> None:
    """Write one answer, or one finding with `model=Finding`: `level=`, `value=`, `not_applicable=True`, `words=`."""
    _write_answers(evaluation, [code], model, fields)


def _write_answers(
    evaluation: Evaluation, codes: list[str], model: type[Answer | Finding], fields: Mapping[str, Any]
) -> None:
    rows = model.objects.filter(evaluation=evaluation, code__in=codes)
    changed = rows.update(**{"at": timezone.now(), **fields}, version=F("version") + 1)
    assert changed == len(codes), f"{evaluation} has no row for each of {codes}: create its blank answers first"


def write_all_answers(
    evaluation: Evaluation,
    level: int = 3,
    model: type[Answer | Finding] = Answer,
    *,
    extra: Mapping[str, Any] | None = None,
    **other: Mapping[str, Any],
) -> None:
    """Give every indicator that people answer this level, or the best value of a yes/no or a number for that level.

    `extra` are further fields of each of these answers: `by=`, `words=`. `other` overrules single indicators, written
    with underscores: `i1_1_2={"level": 1}`. Equal answers are written in one query.
    """
    overruled = {name[1:].replace("_", "."): fields for name, fields in other.items()}
    codes: defaultdict[tuple[tuple[str, Any], ...], list[str]] = defaultdict(list)
    for code, indicator in evaluation.framework.indicators.items():
        if not indicator.from_figures:
            fields = overruled.get(code) or {**at_level(indicator, level), **(extra or {})}
            codes[tuple(sorted(fields.items()))].append(code)
    for fields, equal in codes.items():
        _write_answers(evaluation, equal, model, dict(fields))


def at_level(indicator: Indicator, level: int) -> dict[str, Any]:
    if indicator.measure is Measure.YES_NO:
        return {"level": 3 if level >= 2 else 0}
    if indicator.measure is Measure.NUMERIC:
        bound = next((band.bound for band in indicator.bands if band.level == level), "0")
        return {"value": Decimal(bound)}
    return {"level": level}


def attach_what_is_required(evaluation: Evaluation, by: User) -> None:
    """Attach an address as evidence to every indicator that requires some."""
    Evidence.objects.bulk_create(
        EvidenceFactory.build(evaluation=evaluation, code=code, added_by=by)
        for code, indicator in evaluation.framework.indicators.items()
        if indicator.evidence_required
    )


def confirmed(statistics: StatisticsImport, by: User) -> StatisticsImport:
    """Let the hotline explain each warning in one sentence and confirm the file."""
    recheck(statistics)
    explain(statistics, ["Because the way of counting changed."] * len(statistics.warnings), by)
    perform(statistics, "confirm", by=by)
    return statistics


def confirmed_figures(hotline: Hotline, figures: Mapping[str, Any], **details: Any) -> StatisticsImport:
    """Create a confirmed file with these figures by item; None is not recorded."""
    rows = [
        FigureFactory.build(
            statistics=None, item=item, value=value, quality="not_recorded" if value is None else "measured"
        )
        for item, value in figures.items()
    ]
    details.setdefault("figures_sha256", digest_of_figures([getattr(row, name) for name in FIGURE] for row in rows))
    statistics = StatisticsImportFactory(hotline=hotline, state=StatisticsImport.State.CONFIRMED, **details)
    for row in rows:
        row.statistics = statistics
    Figure.objects.bulk_create(rows)
    return statistics


GOOD_FIGURES = {"A03": 1000, "A04": 880, "A05": 40, "A06": 80}
"""Of 960 calls, 880 answered: 91.6 per cent, level 3 for 3.1.1 of the small edition."""


def score_now(evaluation: Evaluation) -> scoring.Scorecard:
    """Return the scorecard that the engine computes from the stored evidence, without storing it."""
    from evaluation.judging import evidence as judging

    return scoring.score(evaluation.framework, judging.gather_evidence(evaluation))


def scorecard_of(evaluation: Evaluation) -> Scorecard:
    """Store the scorecard that the engine computes from the stored evidence, whatever the stage."""
    from evaluation.judging import evidence as judging
    from evaluation.scorecards import write_scorecard

    evidence = judging.gather_evidence(evaluation)
    card = write_scorecard(evaluation, evidence, scoring.score(evaluation.framework, evidence))
    card.save(force_insert=True)
    return card


def declare_no_stake(evaluation: Evaluation, *members: User) -> None:
    """Let the members declare that they have no stake, in one query."""
    Declaration.objects.bulk_create(DeclarationFactory.build(evaluation=evaluation, user=member) for member in members)


def agree(scorecard: Scorecard, *members: User, outcome: str = "") -> None:
    """Let the members declare that they have no stake, unless they have, and vote for the outcome or the proposal."""
    evaluation = scorecard.evaluation
    declared = set(Declaration.objects.filter(evaluation=evaluation).values_list("user", flat=True))
    declare_no_stake(evaluation, *(member for member in members if member.pk not in declared))
    Vote.objects.bulk_create(
        VoteFactory.build(scorecard=scorecard, user=member, outcome=outcome or scorecard.proposal) for member in members
    )


def noon(day: date = MONDAY) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
