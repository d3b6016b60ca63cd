"""The evaluation of one hotline in one round: its states, called stages, and the moves between them."""

from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from evaluation import scoring
from evaluation.guards import conditions as facts
from evaluation.guards import follow_up_conditions as following
from evaluation.guards.ballot import Tally
from evaluation.guards.decision_conditions import (
    a_correction_is_written,
    a_decision_on_appeal_is_written,
    no_appeal_is_open,
)
from evaluation.guards.permissions import may
from evaluation.guards.reply_conditions import no_reply_is_of_a_tied_author
from evaluation.guards.returned_conditions import every_returned_answer_is_settled, some_answers_are_fixed
from evaluation.models.states import StateField, Stateful, transition
from evaluation.models.step import Step
from standards.framework import Framework, Indicator

if TYPE_CHECKING:
    from evaluation.models.accreditation import Accreditation
    from evaluation.models.judgements import Answer, ReturnedAnswer
    from evaluation.models.panel.decision import Decision
    from evaluation.models.panel.fulfilment import Fulfilment
    from evaluation.models.scorecard import Scorecard
    from evaluation.models.visits.visit import Visit


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
        return self.state == self.State.DECISION and bool(facts.find_unanswered(self))

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
            facts.the_traits_are_stated,
            facts.every_indicator_is_answered,
            facts.every_carried_answer_is_reviewed,
            facts.every_exception_has_a_reason,
            facts.evidence_is_attached,
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
        conditions=[facts.no_visit_has_begun, facts.no_other_self_assessment_is_open],
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
        conditions=[facts.a_visit_is_arranged, facts.the_team_is_independent],
        permission=may("evaluation.run"),
    )
    def accept(self) -> None:
        """Accept the self-assessment and begin the study visit."""

    @transition(
        state,
        State.STUDY_VISIT,
        State.REPORT,
        conditions=[facts.the_visit_is_signed_off],
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
        conditions=[facts.the_visit_is_signed_off, facts.a_scorecard_is_stored],
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
        conditions=[facts.a_response_is_given],
        permission=may("evaluation.respond"),
        custom={"by_form": True},
    )
    def respond(self) -> None:
        """Give the hotline's response: it goes to the panel with the draft and can no longer be changed."""

    @transition(
        state,
        State.RESPONSE,
        State.DECISION,
        conditions=[facts.the_time_to_respond_is_over],
        permission=may("evaluation.run"),
    )
    def go_on_without_response(self) -> None:
        """Continue to the panel without a response: the hotline's deadline has passed."""

    @transition(
        state,
        State.DECISION,
        State.DECISION,
        conditions=[facts.an_answer_is_awaited, facts.every_remark_has_a_reply, no_reply_is_of_a_tied_author],
        permission=may("evaluation.judge"),
        custom={"by_form": True},
    )
    def answer_remarks(self) -> None:
        """Hand the assessors' replies to the panel: every remark of the hotline's response has one."""

    @transition(
        state,
        State.DECISION,
        State.REPORT,
        conditions=[facts.every_remark_is_answered],
        permission=may("evaluation.decide"),
        custom={"needs_note": True},
    )
    def send_back_to_assessors(self) -> None:
        """Send the evaluation back to the lead assessor, with the panel's objections."""

    @transition(
        state,
        State.DECISION,
        State.DECISION,
        conditions=[facts.every_remark_is_answered, facts.a_tie_calls_for_a_second_vote, facts.everybody_could_vote],
        permission=may("evaluation.decide"),
        custom={"only_when": facts.a_tie_calls_for_a_second_vote},
    )
    def vote_again(self) -> None:
        """Clear the votes after a tie: every member votes once more, once only. The log keeps the former votes."""

    @transition(
        state,
        State.DECISION,
        State.DECIDED,
        conditions=[
            facts.every_remark_is_answered,
            facts.the_panel_agrees,
            facts.everybody_could_vote,
            facts.a_decision_is_written,
            following.nothing_newer_is_published,
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
        conditions=[facts.the_outcome_is_a_hold, no_appeal_is_open, facts.no_other_self_assessment_is_open],
        permission=may("evaluation.run"),
        custom={"needs_note": True, "only_when": facts.the_outcome_is_a_hold},
    )
    def resume(self) -> None:
        """Resume a deferred evaluation: the hotline adds what was missing and is assessed again."""

    @transition(
        state,
        State.PUBLISHED,
        State.DESK_REVIEW,
        conditions=[
            following.its_accreditation_runs,
            no_appeal_is_open,
            following.the_time_to_appeal_is_over,
            following.no_correction_is_open,
            facts.no_other_self_assessment_is_open,
        ],
        permission=may("evaluation.run"),
        custom={"needs_note": True, "only_when": following.its_accreditation_runs},
    )
    def follow_up(self) -> None:
        """Plan a follow-up visit of an accredited hotline, with the reason. The accreditation stays in force."""

    @transition(
        state,
        [State.SELF_ASSESSMENT, State.DESK_REVIEW, State.STUDY_VISIT, State.REPORT, State.RESPONSE],
        State.PUBLISHED,
        conditions=[following.a_follow_up_is_under_way],
        permission=may("evaluation.run"),
        custom={"needs_note": True, "only_when": following.a_follow_up_is_under_way},
    )
    def end_follow_up(self) -> None:
        """End the follow-up without a new decision: the accreditation is unchanged."""

    @transition(
        state,
        [State.DECIDED, State.PUBLISHED],
        State.DECISION,
        conditions=[
            following.there_is_cause_to_decide_anew,
            following.a_published_accreditation_runs,
            no_appeal_is_open,
            following.no_correction_is_open,
        ],
        permission=may("evaluation.decide"),
        custom={"needs_note": True, "only_when": following.there_is_cause_to_decide_anew},
    )
    def reconsider(self) -> None:
        """Take the decision up again, with the reason: a condition is not met, or scoring again proposes otherwise."""

    @transition(
        state,
        State.DECISION,
        State.PUBLISHED,
        conditions=[following.a_condition_was_not_met],
        permission=may("evaluation.decide"),
        custom={"needs_note": True, "only_when": following.a_condition_was_not_met},
    )
    def keep_decision(self) -> None:
        """Leave the decision as it is, with the reason: the unmet condition can still be extended."""

    @transition(
        state,
        [State.DECIDED, State.PUBLISHED],
        State.DECIDED,
        conditions=[following.the_conditions_are_met],
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
        conditions=[following.no_follow_up_is_under_way],
        permission=may("evaluation.run"),
        custom={"needs_note": True, "only_when": following.no_follow_up_is_under_way},
    )
    def excuse(self) -> None:
        """Excuse the hotline from the round, with a reason: the round can close without it."""

    @transition(
        state,
        State.EXCUSED,
        State.SELF_ASSESSMENT,
        conditions=[facts.the_round_is_open, facts.no_visit_has_begun, facts.no_other_self_assessment_is_open],
        permission=may("evaluation.run"),
        custom={"needs_note": True},
    )
    def readmit(self) -> None:
        """Readmit an excused hotline to the round. Its self-assessment is open again, with the stored answers."""

    @transition(
        state,
        State.DECIDED,
        State.PUBLISHED,
        conditions=[facts.a_report_is_printed, no_appeal_is_open, following.nothing_newer_is_published],
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
