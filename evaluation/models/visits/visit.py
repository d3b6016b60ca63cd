"""The study visit and its states, from proposed to closed."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from evaluation.models.answers.judgements import judgements_agree, needs_a_finding
from evaluation.models.evaluation import the_team_is_independent
from evaluation.models.people.permissions import may
from evaluation.models.people.roles import Role
from evaluation.models.people.ties import ties_of_team
from evaluation.models.reasons import Condition, Reason, about
from evaluation.models.states import StateField, Stateful, transition, wrong_state
from evaluation.models.step import Step
from standards.framework import Indicator

if TYPE_CHECKING:
    from evaluation.models.answers.judgements import Judgement
    from evaluation.models.evaluation import Evaluation
    from evaluation.models.people.user import User
    from evaluation.models.visits.observation import Observation
    from evaluation.models.visits.sheet import LateRow
    from evaluation.models.visits.team import TeamMember


@Condition
def the_self_assessment_is_accepted(visit: "Visit") -> Iterator[Reason]:
    """MCE has accepted the self-assessment."""
    if visit.evaluation.state != visit.evaluation.State.STUDY_VISIT:
        yield Reason("not_accepted")


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
def the_evaluation_awaits_its_visit(visit: "Visit") -> Iterator[Reason]:
    """The evaluation is in the stage desk review or study visit."""
    states = visit.evaluation.State
    awaiting = (states.DESK_REVIEW, states.STUDY_VISIT)
    if visit.evaluation.state not in awaiting:
        yield wrong_state(visit.evaluation, *awaiting)


@Condition
def the_visit_is_about_something(visit: "Visit") -> Iterator[Reason]:
    """The visit is not limited, or at least one of the indicators to which it is limited is still asked."""
    if visit.only_codes and not visit.evaluation.examined:
        yield Reason("limited_to_nothing", codes=tuple(visit.only_codes))


@Condition
def every_member_has_declared(visit: "Visit") -> Iterator[Reason]:
    """Every member of the team has declared to have no stake in the hotline."""
    if waiting := tuple(member.user.name for member in visit.team.all() if member.declared_at is None):
        yield Reason("interests_not_declared", names=waiting)


@Condition
def the_team_cannot_go_on(visit: "Visit") -> Iterator[Reason]:
    """A member of the team has a tie to the hotline, an unknown country, or no role as assessor any more."""
    team = visit.assessors
    is_tied = any(ties_of_team(team, visit.evaluation.hotline))  # first: it reads the roles of all of them at once
    if not is_tied and all(person.has_role(Role.ASSESSOR) for person in team):
        yield Reason("team_can_go_on")


@Condition
def today_is_an_agreed_day(visit: "Visit") -> Iterator[Reason]:
    """Today is one of the agreed days."""
    if not _is_today(visit):
        yield Reason("not_a_day_of_the_visit", day=visit.starts_on, last=visit.ends_on)


@Condition
def today_is_no_agreed_day(visit: "Visit") -> Iterator[Reason]:
    """Today is none of the agreed days."""
    if _is_today(visit):
        yield Reason("a_day_of_the_visit")


def _is_today(visit: "Visit") -> bool:
    today = visit.evaluation.round.today
    return visit.starts_on is not None and visit.ends_on is not None and visit.starts_on <= today <= visit.ends_on


@Condition
def every_assessor_has_finished(visit: "Visit") -> Iterator[Reason]:
    """Every member of the team has finished recording."""
    names = tuple(member.user.name for member in visit.team.all() if member.finished_at is None)
    if names:
        yield Reason("not_everybody_finished", names=names)


@Condition
def the_lead_has_finished(visit: "Visit") -> Iterator[Reason]:
    """The lead assessor has finished recording, and cannot change their observations after reading the others'."""
    if visit.lead is None or visit.lead.finished_at is None:
        yield Reason("lead_not_finished")


def finished_assessors(visit: "Visit") -> frozenset[int]:
    """Return the keys of the team members who have finished recording."""
    return frozenset(member.user_id for member in visit.team.all() if member.finished_at is not None)


def group_observations(visit: "Visit") -> "dict[str, list[Observation]]":
    """Return the current team's observations of the examined indicators, by indicator code, in the order of the team.

    After the visit was planned again, indicators without a newer observation are left out: their findings are kept. If
    one member has a newer observation, the earlier ones of other members are included. Three queries.
    """
    order = {member.user_id: place for place, member in enumerate(visit.team.all())}
    found: dict[str, list[Observation]] = {}
    for seen in sorted(
        (one for one in visit.observations.select_related("by") if one.by_id in order), key=lambda o: order[o.by_id]
    ):
        if seen.is_given and visit.is_about(seen.code):
            found.setdefault(seen.code, []).append(seen)
    since = visit.planned_again_at
    if since is None:
        return found
    return {code: seen for code, seen in found.items() if any(one.at and one.at > since for one in seen)}


def observations_agree(indicator: Indicator, seen: "Sequence[Observation]", finished: Collection[int]) -> bool:
    """Whether all assessors who have finished recorded the indicator, and all its observations agree."""
    first, *others = seen
    return set(finished) <= {one.by_id for one in seen} and all(
        first.not_seen == one.not_seen and judgements_agree(indicator, first, one) for one in others
    )


def find_divergent(visit: "Visit") -> "dict[str, list[Observation]]":
    """Return the observations of the indicators on which the assessors differ, by code in the order of the Guide."""
    seen, finished = group_observations(visit), finished_assessors(visit)
    indicators: Iterable[Indicator] = visit.evaluation.framework.indicators.values()
    return {
        indicator.code: seen[indicator.code]
        for indicator in indicators
        if indicator.code in seen and not observations_agree(indicator, seen[indicator.code], finished)
    }


@Condition
def every_divergence_has_words(visit: "Visit") -> Iterator[Reason]:
    """Every finding on which the assessors differed has words."""
    evaluation = visit.evaluation
    asked, divergent = evaluation.asked, find_divergent(visit)
    return about(
        "divergence_without_words",
        evaluation.framework,
        (
            asked[finding.code]
            for finding in evaluation.findings.all()
            if finding.code in divergent and finding.code in asked and finding.is_given and not finding.words.strip()
        ),
    )


def find_waiting_rows(visit: "Visit") -> "list[LateRow]":
    """Return the rows of the present team that came too late for this visit and are not decided. At most four queries.

    Those of a visit before it was planned again are left out.
    """
    waiting = [one for one in visit.late_rows.all() if not one.decision]
    if not waiting:
        return []
    prefetch_related_objects(waiting, "by")
    since, team = visit.planned_again_at, {member.user_id for member in visit.team.all()}
    return [one for one in waiting if one.by_id in team and (since is None or one.at > since)]


@Condition
def every_late_row_is_decided(visit: "Visit") -> Iterator[Reason]:
    """Every row that came too late is taken in or left out."""
    if waiting := find_waiting_rows(visit):
        yield Reason("late_rows_undecided", names=tuple(str(one.uid) for one in waiting))


class VisitState(models.TextChoices):
    """The states of a visit; defined here for the constraint of the model."""

    PROPOSED = "proposed", _("proposed")
    DATES_AGREED = "dates_agreed", _("dates agreed")
    TEAM_CONFIRMED = "team_confirmed", _("team confirmed")
    AGENDA_SENT = "agenda_sent", _("agenda sent")
    UNDER_WAY = "under_way", _("under way")
    FINDINGS_ENTERED = "findings_entered", _("findings entered")
    SIGNED_OFF = "signed_off", _("signed off")
    RESPONSE = "response", pgettext_lazy("visit", "response")
    CLOSED = "closed", pgettext_lazy("visit", "closed")
    CANCELLED = "cancelled", _("cancelled")


class Visit(Stateful):
    kind = "visit"

    State = VisitState

    class Mode(models.TextChoices):
        ON_SITE = "on_site", _("on site")
        REMOTE = "remote", _("remote")

    WITH_DAYS = (State.DATES_AGREED, State.TEAM_CONFIRMED, State.AGENDA_SENT)
    """The states before it begins in which its days are agreed."""
    BEFORE_IT_BEGINS = (State.PROPOSED, *WITH_DAYS)
    HELD = (State.UNDER_WAY, State.FINDINGS_ENTERED)
    """The states after it began, until it is signed off."""
    AFTER_SIGN_OFF = (State.SIGNED_OFF, State.RESPONSE, State.CLOSED)
    """The states in which its findings are signed off."""
    BEGINNING_MOVES = ("begin", "begin_on_another_day")
    PROPOSED_FIELDS = ("mode", "alone_because", "only_codes")
    """The fields that are set with the team."""
    ARRANGED = ("starts_on", "ends_on", *PROPOSED_FIELDS)
    """The fields that are set when the visit is arranged, in the order of the form and of the page."""

    evaluation = models.OneToOneField("evaluation.Evaluation", on_delete=models.CASCADE, related_name="visit")
    state = StateField(_("state"), default=State.PROPOSED, choices=State.choices)
    mode = models.CharField(_("on site or remote"), max_length=10, choices=Mode.choices, default=Mode.ON_SITE)
    starts_on = models.DateField(_("first day"), null=True, blank=True)
    """If the visit is proposed or cancelled, `starts_on` and `ends_on` are days that were agreed before, or None."""
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    alone_because = models.CharField(_("why one person goes alone"), max_length=300, blank=True)
    only_codes = models.JSONField(_("limited to"), default=list, blank=True)
    """The codes of the indicators to which a follow-up visit is limited; empty if it examines all asked ones."""

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_visit_ends_after_it_starts", condition=models.Q(ends_on__gte=models.F("starts_on"))
            ),
            models.CheckConstraint(
                name="a_visit_without_days_is_proposed_or_cancelled",
                condition=models.Q(starts_on__isnull=False, ends_on__isnull=False)
                | models.Q(state__in=(VisitState.PROPOSED, VisitState.CANCELLED), starts_on=None, ends_on=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.evaluation}"

    def of_evaluation(self) -> "Evaluation":
        return self.evaluation

    @property
    def arranged_visit(self) -> "Visit":
        """Itself. Evaluations have a property with the same name."""
        return self

    @property
    def agreed_days(self) -> tuple[date, date] | None:
        """The first and the last day; None before both sides agree on them, and if it is cancelled."""
        if self.starts_on is None or self.ends_on is None or self.state in (self.State.PROPOSED, self.State.CANCELLED):
            return None
        return self.starts_on, self.ends_on

    @property
    def days(self) -> int:
        """The number of days; 0 without days."""
        if self.starts_on is None or self.ends_on is None:
            return 0
        return (self.ends_on - self.starts_on).days + 1

    def is_about(self, code: str) -> bool:
        """Whether it examines an indicator, provided that the indicator is asked. A follow-up visit may be limited."""
        return not self.only_codes or code in self.only_codes

    @property
    def has_begun(self) -> bool:
        return self.state not in (*self.BEFORE_IT_BEGINS, self.State.CANCELLED)

    @cached_property
    def held_days(self) -> tuple[date, date] | None:
        """The first and the last day on which something can have been seen or heard; None before it begins. One query.

        These are the agreed days, extended by those from its beginning, if it began on another day.
        """
        moves = Step.objects.filter(kind=self.kind, uid=self.uid, move__in=self.BEGINNING_MOVES)
        begun_at = moves.order_by("seq").values_list("at", flat=True).last()
        if begun_at is None or self.starts_on is None or self.ends_on is None:
            return None
        began_on = timezone.localdate(begun_at, ZoneInfo(self.evaluation.round.time_zone))
        if self.starts_on <= began_on <= self.ends_on:
            return self.starts_on, self.ends_on
        last = began_on + timedelta(days=self.days - 1)
        return min(self.starts_on, began_on), max(self.ends_on, last)

    @property
    def planned_again_at(self) -> datetime | None:
        """When its evaluation was last reopened, so that the visit is planned again; None for a first visit. One query.

        Also for a visit that was cancelled at the end of a follow-up: its earlier observations belong to that
        follow-up.
        """
        decided = self.evaluation
        steps = Step.objects.filter(kind=decided.kind, uid=decided.uid, move__in=decided.REOPENING_MOVES)
        return steps.order_by("seq").values_list("at", flat=True).last()

    @property
    def assessors(self) -> list["User"]:
        """The users of its team. Two queries, or none if it was read with them."""
        members = list(self.team.all())
        prefetch_related_objects(members, "user")
        return [member.user for member in members]

    @property
    def lead(self) -> "TeamMember | None":
        return next((member for member in self.team.all() if member.is_lead), None)

    # --- Planning ----------------------------------------------------------------------------------------------------

    @transition(
        state,
        [State.PROPOSED, State.CANCELLED],
        State.PROPOSED,
        conditions=[the_evaluation_awaits_its_visit],
        permission=may("visit.arrange"),
        custom={"by_form": True},
    )
    def propose(self) -> None:
        """Propose the visit, or change the proposal: its team, and whether it is on site or remote."""

    @transition(
        state,
        State.PROPOSED,
        State.PROPOSED,
        conditions=[the_evaluation_awaits_its_visit],
        permission=may("visit.agree"),
        custom={"by_form": True},
    )
    def suggest_dates(self) -> None:
        """Suggest days to the other side: the hotline, or the team with Missing Children Europe."""

    @transition(state, State.PROPOSED, State.PROPOSED, permission=may("visit.agree"), custom={"by_form": True})
    def take_back_dates(self) -> None:
        """Withdraw days that the own side suggested."""

    @transition(
        state,
        State.PROPOSED,
        State.DATES_AGREED,
        conditions=[the_evaluation_awaits_its_visit, the_team_is_independent],
        permission=may("visit.agree"),
        custom={"by_form": True},
    )
    def agree_dates(self) -> None:
        """Agree on days: those that the other side suggested, or those agreed by telephone."""

    @transition(
        state,
        (*WITH_DAYS, *HELD),
        State.DATES_AGREED,
        conditions=[the_evaluation_awaits_its_visit],
        permission=may("visit.arrange"),
        custom={"by_form": True},
    )
    def change_team(self) -> None:
        """Change the team after days are agreed; after the visit has begun, only if the team cannot continue.

        The new team is confirmed again, and begins again if the visit had begun.
        """

    @transition(state, BEFORE_IT_BEGINS, None, permission=may("visit.declare"), custom={"by_form": True})
    def declare(self) -> None:
        """Declare that team members have no stake in this hotline."""

    @transition(
        state,
        (*BEFORE_IT_BEGINS, *HELD),
        None,
        permission=may("visit.step_aside"),
        custom={"by_form": True},
    )
    def step_aside(self) -> None:
        """Declare a stake in this hotline. The visit waits until the team is changed."""

    @transition(
        state,
        State.DATES_AGREED,
        State.TEAM_CONFIRMED,
        conditions=[the_evaluation_awaits_its_visit, every_member_has_declared, the_team_is_independent],
        permission=may("visit.arrange"),
        custom={"by_itself": True},
    )
    def confirm_team(self) -> None:
        """Confirm the team: every member has declared to have no stake."""

    @transition(
        state,
        [State.TEAM_CONFIRMED, State.AGENDA_SENT],
        State.AGENDA_SENT,
        conditions=[the_team_is_independent],
        permission=may("visit.plan"),
        custom={"by_form": True},
    )
    @transition(
        state,
        State.UNDER_WAY,
        State.UNDER_WAY,
        conditions=[the_team_is_independent],
        permission=may("visit.plan"),
        custom={"by_form": True},
    )
    def send_agenda(self) -> None:
        """Send the newest version of the agenda to the hotline and the team."""

    @transition(state, WITH_DAYS, State.PROPOSED, permission=may("visit.put_off"), custom={"needs_note": True})
    def put_off(self) -> None:
        """Postpone the visit, with a reason: both sides agree on other days."""

    @transition(
        state,
        [State.TEAM_CONFIRMED, State.AGENDA_SENT],
        State.TEAM_CONFIRMED,
        conditions=[the_evaluation_awaits_its_visit, the_team_is_independent],
        permission=may("visit.arrange"),
        custom={"by_form": True, "needs_note": True},
    )
    @transition(
        state,
        State.DATES_AGREED,
        State.DATES_AGREED,
        conditions=[the_evaluation_awaits_its_visit, the_team_is_independent],
        permission=may("visit.arrange"),
        custom={"by_form": True, "needs_note": True},
    )
    def change_dates(self) -> None:
        """Change the days to others on which both sides have already agreed, with the reason."""

    @transition(
        state,
        (*BEFORE_IT_BEGINS, *HELD),
        State.CANCELLED,
        permission=may("visit.arrange"),
        custom={"needs_note": True},
    )
    def cancel(self) -> None:
        """Cancel the visit, with a reason. It can be proposed again."""

    # --- The visit itself --------------------------------------------------------------------------------------------

    @transition(
        state,
        [State.TEAM_CONFIRMED, State.AGENDA_SENT],
        State.UNDER_WAY,
        conditions=[
            the_self_assessment_is_accepted,
            the_team_is_independent,
            the_visit_is_about_something,
            today_is_an_agreed_day,
        ],
        permission=may("visit.observe"),
        custom={"only_when": today_is_an_agreed_day},
    )
    def begin(self) -> None:
        """Begin the visit: each assessor records their own observations."""

    @transition(
        state,
        [State.TEAM_CONFIRMED, State.AGENDA_SENT],
        State.UNDER_WAY,
        conditions=[
            the_self_assessment_is_accepted,
            the_team_is_independent,
            the_visit_is_about_something,
            today_is_no_agreed_day,
        ],
        permission=may("visit.observe"),
        custom={"needs_note": True, "only_when": today_is_no_agreed_day},
    )
    def begin_on_another_day(self) -> None:
        """Begin the visit on another day than agreed, with the reason."""

    @transition(
        state,
        State.UNDER_WAY,
        State.TEAM_CONFIRMED,
        permission=may("visit.observe"),
        custom={"needs_note": True},
    )
    def take_back_beginning(self) -> None:
        """Revert the beginning of the visit, with the reason. What is recorded stays, and nobody learns of it."""

    @transition(state, State.UNDER_WAY, State.UNDER_WAY, permission=may("visit.observe"), custom={"by_form": True})
    def finish_recording(self) -> None:
        """Finish recording as one assessor. When the whole team has finished, the findings are entered."""

    @transition(state, State.UNDER_WAY, State.UNDER_WAY, permission=may("visit.observe"), custom={"by_form": True})
    def go_on_recording(self) -> None:
        """Continue recording after finishing it, as long as another assessor has not finished."""

    @transition(
        state,
        State.UNDER_WAY,
        State.FINDINGS_ENTERED,
        conditions=[every_assessor_has_finished],
        permission=may("visit.observe"),
        custom={"by_itself": True},
    )
    def enter_findings(self) -> None:
        """Enter the findings on which the assessors agree, and show all observations to the whole team."""

    @transition(
        state,
        State.UNDER_WAY,
        State.FINDINGS_ENTERED,
        conditions=[the_lead_has_finished],
        permission=may("visit.sign_off"),
        custom={"needs_note": True, "only_when": the_lead_has_finished},
    )
    def close_recording(self) -> None:
        """Enter the findings without the assessors who have not finished, with the reason."""

    @transition(
        state,
        State.FINDINGS_ENTERED,
        State.UNDER_WAY,
        conditions=[the_team_is_independent],
        permission=may("visit.sign_off"),
        custom={"needs_note": True},
    )
    def record_again(self) -> None:
        """Let the team record again, with the reason: somebody finished too early, or a device had not sent all."""

    @transition(
        state,
        State.FINDINGS_ENTERED,
        State.FINDINGS_ENTERED,
        conditions=[the_team_is_independent],
        permission=may("visit.sign_off"),
        custom={"by_form": True},
    )
    def take_late_rows(self) -> None:
        """Take rows into the sheets that a device sent after their author had finished."""

    @transition(
        state,
        State.FINDINGS_ENTERED,
        State.FINDINGS_ENTERED,
        permission=may("visit.sign_off"),
        custom={"by_form": True, "needs_note": True},
    )
    def leave_out_late_rows(self) -> None:
        """Leave out rows that a device sent after their author had finished, with the reason."""

    @transition(
        state,
        State.FINDINGS_ENTERED,
        State.SIGNED_OFF,
        conditions=[
            the_visit_is_about_something,
            every_visit_indicator_has_a_finding,
            every_difference_has_words,
            every_divergence_has_words,
            every_late_row_is_decided,
            the_team_is_independent,
        ],
        permission=may("visit.sign_off"),
    )
    def sign_off(self) -> None:
        """Sign off the findings: the lead assessor declares them complete."""

    @transition(
        state, State.SIGNED_OFF, State.FINDINGS_ENTERED, permission=may("evaluation.judge"), custom={"by_itself": True}
    )
    def reopen(self) -> None:
        """Reopen the findings, with the evaluation."""

    # --- Moves with the evaluation after the visit -------------------------------------------------------------------

    @transition(state, State.SIGNED_OFF, State.RESPONSE, permission=may("evaluation.judge"), custom={"by_itself": True})
    def send_findings(self) -> None:
        """Send the findings to the hotline, with the draft of the report."""

    @transition(
        state,
        [State.RESPONSE, State.CLOSED],
        State.SIGNED_OFF,
        permission=may("evaluation.judge"),
        custom={"by_itself": True},
    )
    def take_findings_back(self) -> None:
        """Withdraw the findings with the draft, from the hotline or from the panel."""

    @transition(
        state,
        [State.SIGNED_OFF, State.RESPONSE],
        State.CLOSED,
        permission=may("evaluation.judge"),
        custom={"by_itself": True},
    )
    def close(self) -> None:
        """Close the visit: objections are answered, or the time to respond has passed. The findings are final."""

    @transition(state, State.CLOSED, State.PROPOSED, permission=may("evaluation.run"), custom={"by_itself": True})
    def plan_again(self) -> None:
        """Plan the visit again, after a deferral or as a follow-up. The findings stay valid until they are changed."""
