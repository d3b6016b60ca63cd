"""Texts for refused requests: who has the right, the current state, and the next page."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluation.models import (
    Accreditation,
    Appeal,
    Evaluation,
    Exchange,
    GoodPractice,
    Hotline,
    Recommendation,
    Round,
    StatisticsImport,
    Visit,
    Withdrawal,
)
from evaluation.models.people.permissions import holders_of, no_right, stages_of
from evaluation.models.reasons import Reason
from evaluation.models.states import wrong_state
from evaluation.workflow import LACKS_RIGHT, Refusal
from portal.presentation.reasons import show_reason

HOLDER_WORDS = {
    "has_mce_coordinator": gettext_lazy("the coordinators at Missing Children Europe"),
    "has_guide_editor": gettext_lazy("the editors of the Guide"),
    "has_assessor": gettext_lazy("assessors"),
    "has_panel_member": gettext_lazy("members of the panel whom nothing ties to the hotline"),
    "is_of_the_hotline": gettext_lazy("the hotline: its coordinator and its contributors"),
    "is_coordinator_of_the_hotline": gettext_lazy("the coordinator of the hotline"),
    "is_of_another_hotline": gettext_lazy("people of the other hotlines"),
    "is_of_the_host": gettext_lazy("the hotline that is visited"),
    "is_coordinator_of_the_host": gettext_lazy("the coordinator of the hotline that is visited"),
    "is_invited": gettext_lazy("the hotlines and assessors who are invited"),
    "is_on_the_team": gettext_lazy("the team of the study visit"),
    "leads_the_team": gettext_lazy("the lead assessor of the study visit"),
}


@dataclass(frozen=True, slots=True)
class ShownRefusal:
    """The content of a refusal page: who has the right (`holders`) or why not now (`lede`), and the next page."""

    title: str
    lede: str
    holders: tuple[str, ...] = ()
    url: str = ""
    act: str = ""


class Refused(PermissionDenied):
    """Raised for a user who may see an object but not do this. `shown` is the content of the page."""

    def __init__(self, shown: ShownRefusal) -> None:
        super().__init__(shown.title)
        self.shown = shown


def refuse(user: Any, right: str, thing: Any = None) -> Refused:
    """Return the exception for a user who lacks `right` over a visible object: by role, or by stage."""
    if isinstance(thing, Evaluation) and (stages := stages_of(right, user, thing)):
        return refuse_for(wrong_state(thing, *stages), thing)
    return refuse_for(no_right(right, user, thing), thing)


def refuse_for(reason: Reason, thing: Any = None) -> Refused:
    """Return the exception for a reason that has no page of its own."""
    line = show_reason(reason, thing)
    holders = tuple(str(HOLDER_WORDS[name]) for name in holders_of(reason.right)) if reason.right else ()
    is_role = reason.code in ("not_permitted", "role_ended") and holders
    url, act = next_page(thing)
    return Refused(
        ShownRefusal(line.what, _("This is done by:") if is_role else line.why, holders if is_role else (), url, act)
    )


def describe_missing_role(user: Any, right: str) -> str:
    """Return the refusal in one line, for a message: the role does not allow it, and whose does."""
    shown = refuse(user, right).shown
    return f"{shown.title}. {shown.lede} {'; '.join(shown.holders)}.".strip()


def raise_if_forbidden(refusal: Refusal, thing: Any = None) -> None:
    """Raise `Refused` if the user lacks the right; other reasons are shown on the page of the form."""
    for reason in refusal.reasons:
        if reason.code in LACKS_RIGHT:
            raise refuse_for(reason, thing) from refusal


def report_refusal(request: HttpRequest, refusal: Refusal, thing: Any = None) -> None:
    """Add messages with the reasons why a move was refused. Raises `Refused` if the user lacks the right."""
    raise_if_forbidden(refusal, thing)
    for reason in refusal.reasons:
        messages.error(request, show_reason(reason, thing).sentence)


def next_page(thing: Any) -> tuple[str, str]:
    """Return the page that shows an object and the text of its link; empty strings if there is none."""
    if isinstance(thing, Hotline):
        return reverse("workspace:hotline", args=[thing.country]), _("To the page of the hotline")
    pages = {Round: "board", StatisticsImport: "statistics", Recommendation: "recommendation"}
    pages |= {Accreditation: "accreditation", Evaluation: "evaluation", GoodPractice: "practice", Exchange: "exchange"}
    pages[Withdrawal] = "withdrawal"
    if isinstance(thing, Visit | Appeal) or type(thing) not in pages:
        thing = getattr(thing, "evaluation", None)
    if thing is None:
        return "", ""
    return reverse(f"workspace:{pages[type(thing)]}", args=[thing.uid]), _("See where it stands now")
