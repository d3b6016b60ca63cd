"""A recommendation formatted for pages: its state, its due day, its indicator."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluation.engine.scoring import tenths_as_text
from evaluation.models import Evaluation, Recommendation
from evaluation.recommendations.progress import due_next
from portal.moves.pages import Stage
from standards.models import Texts
from standards.presentation.units import format_decimal

State = Recommendation.State

COLUMNS = tuple(state for state in State if state != State.DRAFTED)
"""The states that a hotline follows, in the order of its board."""

WAITS_FOR = {
    State.DRAFTED: gettext_lazy("It is issued with the panel’s decision."),
    State.ISSUED: gettext_lazy("The hotline accepts or contests it."),
    State.CONTESTED: gettext_lazy("Missing Children Europe answers."),
    State.ACCEPTED: gettext_lazy("The hotline starts working on it."),
    State.IN_PROGRESS: gettext_lazy("The hotline works on it and shows what it did."),
    State.EVIDENCE_SUBMITTED: gettext_lazy("Missing Children Europe or the team looks at it."),
    State.NOT_VERIFIED: gettext_lazy("The hotline goes on with what is still missing."),
    State.VERIFIED: gettext_lazy("Missing Children Europe closes it."),
    State.CLOSED: gettext_lazy("Nothing is left to do."),
}
"""The sentence about who acts next, by state."""

_WAY = (
    (State.ISSUED, State.CONTESTED),
    (State.ACCEPTED,),
    (State.IN_PROGRESS,),
    (State.EVIDENCE_SUBMITTED, State.NOT_VERIFIED),
    (State.VERIFIED,),
    (State.CLOSED,),
)
"""The stages of the rail: the usual state, and those that may replace it."""


@dataclass(frozen=True, slots=True)
class HeldStage(Stage):
    """A stage of the rail that may be blocked."""

    is_held: bool = False


def stages_of(recommendation: Recommendation) -> list[HeldStage]:
    """Return the stages of its progress. A draft has none done."""
    state = State(recommendation.state)
    now = next((place for place, states in enumerate(_WAY) if state in states), -1)
    return [
        HeldStage(
            label=str((state if place == now else states[0]).label).capitalize(),
            is_done=place < now or state == State.CLOSED,
            is_now=place == now and state != State.CLOSED,
            is_held=place == now and state in states[1:],
        )
        for place, states in enumerate(_WAY)
    ]


@dataclass(frozen=True, slots=True)
class Shown:
    """One recommendation on a page, with the Guide's texts of its indicator."""

    recommendation: Recommendation
    wording: Any
    obligation: str
    obligation_name: Any
    domain: str
    today: date

    @property
    def state_words(self) -> str:
        if self.recommendation.is_withdrawn:
            return _("taken back")
        return str(self.recommendation.get_state_display())

    @property
    def waits_for(self) -> str:
        return str(WAITS_FOR[State(self.recommendation.state)])

    @property
    def is_overdue(self) -> bool:
        return self.recommendation.is_overdue(self.today)

    @property
    def is_due(self) -> bool:
        """Whether its due day still counts: it is issued, has a day and is not settled."""
        recommendation = self.recommendation
        return (
            recommendation.due_on is not None
            and recommendation.state != State.DRAFTED
            and not recommendation.is_settled
        )

    @property
    def gain_words(self) -> str:
        """The gain in tenths of a percentage point, rounded down; empty below one tenth."""
        tenths = self.recommendation.gain // 1000
        if not tenths:
            return ""
        return _("Reaching what is asked adds %(points)s percentage points to the overall score.") % {
            "points": format_decimal(tenths_as_text(tenths))
        }

    @property
    def due_words(self) -> str:
        """Its due day; for a draft without one, the default due day."""
        recommendation = self.recommendation
        if recommendation.due_on is not None:
            return date_format(recommendation.due_on, "DATE_FORMAT")
        if recommendation.state != State.DRAFTED:
            return _("not set")
        return _("%(day)s, if the decision came today") % {
            "day": date_format(recommendation.usual_date(self.today), "DATE_FORMAT")
        }


def due_soonest(evaluations: Iterable[Evaluation]) -> list[Recommendation]:
    """Return the three recommendations that are due next, each with whether it is overdue."""
    found: list[Any] = list(due_next(evaluations)[:3])  # of recommendations with `is_late`
    for recommendation in found:
        recommendation.is_late = recommendation.is_overdue(recommendation.evaluation.round.today)
    return found


def show(evaluation: Evaluation, recommendations: Iterable[Recommendation], texts: Texts) -> list[Shown]:
    """Return recommendations of one evaluation for display, without a query per row."""
    framework, today = evaluation.framework, evaluation.round.today
    shown = []
    for recommendation in recommendations:
        recommendation.evaluation = evaluation
        indicator = framework.indicators[recommendation.code]
        shown.append(
            Shown(
                recommendation=recommendation,
                wording=texts[f"indicator/{indicator.code}/wording"],
                obligation=indicator.obligation,
                obligation_name=texts[f"obligation/{indicator.obligation}"],
                domain=framework.domain_of[indicator.code].code,
                today=today,
            )
        )
    return shown
