"""The reasons that prevent a hotline's submission, for each of its people, and the names of those who submit."""

from collections.abc import Iterable
from dataclasses import dataclass

from evaluation.models import Evaluation, Membership, Role, User
from evaluation.models.people.permissions import is_allowed
from evaluation.workflow import find_reasons
from portal.presentation.reasons import ShownReason, show_reason
from standards.models import Texts


@dataclass(frozen=True, slots=True)
class SubmissionStatus:
    """The unmet conditions of the submission, and the names of the coordinators if the user may not submit."""

    reasons: tuple[ShownReason, ...]
    submitters: tuple[str, ...]
    may_submit: bool
    blocking: tuple[ShownReason, ...] = ()
    """The reasons that nobody can override."""
    needs_reason: bool = False
    """Whether figures are missing, so that the declaration must say why."""


def find_submission_status(
    evaluation: Evaluation, user: User, memberships: Iterable[Membership], texts: Texts
) -> SubmissionStatus | None:
    """Return the unmet conditions of a submission for the hotline's people; None for others or once submitted.

    `memberships` are those of the hotline today. The conditions do not depend on the user.
    """
    if not (evaluation.is_open and is_allowed("evaluation.answer", user, evaluation)):
        return None
    found = find_reasons(evaluation, "submit", None)
    shown = {reason: show_reason(reason, evaluation, texts) for reason in found}
    figures = [reason for reason in found if reason.code == "figures_missing"]
    may_submit = is_allowed("evaluation.submit", user, evaluation)
    coordinators = [m.user.name for m in memberships if m.role == Role.COORDINATOR and m.user.is_active]
    return SubmissionStatus(
        reasons=tuple(shown.values()),
        submitters=() if may_submit else tuple(coordinators),
        may_submit=may_submit,
        blocking=tuple(one for reason, one in shown.items() if reason not in figures),
        needs_reason=bool(figures),
    )
