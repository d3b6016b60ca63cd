"""Letters about an open self-assessment: what is asked of the hotline now, and what it has not answered yet."""

from django.urls import reverse

from evaluation.assessment.traits import AskedChange
from evaluation.models import Evaluation, User
from evaluation.workflow import find_reasons
from portal.letters.outbox import address_of, people_of, write_letter
from portal.models import Letter
from portal.presentation.reasons.sentences import show_reason


def list_open(evaluation: Evaluation) -> str:
    """Return a line for each reason against submitting the self-assessment, in the active language."""
    reasons = (show_reason(reason, evaluation) for reason in find_reasons(evaluation, "submit", None))
    return "\n".join(f"- {reason.what}" for reason in reasons)


def write_traits_letters(evaluation: Evaluation, change: AskedChange, *, by: User) -> list[Letter]:
    """Write to the hotline's users which indicators are newly asked and no longer asked, by their codes."""
    context = {
        "evaluation": evaluation,
        "newly": ", ".join(change.newly),
        "no_longer": ", ".join(change.no_longer),
        "page": address_of(reverse("workspace:evaluation", args=[evaluation.uid])),
    }
    return [
        write_letter(to=person, template="accounts/letters/set_traits", context=context)
        for person in people_of(evaluation.hotline)
        if person.pk != by.pk
    ]
