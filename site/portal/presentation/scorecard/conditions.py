"""Conditions that the panel set, on pages: their state, who acts next, their last day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext_lazy

from evaluation.models import Decision, Fulfilment

State = Fulfilment.State

CONDITION_TAGS: dict[str, str] = {State.MET: "good", State.NOT_MET: "stop"}
"""The style of a state's tag; other states wait."""

WAITS_FOR = {
    State.SET: gettext_lazy("The hotline sends evidence."),
    State.EXTENDED: gettext_lazy("The hotline sends evidence."),
    State.EVIDENCE_SENT: gettext_lazy("Missing Children Europe or the team checks the evidence."),
    State.CHECKED: gettext_lazy("The panel rules on it."),
    State.NOT_MET: gettext_lazy("The panel extends it or decides anew."),
    State.MET: gettext_lazy("Nothing is left to do."),
}
"""The sentence about who acts next, by state."""


@dataclass(frozen=True, slots=True)
class ShownCondition:
    """A condition on a page. `is_open`: it is still asked and not met."""

    fulfilment: Fulfilment
    is_late: bool
    is_open: bool

    @property
    def text(self) -> str:
        return self.fulfilment.requirement.text

    @property
    def code(self) -> str:
        return self.fulfilment.requirement.code

    @property
    def due_on(self) -> date:
        return self.fulfilment.due_on

    @property
    def state_words(self) -> str:
        return str(self.fulfilment.get_state_display())

    @property
    def kind(self) -> str:
        return CONDITION_TAGS.get(self.fulfilment.state, "stop" if self.is_late else "wait")

    @property
    def waits_for(self) -> str:
        return str(WAITS_FOR[State(self.fulfilment.state)]) if self.is_open else ""

    @property
    def url(self) -> str:
        return reverse("workspace:condition", args=[self.fulfilment.uid])


def show_conditions(found: Iterable[Fulfilment], *, today: date) -> list[ShownCondition]:
    """Return conditions for display. Those of one decision share its query on the accreditation."""
    return [
        ShownCondition(one, is_late=is_asked and one.is_late(today), is_open=is_asked and not one.is_met)
        for one in found
        for is_asked in (one.is_asked,)
    ]


def conditions_of(decision: Decision) -> list[ShownCondition]:
    """Return the conditions of a decision, by the due day."""
    return show_conditions(decision.find_fulfilments(), today=decision.evaluation.round.today)
