"""Letters about an open self-assessment: what is asked of the hotline now, and what it has not answered yet."""

from django.urls import reverse
from django.utils.translation import ngettext

from evaluation.assessment.pinned_figures import counts_for
from evaluation.assessment.traits import AskedChange
from evaluation.models import Evaluation, Role, User
from evaluation.workflow import find_reasons
from portal.letters.outbox import address_of, holders_of, write_letter
from portal.models import Letter
from portal.presentation.indicators.figure import measured_codes
from portal.presentation.reasons.sentences import show_reason


def list_open(evaluation: Evaluation) -> str:
    """Return a line for each thing that keeps the self-assessment from being submitted or complete.

    In the active language. These are the reasons against submitting it, and the figures that are missing.
    """
    lines = [show_reason(reason, evaluation).what for reason in find_reasons(evaluation, "submit", None)]
    if missing := _count_missing_figures(evaluation):
        lines.append(
            ngettext(
                "%(count)d indicator is filled from figures and has none",
                "%(count)d indicators are filled from figures and have none",
                missing,
            )
            % {"count": missing}
        )
    return "\n".join(f"- {line}" for line in lines)


def _count_missing_figures(evaluation: Evaluation) -> int:
    from_figures = {code for code, one in evaluation.asked.items() if one.from_figures}
    if not from_figures:
        return 0
    left_out = evaluation.answers.filter(code__in=list(from_figures), not_applicable=True).values_list(
        "code", flat=True
    )
    return len(from_figures - measured_codes(evaluation.framework, counts_for(evaluation)) - set(left_out))


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
        for person in holders_of(Role.COORDINATOR, Role.CONTRIBUTOR, hotline=evaluation.hotline)
        if person.pk != by.pk
    ]
