"""The pages of the evaluation that a user of a hotline works on, as entries of the menu."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy

from evaluation.models import Evaluation, User
from evaluation.models.people.roles import HOTLINE_ROLES
from evaluation.queries import running_first

State = Evaluation.State
_WITH_DRAFT = (State.RESPONSE, *Evaluation.DECISION_AND_LATER)
"""The states from which on the hotline has the recommendations."""


@dataclass(frozen=True, slots=True)
class Room:
    """An entry of the menu: its text, its address, and the addresses below which it is current."""

    label: Any
    url: str
    below: tuple[str, ...]


def rooms_of(request: HttpRequest, user: User) -> list[Room]:
    """Return the pages of the evaluation in the URL, else of the running one of the user's hotline.

    Only pages that have content in its state; none for users without a hotline. One query.
    """
    hotlines = user.hotlines_as(*HOTLINE_ROLES)
    if not hotlines:
        return []
    own = Evaluation.objects.filter(hotline__in=hotlines).select_related("round__edition", "visit")
    evaluation = running_first(own.defer("round__edition__structure"), named=_named(request)).first()
    return list(_rooms(evaluation)) if evaluation else []


def _named(request: HttpRequest) -> UUID | None:
    """Return the uid in the URL of the page. It may be that of another object than an evaluation."""
    match = getattr(request, "resolver_match", None)
    uid = match.kwargs.get("uid") if match else None
    return uid if isinstance(uid, UUID) else None


def _rooms(evaluation: Evaluation) -> Iterator[Room]:
    def at(view: str) -> str:
        return reverse(f"workspace:{view}", args=[evaluation.uid])

    first = evaluation.framework.domains[0].standards[0].code
    answers = reverse("workspace:answers", args=[evaluation.uid, first])
    all_answers = answers.removesuffix(f"{first}/")
    yield Room(gettext_lazy("Self-assessment"), answers, (all_answers, at("indicators"), at("workbook"), at("carried")))
    if evaluation.arranged_visit is not None:
        yield _room(gettext_lazy("Study visit"), at("visit"))
    yield _room(gettext_lazy("Scorecard"), at("scorecard"), at("what_if"))
    is_decided = evaluation.is_decided or evaluation.followed_up is not None
    if is_decided:
        yield _room(gettext_lazy("Report"), at("report"))
    if is_decided or evaluation.state in _WITH_DRAFT:
        yield _room(gettext_lazy("Recommendations"), at("recommendations"), at("plan"))


def _room(label: Any, url: str, *others: str) -> Room:
    return Room(label, url, (url, *others))
