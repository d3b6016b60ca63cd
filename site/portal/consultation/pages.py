"""The list of consultations, and the page of one for those who run it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from evaluation import queries
from evaluation.consultation.draft_text import ConsultedStandard, ConsultedText
from evaluation.consultation.moves import invited_people
from evaluation.consultation.overview import (
    Counts,
    consultations_of,
    count_by_indicator,
    find_participation,
    sum_of,
)
from evaluation.models.people.permissions import is_allowed
from portal.access import find_consultation
from portal.consultation.texts import find_text
from portal.moves.pages import offered_moves, perform_move, shown_steps
from portal.moves.stored_notes import pop_note
from portal.requests.signed_in import SignedInRequest
from standards.presentation.sentences import Passage


@require_safe
def consultations(request: SignedInRequest) -> HttpResponse:
    """List the consultations that the user may see. Every signed-in user may open the list; it may be empty."""
    context = {
        "consultations": consultations_of(request.user),
        "may_run": is_allowed("consultation.run", request.user),
    }
    return render(request, "consultation/consultations.html", context)


@dataclass(frozen=True, slots=True)
class StandardRow:
    """A standard with its counts."""

    key: str
    code: str
    title: Passage
    counts: Counts


@dataclass(frozen=True, slots=True)
class DomainRow:
    """A domain with its standards."""

    code: str
    title: Passage
    rows: tuple[StandardRow, ...]


def rows_of(text: ConsultedText, counts: dict[str, Counts]) -> tuple[DomainRow, ...]:
    """Return the domains with their standards."""

    def row(standard: ConsultedStandard) -> StandardRow:
        number = sum_of(counts, (one.key for one in standard.indicators))
        return StandardRow(standard.key, standard.code, Passage(standard.title, text.language), number)

    return tuple(
        DomainRow(domain.code, Passage(domain.title, text.language), tuple(map(row, domain.standards)))
        for domain in text.domains
    )


@require_safe
def consultation(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """Show the counts by standard to those who run the consultation; redirect invited users to the text."""
    found = find_consultation(request, uid)
    if not is_allowed("consultation.run", request.user):
        return HttpResponseRedirect(reverse("workspace:consulted_text", args=[uid]))
    counts = count_by_indicator(found)
    hotlines, assessors = find_participation(found)
    context: dict[str, Any] = {
        "consultation": found,
        "domains": () if found.is_draft else rows_of(find_text(found), counts),
        "total": sum_of(counts, counts),
        "hotlines": hotlines,
        "assessors": assessors,
        "people": len(invited_people(found)),
        "moves": offered_moves(found, request.user),
        "steps": shown_steps(queries.steps_of(found)),
        "stored_note": pop_note(request),
        "may_comment": found.takes_comments and is_allowed("consultation.comment", request.user, found),
    }
    return render(request, "consultation/consultation.html", context)


@require_POST
def make_move(request: SignedInRequest, uid: UUID, name: str) -> HttpResponse:
    found = find_consultation(request, uid)
    back = reverse("workspace:consultations") if name == "discard" else reverse("workspace:consultation", args=[uid])
    return perform_move(request, found, name, back_to=back, shows_letters=True)
