"""Find a printed issue, with its status, by the number in its footer."""

from dataclasses import dataclass

from evaluation.accreditation.status import status_on
from evaluation.models import Accreditation, Decision, Publication
from reports.models import Issue


@dataclass(frozen=True)
class IssueStatus:
    """The status of an issue: a later issue, a replacing decision, the accreditation."""

    issue: Issue
    later: Issue | None
    """A later issue of the same decision in the same language, for the same readers."""
    replaced_by: Decision | None
    """The published decision that replaces the one of the report, or that of a later round."""
    is_published: bool
    accreditation: Accreditation | None

    @property
    def is_over(self) -> bool:
        """Whether the accreditation by its decision is no longer valid."""
        found = self.accreditation
        if found is None:
            return False
        return found.state not in (found.State.GRANTED, found.State.VALID) or found.has_ended

    @property
    def is_current(self) -> bool:
        return self.is_published and not (self.later or self.replaced_by or self.is_over)


def find_issue_status(digits: str) -> IssueStatus | None:
    """Return the issue whose document's digest begins with `digits`, or None."""
    found = Issue.objects.filter(document_sha256__startswith=digits).defer("document")
    issue = found.select_related("decision__evaluation__hotline", "decision__evaluation__round__edition").first()
    if issue is None:
        return None
    decision = issue.decision
    newer = Decision.objects.filter(replaces=decision, publication__isnull=False).first() or _of_a_later_round(decision)
    same = Issue.objects.filter(decision=decision, language=issue.language, extent=issue.extent)
    issues = same.filter(number__gt=issue.number).defer("document")
    return IssueStatus(
        issue=issue,
        later=issues.order_by("-number").first(),
        replaced_by=newer,
        is_published=Decision.objects.filter(pk=decision.pk, publication__isnull=False).exists(),
        accreditation=Accreditation.objects.filter(decision=decision).first(),
    )


def _of_a_later_round(decision: Decision) -> Decision | None:
    """Return the decision of the hotline's present status if it is of another evaluation and was published later."""
    evaluation = decision.evaluation
    found = status_on(evaluation.hotline, evaluation.round.today).decision
    if found is None or found.evaluation_id == evaluation.pk:
        return None
    own = Publication.objects.filter(decision=decision).first()
    return found if own and found.publication.at > own.at else None
