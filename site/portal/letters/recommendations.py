"""Letters about the steps of a recommendation: to Missing Children Europe and the lead, or to the hotline."""

from collections.abc import Callable

from django.http import HttpRequest
from django.urls import reverse

from evaluation.models import Evaluation, Recommendation, Role, User
from portal.letters.outbox import address_of, holders_of, lead_of, people_of, write_letter
from portal.models import Letter


def _mce_and_lead(evaluation: Evaluation) -> list[User]:
    """Return MCE's people and the lead, each once."""
    return list({p.pk: p for p in (*holders_of(Role.MCE_COORDINATOR), *lead_of(evaluation))}.values())


def _hotline(evaluation: Evaluation) -> list[User]:
    return people_of(evaluation.hotline)


_RECIPIENTS: dict[str, Callable[[Evaluation], list[User]]] = {
    "contest": _mce_and_lead,
    "insist": _hotline,
    "withdraw": _hotline,
    "submit_evidence": _mce_and_lead,
    "verify": _hotline,
    "refuse": _hotline,
}
"""The recipients of a step's letter, by the name of the move. Issued ones are in the letter of the decision."""


def write_recommendation_letters(
    move: str,
    recommendation: Recommendation,
    *,
    by: User | None = None,
    note: str = "",
    request: HttpRequest | None = None,
) -> list[Letter]:
    """Write to those concerned by a step, except its user. Call in the transaction of the move."""
    evaluation = recommendation.evaluation
    concerned = _RECIPIENTS[move](evaluation) if move in _RECIPIENTS else []
    page = address_of(reverse("workspace:recommendation", args=[recommendation.uid]))
    context = {"recommendation": recommendation, "evaluation": evaluation, "by": by, "note": note.strip(), "page": page}
    return [
        write_letter(to=person, template=f"accounts/letters/recommendation/{move}", context=context)
        for person in concerned
        if by is None or person.pk != by.pk
    ]
