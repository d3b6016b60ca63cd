"""The evaluation of one hotline in one round: its states, called stages, and the moves between them."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Protocol
from zoneinfo import ZoneInfo

from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from evaluation.engine import scoring
from evaluation.models.ballot import Tally
from evaluation.models.people.permissions import is_allowed, may
from evaluation.models.people.ties import stakes_of, ties_of_team
from evaluation.models.reasons import Condition, Reason, about
from evaluation.models.states import StateField, Stateful, transition
from evaluation.models.step import Step
from standards.framework import Framework, Indicator

if TYPE_CHECKING:
    from evaluation.models.accreditation.accreditation import Accreditation
    from evaluation.models.answers.judgements import Answer, Evidence, ReturnedAnswer
    from evaluation.models.panel.decision import Decision
    from evaluation.models.panel.fulfilment import Fulfilment
    from evaluation.models.people.user import User
    from evaluation.models.response import Remark
    from evaluation.models.scorecards import Scorecard
    from evaluation.models.visits.visit import Visit


@Condition
def the_traits_are_stated(evaluation: "Evaluation") -> Iterator[Reason]:
    """Missing Children Europe has set the traits of the hotline, if the edition has any."""
    if evaluation.framework.traits and evaluation.traits is None:
        yield Reason("traits_not_stated")


@Condition
def every_indicator_is_answered(evaluation: "Evaluation") -> Iterator[Reason]:
    """Each asked and scored indicator that is not filled from figures has an answer, given or carried over."""
    given = {answer.code for answer in evaluation.answers.all() if answer.is_given or answer.is_carried}
    return about(
        "unanswered",
        evaluation.framework,
        (
            indicator
            for indicator in evaluation.asked.values()
            if indicator.is_scored and not indicator.from_figures and indicator.code not in given
        ),
    )


@Condition
def every_carried_answer_is_reviewed(evaluation: "Evaluation") -> Iterator[Reason]:
    """The hotline has reviewed every asked answer that was carried over from the last evaluation."""
    asked = evaluation.asked
    carried = (asked[a.code] for a in evaluation.answers.all() if a.is_carried and a.code in asked)
    return about("carried_over", evaluation.framework, carried)


@Condition
def every_exception_has_a_reason(evaluation: "Evaluation") -> Iterator[Reason]:
    """Each “not applicable” has a reason in words."""
    asked = evaluation.asked
    return about(
        "exception_without_reason",
        evaluation.framework,
        (
            asked[a.code]
            for a in evaluation.answers.all()
            if a.code in asked and a.not_applicable and not a.words.strip()
        ),
    )


@Condition
def evidence_is_attached(evaluation: "Evaluation") -> Iterator[Reason]:
    """A yes to an indicator that requires evidence has at least one document or address."""
    indicators = evaluation.asked
    best = evaluation.framework.scale.best
    attached = {evidence.code for evidence in evaluation.evidence.all()}
    return about(
        "yes_without_evidence",
        evaluation.framework,
        (
            indicators[answer.code]
            for answer in evaluation.answers.all()
            if answer.code in indicators
            and answer.is_given
            and answer.level == best
            and indicators[answer.code].evidence_required
            and answer.code not in attached
        ),
    )


class Visited(Protocol):
    """An evaluation, or its visit."""

    @property
    def arranged_visit(self) -> "Visit | None": ...


@Condition
def a_visit_is_arranged(evaluation: "Evaluation") -> Iterator[Reason]:
    """There is a visit with agreed days and a lead assessor."""
    visit = evaluation.arranged_visit
    if visit is None or visit.state == visit.State.CANCELLED:
        yield Reason("no_visit")
        return
    if visit.agreed_days is None:
        yield Reason("dates_not_agreed")
    if visit.lead is None:
        yield Reason("no_lead")


@Condition
def no_visit_has_begun(evaluation: "Evaluation") -> Iterator[Reason]:
    """The visit has not begun."""
    visit = evaluation.arranged_visit
    if visit is not None and visit.has_begun:
        yield Reason("visit_has_begun")


@Condition
def the_team_is_independent(thing: Visited) -> Iterator[Reason]:
    """No member of the team has a tie to the hotline, and the country of each is known. Superusers are not exempt."""
    visit = thing.arranged_visit
    if visit is None:
        return
    yield from ties_of_team(visit.assessors, visit.evaluation.hotline)


@Condition
def the_visit_is_signed_off(evaluation: "Evaluation") -> Iterator[Reason]:
    """The lead assessor has signed the findings off."""
    visit = evaluation.arranged_visit
    if visit is None or visit.state != visit.State.SIGNED_OFF:
        yield Reason("not_signed_off")


@Condition
def a_scorecard_is_stored(evaluation: "Evaluation") -> Iterator[Reason]:
    """The evaluation has a scorecard."""
    if not evaluation.scorecards.exists():
        yield Reason("no_scorecard")


@Condition
def a_response_is_given(evaluation: "Evaluation") -> Iterator[Reason]:
    """The hotline has responded to the latest scorecard, possibly without remarks."""
    scorecard = evaluation.latest_scorecard
    if getattr(scorecard, "response", None) is None:
        yield Reason("no_response")


def find_remarks(evaluation: "Evaluation") -> "list[Remark]":
    """Return the hotline's remarks on the latest scorecard, in their order, with their replies.

    If the latest scorecard revises the one that was sent, these are the remarks on the sent one.
    """
    scorecard = evaluation.latest_scorecard
    response = getattr(scorecard.sent, "response", None) if scorecard else None
    return list(response.remarks.select_related("reply__by")) if response else []


def find_unanswered(evaluation: "Evaluation") -> tuple[str, ...]:
    """Return the indicator codes of the remarks whose reply is not handed to the panel."""
    return tuple(remark.code for remark in find_remarks(evaluation) if remark.answer is None)


@Condition
def every_remark_has_a_reply(evaluation: "Evaluation") -> Iterator[Reason]:
    """The assessors have written a reply to each remark of the hotline's response."""
    codes = (r.code for r in find_remarks(evaluation) if not r.reply.words.strip())
    if found := tuple(codes):
        yield Reason("remarks_without_reply", codes=found)


@Condition
def an_answer_is_awaited(evaluation: "Evaluation") -> Iterator[Reason]:
    """The hotline contests findings, and the panel does not have all replies yet."""
    if not find_unanswered(evaluation):
        yield Reason("no_answer_awaited")


@Condition
def every_remark_is_answered(evaluation: "Evaluation") -> Iterator[Reason]:
    """The assessors' replies to all remarks are handed to the panel."""
    if found := find_unanswered(evaluation):
        yield Reason("remarks_unanswered", codes=found)


@Condition
def the_time_to_respond_is_over(evaluation: "Evaluation") -> Iterator[Reason]:
    """The last day of the hotline's response has passed in the round's time zone."""
    if evaluation.respond_by is None or evaluation.round.today <= evaluation.respond_by:
        yield Reason("time_to_respond", day=evaluation.respond_by)


@Condition
def the_panel_agrees(evaluation: "Evaluation") -> Iterator[Reason]:
    """Enough members without a tie have voted, and their votes give one outcome. Superusers are not exempt.

    An outcome other than the proposed one needs the number of votes that the edition requires.
    """
    scorecard, tally, procedure = evaluation.latest_scorecard, evaluation.tally, evaluation.framework.procedure
    if tally.cast < procedure.quorum:
        yield Reason("no_quorum", have=tally.cast, need=procedure.quorum)
    if tally.cast and tally.winner is None:
        yield Reason("no_majority", have=max(tally.counts.values()), need=tally.cast // 2 + 1)
    if scorecard and tally.winner and tally.winner != scorecard.proposal:
        have = tally.backing(tally.winner)
        if have < procedure.departing:
            yield Reason("not_enough_to_depart", have=have, need=procedure.departing)


@Condition
def a_tie_calls_for_a_second_vote(evaluation: "Evaluation") -> Iterator[Reason]:
    """No outcome wins with enough votes cast, and the edition lets the members vote once more, which they did not yet."""
    tally, procedure = evaluation.tally, evaluation.framework.procedure
    if tally.cast < procedure.quorum or not tally.is_tie or tally.winner is not None:
        yield Reason("no_second_vote")


@Condition
def everybody_could_vote(evaluation: "Evaluation") -> Iterator[Reason]:
    """Every member who declared and can vote has voted, or the time to vote since the first vote is over."""
    scorecard = evaluation.latest_scorecard
    votes = scorecard.counted_votes if scorecard else []
    if scorecard is None or not votes:
        return
    first = min(scorecard.current_votes.values_list("voted_at", flat=True))
    zone, days = ZoneInfo(evaluation.round.time_zone), evaluation.framework.procedure.voting_days
    until = timezone.localdate(first, zone) + timedelta(days=days)
    if evaluation.round.today > until:
        return
    voted = {vote.user_id for vote in votes}
    newest = {one.user_id: one for one in evaluation.declarations.select_related("user")}
    declared = [one.user for one in newest.values() if not one.has_stake and one.user.is_active]
    awaited = [user for user in declared if user.pk not in voted]
    if names := tuple(user.name for user in awaited if is_allowed("evaluation.decide", user, evaluation)):
        yield Reason("still_voting", names=names, day=until)


@Condition
def a_decision_is_written(evaluation: "Evaluation") -> Iterator[Reason]:
    """There is a decision for the winning outcome on the latest scorecard, by a member whose vote counts."""
    scorecard = evaluation.latest_scorecard
    decision = scorecard.decisions.first() if scorecard else None
    if decision is None or not (decision.outcome == evaluation.tally.winner and decision.is_by_a_counted_voter):
        yield Reason("no_decision")


@Condition
def the_outcome_is_a_hold(evaluation: "Evaluation") -> Iterator[Reason]:
    """The latest decision is a deferral: the outcome waits until the hotline hands in what is missing."""
    decision = evaluation.decisions.first()
    if decision is None or decision.hand_in_by is None:
        yield Reason("no_hold")


@Condition
def a_report_is_printed(evaluation: "Evaluation") -> Iterator[Reason]:
    """The report of the latest decision is printed."""
    decision = evaluation.decisions.first()
    if decision is None or not decision.issues.filter(extent="").exists():
        yield Reason("no_report")


@Condition
def the_round_is_open(evaluation: "Evaluation") -> Iterator[Reason]:
    """The round of the evaluation is open."""
    if evaluation.round.state != evaluation.round.State.OPEN:
        yield Reason("round_not_open")


@Condition
def no_other_self_assessment_is_open(evaluation: "Evaluation") -> Iterator[Reason]:
    """The hotline has no open self-assessment in another round."""
    others = type(evaluation)._base_manager.filter(
        hotline=evaluation.hotline_id, state=evaluation.State.SELF_ASSESSMENT
    )
    rounds = tuple(others.exclude(pk=evaluation.pk).values_list("round__name", flat=True))
    if rounds:
        yield Reason("self_assessment_open_elsewhere", names=rounds)


@Condition
def every_returned_answer_is_settled(evaluation: "Evaluation") -> Iterator[Reason]:
    """Each answer that was sent back was changed since, or the hotline has commented on it to the reviewers since."""
    returned = evaluation.returned
    if not returned:
        return
    evidence: dict[str, list[Evidence]] = {}
    for link in evaluation.evidence.all():
        evidence.setdefault(link.code, []).append(link)
    unchanged = {
        answer.code: returned[answer.code][-1].step.at
        for answer in evaluation.answers.all()
        if answer.code in returned
        and answer.content_digest(evidence.get(answer.code, ())) == returned[answer.code][-1].sha256
    }
    if not unchanged:
        return
    written = evaluation.discussions.filter(
        audience="review",
        code__in=list(unchanged),
        comments__is_deleted=False,
        comments__by__memberships__hotline=evaluation.hotline_id,
    ).values_list("code", "comments__written_at")
    replied = {code for code, at in written if at >= unchanged[code]}
    yield from about(
        "unchanged_since_sent_back",
        evaluation.framework,
        (evaluation.asked[code] for code in returned if code in unchanged and code not in replied),
    )


@Condition
def some_answers_are_fixed(evaluation: "Evaluation") -> Iterator[Reason]:
    """Some answers were sent back, and others cannot be changed."""
    if not evaluation.fixed_codes:
        yield Reason("no_answer_is_fixed")


@Condition
def no_reply_is_of_a_tied_author(evaluation: "Evaluation") -> Iterator[Reason]:
    """No author of a reply has a tie to the hotline today, or may take part in the decision."""
    if found := find_replies_of_tied_authors(evaluation, find_remarks(evaluation)):
        yield Reason("replies_of_tied_authors", codes=found)


def find_replies_of_tied_authors(evaluation: "Evaluation", remarks: "Iterable[Remark]") -> tuple[str, ...]:
    """Return the indicator codes of the replies that need another author. Replies handed to the panel do not count.

    A few queries per author.
    """
    written = {remark.code: remark.reply.by for remark in remarks if remark.reply.by and remark.answer is None}
    authors = {author.pk: author for author in written.values()}
    tied = {key for key, author in authors.items() if _is_tied(author, evaluation)}
    return tuple(code for code, author in written.items() if author.pk in tied)


def _is_tied(author: "User", evaluation: "Evaluation") -> bool:
    return bool(stakes_of(author, evaluation.hotline)) or is_allowed("evaluation.declare", author, evaluation)


def _is_replaced_by(evaluation: "Evaluation", kind: str) -> bool:
    newest = evaluation.decisions.first()
    return newest is not None and newest.kind == kind and getattr(newest, "publication", None) is None


@Condition
def a_correction_is_written(evaluation: "Evaluation") -> Iterator[Reason]:
    """The newest decision corrects the former one, and is not published yet."""
    if not _is_replaced_by(evaluation, "correction"):
        yield Reason("no_decision")


@Condition
def a_decision_on_appeal_is_written(evaluation: "Evaluation") -> Iterator[Reason]:
    """The newest decision was made on an appeal, and is not published yet."""
    if not _is_replaced_by(evaluation, "appeal"):
        yield Reason("no_decision")


@Condition
def no_appeal_is_open(evaluation: "Evaluation") -> Iterator[Reason]:
    """No appeal is open, on which the panel would have to rule first."""
    if evaluation.appeals.filter(state=evaluation.appeals.model.State.LODGED).exists():
        yield Reason("appeal_is_open")


@Condition
def its_accreditation_runs(evaluation: "Evaluation") -> Iterator[Reason]:
    """The current decision granted an accreditation that is valid or suspended, and whose last day has not passed."""
    accreditation = getattr(evaluation.current_decision, "accreditation", None)
    if accreditation is None or not accreditation.is_running:
        yield Reason("no_running_accreditation")
    elif accreditation.has_ended:
        yield Reason("has_ended", day=accreditation.valid_until)


@Condition
def the_time_to_appeal_is_over(evaluation: "Evaluation") -> Iterator[Reason]:
    """The hotline cannot appeal against the current decision any more: the time has passed, or an appeal was closed."""
    decision = evaluation.current_decision
    if decision is None or decision.kind == decision.Kind.APPEAL:
        return
    states = evaluation.appeals.model.State
    closed = evaluation.appeals.filter(decision=decision, withdrawal=None).exclude(
        state__in=(states.WRITTEN, states.LODGED)
    )
    if evaluation.round.today <= decision.last_day_to_appeal and not closed.exists():
        yield Reason("time_to_appeal", day=decision.last_day_to_appeal)


@Condition
def no_correction_is_open(evaluation: "Evaluation") -> Iterator[Reason]:
    """No correction is proposed: it could not be confirmed before the next decision."""
    if evaluation.corrections.filter(state=evaluation.corrections.model.State.PROPOSED).exists():
        yield Reason("correction_is_open")


@Condition
def a_follow_up_is_under_way(evaluation: "Evaluation") -> Iterator[Reason]:
    """A follow-up visit of an accredited hotline is under way, and the current decision is published."""
    if evaluation.followed_up is None or getattr(evaluation.current_decision, "publication", None) is None:
        yield Reason("no_follow_up")


@Condition
def no_follow_up_is_under_way(evaluation: "Evaluation") -> Iterator[Reason]:
    """No follow-up visit is under way: excusing the hotline must not undo a published outcome."""
    if evaluation.followed_up is not None:
        yield Reason("follow_up_is_under_way")


@Condition
def nothing_newer_is_published(evaluation: "Evaluation") -> Iterator[Reason]:
    """No outcome of another round has replaced the accreditation that the follow-up visit reviews."""
    decision, followed = evaluation.current_decision, evaluation.followed_up
    if followed is None and decision is not None and decision.kind in decision.REVIEWS:
        followed = decision.followed_up
    accreditation = getattr(followed, "accreditation", None)
    if accreditation is not None and accreditation.is_replaced and _is_replaced_by_another(accreditation):
        yield Reason("newer_outcome")


def _is_replaced_by_another(accreditation: "Accreditation") -> bool:
    """Whether an outcome of the hotline from another evaluation was published later. Deferrals do not count."""
    decision = accreditation.decision
    later = type(decision)._default_manager.filter(
        evaluation__hotline=accreditation.hotline_id, hand_in_by=None, publication__at__gt=decision.publication.at
    )
    return bool(later.exclude(evaluation=decision.evaluation_id).exists())


@Condition
def there_is_cause_to_decide_anew(evaluation: "Evaluation") -> Iterator[Reason]:
    """A condition of the published decision is not met, or the newest scorecard proposes another outcome."""
    is_published = evaluation.state == evaluation.State.PUBLISHED
    if evaluation.rescored is None and not (is_published and evaluation.has_unmet_condition):
        yield Reason("no_unmet_condition")


@Condition
def a_published_accreditation_runs(evaluation: "Evaluation") -> Iterator[Reason]:
    """The accreditation of the current decision, if it has granted one, runs and has not ended."""
    if getattr(evaluation.current_decision, "accreditation", None) is not None:
        yield from its_accreditation_runs.reasons(evaluation)


@Condition
def a_condition_was_not_met(evaluation: "Evaluation") -> Iterator[Reason]:
    """The panel has taken the decision up again because of an unmet condition."""
    if not evaluation.is_reconsidered or not evaluation.has_unmet_condition:
        yield Reason("no_unmet_condition")


@Condition
def the_conditions_are_met(evaluation: "Evaluation") -> Iterator[Reason]:
    """The newest decision follows from the conditions that are all met, and is not published yet."""
    newest = evaluation.current_decision
    if newest is None or newest.kind != newest.Kind.CONDITIONS_MET or getattr(newest, "publication", None):
        yield Reason("no_decision")


class EvaluationState(models.TextChoices):
    """The stages of an evaluation; defined here for the constraint of the model."""

    SELF_ASSESSMENT = "self_assessment", pgettext_lazy("stage", "Self-assessment")
    DESK_REVIEW = "desk_review", pgettext_lazy("stage", "Desk review")
    STUDY_VISIT = "study_visit", pgettext_lazy("stage", "Study visit")
    REPORT = "report", pgettext_lazy("stage", "Report")
    RESPONSE = "response", pgettext_lazy("stage", "Response")
    DECISION = "decision", pgettext_lazy("stage", "Decision")
    DECIDED = "decided", pgettext_lazy("stage", "Decided")
    PUBLISHED = "published", pgettext_lazy("stage", "Published")
    EXCUSED = "excused", pgettext_lazy("stage", "Excused")


class Evaluation(Stateful):
    """One hotline in one round, pinned to the round's edition."""

    kind = "evaluation"

    State = EvaluationState
    DECISION_AND_LATER = (State.DECISION, State.DECIDED, State.PUBLISHED)
    """The stages in which the panel can see an evaluation."""
    DECIDED_AND_LATER = (State.DECIDED, State.PUBLISHED)
    UNDER_WAY = (
        State.SELF_ASSESSMENT,
        State.DESK_REVIEW,
        State.STUDY_VISIT,
        State.REPORT,
        State.RESPONSE,
        State.DECISION,
    )
    """The stages before a decision: the first one, or one after a deferral or a follow-up visit."""
    REOPENING_MOVES = ("follow_up", "resume")
    """The moves that reopen a decided evaluation."""

    round = models.ForeignKey("evaluation.Round", on_delete=models.PROTECT, related_name="evaluations")
    hotline = models.ForeignKey("evaluation.Hotline", on_delete=models.PROTECT, related_name="evaluations")
    operator = models.ForeignKey("evaluation.Operator", on_delete=models.PROTECT, null=True, related_name="evaluations")
    """The operator when the evaluation was created. The outcome belongs to the hotline and to this operator."""
    state = StateField(_("stage"), default=State.SELF_ASSESSMENT, choices=State.choices)
    opened_at = models.DateTimeField(default=timezone.now, editable=False)
    respond_by = models.DateField(_("respond by"), null=True, editable=False)
    """The last day of the hotline's response, in the round's time zone; set each time a draft is sent to it."""
    extended_until = models.DateField(_("last day of its own"), null=True, editable=False)
    """The last day of the self-assessment if the hotline was given an extension."""
    traits = models.JSONField(_("traits"), null=True, editable=False)
    """The codes of the edition's traits that the hotline has, in the order of the edition; None until they are set."""
    fixed_codes = models.JSONField(null=True, editable=False)
    """The codes of the indicators whose answers cannot be changed while others are sent back; None if none is fixed."""
    renews = models.ForeignKey("self", on_delete=models.PROTECT, null=True, editable=False, related_name="renewals")
    """The hotline's last evaluation, from which answers are carried over."""
    carried_at = models.DateTimeField(null=True, editable=False)
    """When answers were carried over to pairs that were confirmed since it began; None if there were none."""

    class Meta:
        ordering = ["hotline__recorded_name"]
        constraints = [
            models.UniqueConstraint(fields=["round", "hotline"], name="one_evaluation_a_round"),
            models.UniqueConstraint(
                fields=["hotline"],
                condition=models.Q(state=EvaluationState.SELF_ASSESSMENT),
                name="one_open_self_assessment_a_hotline",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.hotline}, {self.round}"

    def of_evaluation(self) -> "Evaluation":
        return self

    @cached_property
    def framework(self) -> Framework:
        return self.round.edition.framework

    @cached_property
    def in_force(self) -> dict[str, Indicator]:
        """The indicators that the edition asks of any hotline on the opening day of the round, by code."""
        return self.framework.in_force(self.round.opens_on)

    @cached_property
    def asked(self) -> dict[str, Indicator]:
        """The indicators that are asked of this hotline, by code, depending on its traits and answers. Cached."""
        if not self.framework.asks_some_only:
            return self.in_force
        answers = {answer.code: answer for answer in self.answers.all()}
        return self.asked_after(answers)

    @cached_property
    def possibly_asked(self) -> dict[str, Indicator]:
        """The indicators that the hotline's traits do not exclude, by code. Some are asked only after certain answers.

        Before the traits are set, none is excluded.
        """
        traits = self.framework.traits if self.traits is None else self.traits
        return self.framework.possibly_asked(self.round.opens_on, traits)

    def asked_after(self, answers: "Mapping[str, Answer]") -> dict[str, Indicator]:
        """Return the indicators that are asked of this hotline with these answers, by code."""

        def level_of(indicator: Indicator) -> int | None:
            answer = answers.get(indicator.code)
            if answer is None or not answer.is_given:
                return None
            value = None if answer.value is None else Fraction(answer.value)
            given = scoring.Judgement(answer.level, value, answer.not_applicable)
            return scoring.level_of_judgement(self.framework, indicator, given)

        return self.framework.asked(self.round.opens_on, self.traits or (), level_of)

    @property
    def examined(self) -> dict[str, Indicator]:
        """The indicators that the visit examines, by code: all that are asked, unless a follow-up visit is limited."""
        visit = self.arranged_visit
        if visit is None or not visit.only_codes:
            return self.asked
        return {code: indicator for code, indicator in self.asked.items() if visit.is_about(code)}

    @property
    def answers_until(self) -> date:
        """The last day of the self-assessment: that of the round, or a later extension."""
        last: date = self.round.answers_until
        return max(last, self.extended_until) if self.extended_until else last

    @property
    def is_open(self) -> bool:
        """Whether the self-assessment can be edited."""
        return self.state == self.State.SELF_ASSESSMENT

    def is_answer_open(self, code: str) -> bool:
        """Whether the answer to an indicator can be edited: not if others were sent back and this one was not."""
        return self.is_open and code not in (self.fixed_codes or ())

    @cached_property
    def returned(self) -> "dict[str, list[ReturnedAnswer]]":
        """The answers that are currently sent back and still asked, by code in the order of the Guide, oldest first.

        Empty without a query if nothing, or the whole self-assessment, is sent back.
        """
        if self.fixed_codes is None:
            return {}
        rows = self.returned_answers.sent_back_last().select_related("step__words")
        found: dict[str, list[ReturnedAnswer]] = {}
        for row in rows.order_by("step__seq"):
            found.setdefault(row.code, []).append(row)
        return {code: found[code] for code in self.asked if code in found}

    @property
    def is_before_the_panel(self) -> bool:
        """Whether its decision is pending or made."""
        return self.state in self.DECISION_AND_LATER

    @property
    def awaits_replies(self) -> bool:
        """Whether its decision is pending, and a remark of the hotline's response is not answered for the panel.

        Until the replies are handed over, the panel neither reads nor votes.
        """
        return self.state == self.State.DECISION and bool(find_unanswered(self))

    @property
    def is_decided(self) -> bool:
        return self.state in self.DECIDED_AND_LATER

    @property
    def arranged_visit(self) -> "Visit | None":
        """The visit, or None before one is proposed."""
        return getattr(self, "visit", None)

    @property
    def latest_scorecard(self) -> "Scorecard | None":
        """The latest scorecard, or None."""
        return self.scorecards.first()

    @property
    def heard_scorecard(self) -> "Scorecard | None":
        """The scorecard that was sent to the hotline or the panel, or on which the panel heard the hotline and decided.

        The latest scorecard may be a newer one. After a decided evaluation is reopened, this is the scorecard of the
        decision until another draft is sent.
        """
        is_sent = self.state in (self.State.RESPONSE, self.State.DECISION)
        decision = None if is_sent else self.decisions.select_related("scorecard").first()
        return decision.heard_scorecard if decision else self.latest_scorecard

    @property
    def decided_scorecard(self) -> "Scorecard | None":
        """The latest scorecard of a decided evaluation; the scorecard of the last decision if it was reopened."""
        decision = None if self.is_decided else self.decisions.select_related("scorecard").first()
        return decision.scorecard if decision else self.latest_scorecard

    @property
    def shown_scorecard(self) -> "Scorecard | None":
        """The latest scorecard, or the one of the last decision if the latest has the same inputs and engine."""
        if not self.is_decided:
            return self.latest_scorecard
        latest = self.scorecards.latest_of(self).values("pk")
        decided = self.decisions.values("scorecard")[:1]
        found = list(self.scorecards.filter(models.Q(pk__in=latest) | models.Q(pk__in=decided)))
        repeats = len(found) > 1 and found[0].repeats(found[1])
        return found[1] if repeats else next(iter(found), None)

    @property
    def followed_up(self) -> "Decision | None":
        """The decision whose accreditation the current follow-up visit reviews; None if none is under way.

        The evaluation has already accredited the hotline and was reopened.
        """
        if self.state not in self.UNDER_WAY:
            return None
        return self.decisions.filter(accreditation__isnull=False).first()

    @cached_property
    def conditions(self) -> "list[Fulfilment]":
        """What became of the conditions of the current decision, by the due day. Cached; one query."""
        current = self._meta.apps.get_model("evaluation", "Fulfilment").objects.filter(
            requirement__decision__evaluation=self, requirement__decision__replaced_by=None
        )
        found = list(
            current.select_related("requirement__decision__accreditation", "requirement__decision__replaced_by")
        )
        for one in found:
            one.requirement.decision.evaluation = self
        return found

    @property
    def open_conditions(self) -> "dict[str, Fulfilment]":
        """The unmet conditions of the current decision that are on an indicator, by its code."""
        found = {one.requirement.code: one for one in self.conditions if not one.is_met and one.is_asked}
        return {code: one for code, one in found.items() if code}

    @property
    def is_reconsidered(self) -> bool:
        """Whether the panel has taken the decision up again: a condition was not met, or it was scored again."""
        if self.state not in (self.State.DECISION, self.State.REPORT, self.State.RESPONSE):
            return False
        reopening = Step.objects.filter(
            kind=self.kind, uid=self.uid, move__in=(*self.REOPENING_MOVES, "reconsider", "decide")
        )
        return reopening.order_by("-seq").values_list("move", flat=True).first() == "reconsider"

    @property
    def has_unmet_condition(self) -> bool:
        """Whether a condition of the current decision is not met, as the panel ruled or as its time has run out."""
        decision = self.current_decision
        unmet = self._meta.apps.get_model("evaluation", "Fulfilment").State.NOT_MET
        return decision is not None and decision.requirements.filter(fulfilment__state=unmet).exists()

    @property
    def rescored(self) -> "Scorecard | None":
        """The scorecard of a decided evaluation that was scored again, if it proposes another outcome; else None."""
        decision, newest = self.decisions.select_related("scorecard").first(), self.shown_scorecard
        if not self.is_decided or decision is None or newest is None or newest == decision.scorecard:
            return None
        return None if newest.proposal in (decision.scorecard.proposal, decision.outcome) else newest

    @property
    def newest_accreditation(self) -> "Accreditation | None":
        """The newest accreditation that one of its decisions granted, or None."""
        granted = self.decisions.filter(accreditation__isnull=False).select_related("accreditation").first()
        return granted.accreditation if granted else None

    @property
    def tally(self) -> Tally:
        """The votes that count on the latest scorecard."""
        scorecard = self.latest_scorecard
        return scorecard.tally_of(scorecard.counted_votes) if scorecard else Tally.of(())

    @property
    def current_decision(self) -> "Decision | None":
        return self.decisions.first()

    @transition(
        state,
        State.SELF_ASSESSMENT,
        State.DESK_REVIEW,
        conditions=[
            the_traits_are_stated,
            every_indicator_is_answered,
            every_carried_answer_is_reviewed,
            every_exception_has_a_reason,
            evidence_is_attached,
            every_returned_answer_is_settled,
        ],
        permission=may("evaluation.submit"),
        custom={"reads": ("answers",), "by_form": True},
    )
    def submit(self) -> None:
        """Submit the self-assessment: the hotline signs that it is complete, and it can no longer be changed."""
        self.fixed_codes = None

    @transition(
        state,
        State.SELF_ASSESSMENT,
        State.SELF_ASSESSMENT,
        permission=may("evaluation.run"),
        custom={"by_form": True},
    )
    def set_traits(self) -> None:
        """Set the traits of the hotline, on which some of the asked indicators depend."""

    @transition(
        state,
        State.SELF_ASSESSMENT,
        State.SELF_ASSESSMENT,
        permission=may("evaluation.run"),
        custom={"by_form": True, "needs_note": True},
    )
    def extend(self) -> None:
        """Extend the self-assessment of the hotline, with a reason."""

    @transition(
        state,
        State.SELF_ASSESSMENT,
        State.SELF_ASSESSMENT,
        permission=may("evaluation.run"),
        custom={"by_form": True, "needs_note": True},
    )
    def shorten(self) -> None:
        """Shorten an extension or take it back, with a reason."""

    @transition(
        state,
        State.DESK_REVIEW,
        State.SELF_ASSESSMENT,
        conditions=[no_visit_has_begun, no_other_self_assessment_is_open],
        permission=may("evaluation.run"),
        custom={"needs_note": True},
    )
    def send_back(self) -> None:
        """Send the self-assessment back to the hotline, whole or only chosen answers, with what is to be completed."""

    @transition(
        state,
        State.SELF_ASSESSMENT,
        State.SELF_ASSESSMENT,
        conditions=[some_answers_are_fixed],
        permission=may("evaluation.run"),
        custom={"by_form": True, "needs_note": True},
    )
    def reopen_answers(self) -> None:
        """Send further answers back, with a reason for each, while others are already sent back."""

    @transition(
        state,
        [State.DESK_REVIEW, State.STUDY_VISIT, State.REPORT, State.DECIDED, State.PUBLISHED],
        None,
        permission=may("evaluation.recount"),
        custom={"by_form": True, "needs_note": True},
    )
    def count_corrections(self) -> None:
        """Include figures that were corrected and accepted since the submission, with a reason."""

    @transition(
        state,
        State.DESK_REVIEW,
        State.STUDY_VISIT,
        conditions=[a_visit_is_arranged, the_team_is_independent],
        permission=may("evaluation.run"),
    )
    def accept(self) -> None:
        """Accept the self-assessment and begin the study visit."""

    @transition(
        state,
        State.STUDY_VISIT,
        State.REPORT,
        conditions=[the_visit_is_signed_off],
        permission=may("evaluation.sign_off"),
        custom={"by_itself": True},
    )
    def begin_report(self) -> None:
        """Begin the report: the findings are signed off."""

    @transition(
        state,
        State.REPORT,
        State.STUDY_VISIT,
        permission=may("evaluation.judge"),
        custom={"needs_note": True},
    )
    def reopen_findings(self) -> None:
        """Reopen the findings, with what is to be reviewed."""

    @transition(
        state,
        State.REPORT,
        State.RESPONSE,
        conditions=[the_visit_is_signed_off, a_scorecard_is_stored],
        permission=may("evaluation.judge"),
        custom={"by_form": True},
    )
    def propose(self) -> None:
        """Send the draft to the hotline: the findings are scored and the recommendations drafted."""
        self.respond_by = self.round.today + timedelta(days=self.framework.procedure.response_days)

    @transition(
        state,
        State.RESPONSE,
        State.REPORT,
        permission=may("evaluation.judge"),
        custom={"needs_note": True},
    )
    def take_back(self) -> None:
        """Withdraw the draft from the hotline, with a reason."""

    @transition(
        state,
        State.RESPONSE,
        State.DECISION,
        conditions=[a_response_is_given],
        permission=may("evaluation.respond"),
        custom={"by_form": True},
    )
    def respond(self) -> None:
        """Give the hotline's response: it goes to the panel with the draft and can no longer be changed."""

    @transition(
        state,
        State.RESPONSE,
        State.DECISION,
        conditions=[the_time_to_respond_is_over],
        permission=may("evaluation.run"),
    )
    def go_on_without_response(self) -> None:
        """Continue to the panel without a response: the hotline's deadline has passed."""

    @transition(
        state,
        State.DECISION,
        State.DECISION,
        conditions=[an_answer_is_awaited, every_remark_has_a_reply, no_reply_is_of_a_tied_author],
        permission=may("evaluation.judge"),
        custom={"by_form": True},
    )
    def answer_remarks(self) -> None:
        """Hand the assessors' replies to the panel: every remark of the hotline's response has one."""

    @transition(
        state,
        State.DECISION,
        State.REPORT,
        conditions=[every_remark_is_answered],
        permission=may("evaluation.decide"),
        custom={"needs_note": True},
    )
    def send_back_to_assessors(self) -> None:
        """Send the evaluation back to the lead assessor, with the panel's objections."""

    @transition(
        state,
        State.DECISION,
        State.DECISION,
        conditions=[every_remark_is_answered, a_tie_calls_for_a_second_vote, everybody_could_vote],
        permission=may("evaluation.decide"),
        custom={"only_when": a_tie_calls_for_a_second_vote},
    )
    def vote_again(self) -> None:
        """Clear the votes after a tie: every member votes once more, once only. The log keeps the former votes."""

    @transition(
        state,
        State.DECISION,
        State.DECIDED,
        conditions=[
            every_remark_is_answered,
            the_panel_agrees,
            everybody_could_vote,
            a_decision_is_written,
            nothing_newer_is_published,
        ],
        permission=may("evaluation.decide"),
        custom={"by_form": True},
    )
    def decide(self) -> None:
        """Record the panel's decision. It cannot be changed afterwards."""

    @transition(
        state,
        [State.DECIDED, State.PUBLISHED],
        State.SELF_ASSESSMENT,
        conditions=[the_outcome_is_a_hold, no_appeal_is_open, no_other_self_assessment_is_open],
        permission=may("evaluation.run"),
        custom={"needs_note": True, "only_when": the_outcome_is_a_hold},
    )
    def resume(self) -> None:
        """Resume a deferred evaluation: the hotline adds what was missing and is assessed again."""

    @transition(
        state,
        State.PUBLISHED,
        State.DESK_REVIEW,
        conditions=[
            its_accreditation_runs,
            no_appeal_is_open,
            the_time_to_appeal_is_over,
            no_correction_is_open,
            no_other_self_assessment_is_open,
        ],
        permission=may("evaluation.run"),
        custom={"needs_note": True, "only_when": its_accreditation_runs},
    )
    def follow_up(self) -> None:
        """Plan a follow-up visit of an accredited hotline, with the reason. The accreditation stays in force."""

    @transition(
        state,
        [State.SELF_ASSESSMENT, State.DESK_REVIEW, State.STUDY_VISIT, State.REPORT, State.RESPONSE],
        State.PUBLISHED,
        conditions=[a_follow_up_is_under_way],
        permission=may("evaluation.run"),
        custom={"needs_note": True, "only_when": a_follow_up_is_under_way},
    )
    def end_follow_up(self) -> None:
        """End the follow-up without a new decision: the accreditation is unchanged."""

    @transition(
        state,
        [State.DECIDED, State.PUBLISHED],
        State.DECISION,
        conditions=[
            there_is_cause_to_decide_anew,
            a_published_accreditation_runs,
            no_appeal_is_open,
            no_correction_is_open,
        ],
        permission=may("evaluation.decide"),
        custom={"needs_note": True, "only_when": there_is_cause_to_decide_anew},
    )
    def reconsider(self) -> None:
        """Take the decision up again, with the reason: a condition is not met, or scoring again proposes otherwise."""

    @transition(
        state,
        State.DECISION,
        State.PUBLISHED,
        conditions=[a_condition_was_not_met],
        permission=may("evaluation.decide"),
        custom={"needs_note": True, "only_when": a_condition_was_not_met},
    )
    def keep_decision(self) -> None:
        """Leave the decision as it is, with the reason: the unmet condition can still be extended."""

    @transition(
        state,
        [State.DECIDED, State.PUBLISHED],
        State.DECIDED,
        conditions=[the_conditions_are_met],
        permission=may("evaluation.decide"),
        custom={"by_itself": True},
    )
    def meet_conditions(self) -> None:
        """Replace the decision by the outcome that it becomes, now that all its conditions are met."""

    @transition(
        state,
        [State.DECIDED, State.PUBLISHED],
        State.DECIDED,
        conditions=[a_decision_on_appeal_is_written],
        permission=may("evaluation.decide"),
        custom={"by_itself": True},
    )
    def decide_on_appeal(self) -> None:
        """Replace the contested decision by the decision on the appeal."""

    @transition(
        state,
        [State.DECIDED, State.PUBLISHED],
        State.DECIDED,
        conditions=[a_correction_is_written, no_appeal_is_open],
        permission=may("evaluation.decide"),
        custom={"by_itself": True},
    )
    def correct(self) -> None:
        """Replace the decision by a corrected one."""

    @transition(
        state,
        [State.SELF_ASSESSMENT, State.DESK_REVIEW, State.STUDY_VISIT, State.REPORT, State.RESPONSE],
        State.EXCUSED,
        conditions=[no_follow_up_is_under_way],
        permission=may("evaluation.run"),
        custom={"needs_note": True, "only_when": no_follow_up_is_under_way},
    )
    def excuse(self) -> None:
        """Excuse the hotline from the round, with a reason: the round can close without it."""

    @transition(
        state,
        State.EXCUSED,
        State.SELF_ASSESSMENT,
        conditions=[the_round_is_open, no_visit_has_begun, no_other_self_assessment_is_open],
        permission=may("evaluation.run"),
        custom={"needs_note": True},
    )
    def readmit(self) -> None:
        """Readmit an excused hotline to the round. Its self-assessment is open again, with the stored answers."""

    @transition(
        state,
        State.DECIDED,
        State.PUBLISHED,
        conditions=[a_report_is_printed, no_appeal_is_open, nothing_newer_is_published],
        permission=may("evaluation.publish"),
        custom={"by_form": True},
    )
    def publish(self) -> None:
        """Publish the outcome: the register and the hotline's page show it, with as much of the report as is chosen."""

    @transition(
        state,
        State.PUBLISHED,
        State.PUBLISHED,
        permission=may("evaluation.publish"),
        custom={"by_form": True, "needs_note": True},
    )
    def change_extent(self) -> None:
        """Change how much of the published report is public, with the reason."""
