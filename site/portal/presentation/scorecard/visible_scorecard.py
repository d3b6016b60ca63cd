"""The scorecard that a user may see: the stored one once the draft was sent, until then one of the current evidence."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from django.urls import reverse

from evaluation.engine.scoring import Evidence, score_hypothetical
from evaluation.engine.scoring import Scorecard as Card
from evaluation.judging import evidence as judging
from evaluation.models import Evaluation, Scorecard, User
from evaluation.models.people.permissions import is_allowed
from evaluation.scorecards import read_payload

SCORED = (
    Evaluation.State.RESPONSE,
    Evaluation.State.DECISION,
    Evaluation.State.DECIDED,
    Evaluation.State.PUBLISHED,
)
"""The states in which the stored scorecard is shown."""

VISIT_STATES = (Evaluation.State.STUDY_VISIT, Evaluation.State.REPORT)
"""The states in which only users who work on the findings see them."""


@dataclass(frozen=True, slots=True)
class ReadCard:
    """A scorecard with its inputs. `stored` is its row; without one it is a score of the current evidence."""

    card: Card
    evidence: Evidence
    stored: Scorecard | None
    shows_findings: bool
    is_decided: bool = False
    """Whether it is that of the decision in force, while a follow-up visit is under way."""


def read_card(
    evaluation: Evaluation, user: User, *, of_current_evidence: bool = False, of_decision: bool = False
) -> ReadCard:
    """Return the score that this user may see. Unfinished findings are visible to the team and MCE only.

    During a follow-up visit of an accredited hotline, this is the scorecard of its decision until a new draft is sent,
    and afterwards with `of_decision`. Users who work on the findings see the score of the current evidence.
    """
    shows_findings = evaluation.state not in VISIT_STATES or is_allowed("visit.view", user, evaluation)
    is_decided = not of_current_evidence and (of_decision or _stands(evaluation, shows_findings=shows_findings))
    stored = None
    if is_decided and evaluation.followed_up is not None:
        stored = evaluation.decided_scorecard
    elif evaluation.state in SCORED and not of_current_evidence:
        is_decided, stored = False, evaluation.shown_scorecard
    if stored is not None:
        payload = read_payload(stored)
        return ReadCard(payload.card, payload.evidence, stored, shows_findings or is_decided, is_decided)
    evidence = judging.gather_evidence(evaluation)
    if not shows_findings:
        evidence = replace(evidence, findings={})
    return ReadCard(score_hypothetical(evaluation.framework, evidence), evidence, None, shows_findings)


def _stands(evaluation: Evaluation, *, shows_findings: bool) -> bool:
    """Whether the user sees the scorecard of the decision in force, if there is one, before a draft is sent."""
    return evaluation.state not in SCORED and not (evaluation.state in VISIT_STATES and shows_findings)


def address_of_why(
    evaluation: Evaluation, *, of_current_evidence: bool = False, of_decision: bool = False
) -> Callable[[str], str]:
    """Return the function from a code to the URL of its explanation."""
    base = reverse("workspace:why", args=[evaluation.uid, "code"]).removesuffix("code/")
    query = "?now" if of_current_evidence else "?decided" if of_decision else ""
    return lambda code: f"{base}{code}/{query}"
