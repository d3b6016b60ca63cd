"""Conditions that the panel set, on pages: their state, who acts next, their last day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluation.models import Decision, Evaluation, Fulfilment, User
from evaluation.models.people.permissions import is_allowed

State = Fulfilment.State

CONDITION_TAGS: dict[str, str] = {State.MET: "good", State.NOT_MET: "stop"}
"""The style of a state's tag; other states wait."""

_WAITS_FOR = {
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
        return str(_WAITS_FOR[State(self.fulfilment.state)]) if self.is_open else ""

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


def condition_acts(evaluations: Iterable[Evaluation], user: User) -> list[dict[str, Any]]:
    """Return the lines of “What next” about open conditions, the earliest last day first. One query."""
    keys = [evaluation.pk for evaluation in evaluations]
    open_ones = Fulfilment.objects.open().filter(requirement__decision__evaluation__in=keys).for_pages()
    return [_line(one, user) for one in open_ones if one.is_asked]


def _line(found: Fulfilment, user: User) -> dict[str, Any]:
    evaluation = found.evaluation
    is_late = found.is_late(evaluation.round.today)
    words = _("Condition by %(day)s: %(what)s") if not is_late else _("Condition overdue since %(day)s: %(what)s")
    line: dict[str, Any] = {
        "what": words % {"day": date_format(found.due_on), "what": found.requirement.text},
        "why": str(_WAITS_FOR[State(found.state)]),
        "url": reverse("workspace:condition", args=[found.uid]),
        "kind": "stop" if is_late else "wait",
    }
    if found.state in (State.SET, State.EXTENDED, State.NOT_MET) and is_allowed("recommendation.work", user, found):
        line |= {"act": _("Send evidence"), "kind": "stop" if is_late else "info"}
    return line
