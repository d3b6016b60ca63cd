"""The conditions of moves. Each yields the reasons why it is not met, which pages show as a list with links."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol
from zoneinfo import ZoneInfo

from django.utils import timezone

from evaluation.guards.permissions import is_allowed
from evaluation.guards.reasons import Condition, Reason
from evaluation.guards.ties import tied_people
from evaluation.scoring import requires_observation
from standards.framework import Framework, Indicator, Measure

if TYPE_CHECKING:
    from evaluation.models import Evaluation, Hotline, Recommendation, Remark, Round, StatisticsImport, User, Visit
    from evaluation.models.judgements import Judgement


def about(code: str, framework: Framework, indicators: Iterable[Indicator]) -> Iterator[Reason]:
    """Yield one reason that names all of the indicators; nothing if there are none."""
    found = list(indicators)
    if found:
        highest_count = sum(framework.has_highest_obligation(indicator) for indicator in found)
        yield Reason(code, codes=tuple(indicator.code for indicator in found), highest_count=highest_count)


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


def ties_of_team(team: "Iterable[User]", hotline: "Hotline") -> Iterator[Reason]:
    """Yield a reason for each kind of tie in the team, and one for members whose country is unknown."""
    team = list(team)
    for tie, names in tied_people(team, hotline).items():
        yield Reason(f"team_tied_by_{tie}", names=names)
    if unknown := tuple(person.name for person in team if not person.country):
        yield Reason("country_unknown", names=unknown)


@Condition
def the_self_assessment_is_accepted(visit: "Visit") -> Iterator[Reason]:
    """MCE has accepted the self-assessment."""
    if visit.evaluation.state != visit.evaluation.State.STUDY_VISIT:
        yield Reason("not_accepted")


@Condition
def the_visit_is_signed_off(evaluation: "Evaluation") -> Iterator[Reason]:
    """The lead assessor has signed the findings off."""
    visit = evaluation.arranged_visit
    if visit is None or visit.state != visit.State.SIGNED_OFF:
        yield Reason("not_signed_off")


def needs_a_finding(indicator: Indicator, answer: "Judgement | None") -> bool:
    """Whether an indicator requires a finding from the visit."""
    return requires_observation(indicator, says_not_applicable=bool(answer and answer.not_applicable))


def _is_allowed(indicator: Indicator, judgement: "Judgement") -> bool:
    """Whether a judgement counts: “not applicable” counts only if the Guide allows it."""
    return indicator.not_applicable or not judgement.not_applicable


@Condition
def every_visit_indicator_has_a_finding(visit: "Visit") -> Iterator[Reason]:
    """Each indicator that the visit examines and that requires observation has a finding."""
    evaluation = visit.evaluation
    answers = {answer.code: answer for answer in evaluation.answers.all()}
    indicators = evaluation.framework.indicators
    found = {f.code for f in evaluation.findings.all() if f.is_given and _is_allowed(indicators[f.code], f)}
    return about(
        "no_finding",
        evaluation.framework,
        (
            indicator
            for indicator in evaluation.examined.values()
            if needs_a_finding(indicator, answers.get(indicator.code)) and indicator.code not in found
        ),
    )


def judgements_agree(indicator: Indicator, one: "Judgement", other: "Judgement") -> bool:
    """Whether two judgements of an indicator agree: the same level or value, and both or neither not applicable.

    A finding that could not be observed agrees with everything.
    """
    if getattr(one, "not_seen", False) or getattr(other, "not_seen", False):
        return True
    if indicator.measure is Measure.NUMERIC:
        return (one.value, one.not_applicable) == (other.value, other.not_applicable)
    return (one.level, one.not_applicable) == (other.level, other.not_applicable)


@Condition
def every_difference_has_words(visit: "Visit") -> Iterator[Reason]:
    """A finding that differs from the answer, or could not be observed, has an explanation."""
    evaluation = visit.evaluation
    indicators = evaluation.examined
    answers = {answer.code: answer for answer in evaluation.answers.all()}
    return about(
        "difference_without_words",
        evaluation.framework,
        (
            indicators[finding.code]
            for finding in evaluation.findings.all()
            if finding.code in indicators
            and finding.is_given
            and not finding.words.strip()
            and (finding.not_seen or not judgements_agree(indicators[finding.code], finding, answers[finding.code]))
        ),
    )


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
def a_proof_is_attached(recommendation: "Recommendation") -> Iterator[Reason]:
    """There is a proof: a document, an address, or the reason why there can be neither."""
    if not recommendation.proofs.all():
        yield Reason("no_proof")


@Condition
def the_opening_day_has_come(round_: "Round") -> Iterator[Reason]:
    """The opening day of the round has come in its time zone."""
    if round_.today < round_.opens_on:
        yield Reason("opens_later", day=round_.opens_on)


@Condition
def the_deadline_is_to_come(round_: "Round") -> Iterator[Reason]:
    """The last day of the self-assessment has not passed in the round's time zone."""
    if round_.today > round_.answers_until:
        yield Reason("deadline_in_the_past", day=round_.answers_until)


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
def every_outcome_is_published(round_: "Round") -> Iterator[Reason]:
    """Every evaluation of the round is published, or its hotline is excused.

    Follow-up visits are ignored: the hotline is accredited, and its outcome is published.
    """
    stages = round_.evaluations.model.State
    waiting = round_.evaluations.exclude(state__in=(stages.PUBLISHED, stages.EXCUSED))
    followed = waiting.filter(state__in=round_.evaluations.model.UNDER_WAY, decisions__accreditation__isnull=False)
    open_ = waiting.exclude(pk__in=followed.order_by().values("pk")).select_related("hotline")
    if open_:
        yield Reason("not_published", names=tuple(evaluation.hotline.name for evaluation in open_))


SHORTEST_SENTENCE = 10
"""The minimum number of characters of an explanation."""


@Condition
def every_warning_is_explained(statistics: "StatisticsImport") -> Iterator[Reason]:
    """The hotline has explained every warning of the validation."""
    explained = [text for text in statistics.explanations if len(text.strip()) >= SHORTEST_SENTENCE]
    if len(explained) < len(statistics.warnings):
        yield Reason("warnings_unexplained", have=len(explained), need=len(statistics.warnings))
