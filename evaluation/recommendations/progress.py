"""The follow-up of recommendations: who can read them, their owners, their proofs, and shared good practice."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Value, When

from evaluation.files.documents import save_document
from evaluation.files.inspection import Upload
from evaluation.files.kinds import Unacceptable
from evaluation.models import Evaluation, Finding, Proof, Publication, Recommendation, Step, User
from evaluation.models.people.permissions import is_allowed, no_right
from evaluation.models.recommendations import SETTLED, RecommendationQuerySet
from evaluation.models.states import wrong_state
from evaluation.queries import in_every_edition
from evaluation.workflow import Refusal

State = Recommendation.State
UNSETTLED = tuple(state for state in State if state not in SETTLED)
UNDER_WAY = tuple(state for state in UNSETTLED if state != State.DRAFTED)


def _lock(recommendation: Recommendation, act: str, right: str, by: User) -> Recommendation:
    """Lock the row as every move does, and return it. Raises Refusal without the right."""
    locked: Recommendation = Recommendation.objects.select_for_update().get(pk=recommendation.pk)
    if not is_allowed(right, by, locked):
        raise Refusal(act, [no_right(right, by, locked)])
    return locked


# --- Readers ---------------------------------------------------------------------------------------------------------


def readable_in(evaluation: Evaluation, user: User) -> RecommendationQuerySet:
    """Return the recommendations of an evaluation that a user may read.

    Editors can also read dropped ones. The hotline can read drafts while it responds to them, otherwise only issued
    ones.
    """
    if is_allowed("recommendation.edit", user, evaluation):
        return evaluation.recommendations.all()
    if is_allowed("evaluation.answer", user, evaluation) and evaluation.state != Evaluation.State.RESPONSE:
        return evaluation.recommendations.in_the_plan()
    return evaluation.recommendations.without_dropped()


def may_read(user: User, recommendation: Recommendation) -> bool:
    """Whether a user may read a recommendation. See `readable_in`."""
    return readable_in(recommendation.evaluation, user).filter(pk=recommendation.pk).exists()


# --- Owner and deadline ----------------------------------------------------------------------------------------------


@transaction.atomic
def set_owner(recommendation: Recommendation, *, owner: str, by: User) -> None:
    """Set the name of the person responsible, until the recommendation is settled. Raises Refusal."""
    locked = _lock(recommendation, "name_owner", "recommendation.work", by)
    if locked.state not in UNDER_WAY:
        raise Refusal("name_owner", [wrong_state(locked, *UNDER_WAY)])
    Recommendation.objects.filter(pk=locked.pk).update(owner=owner.strip())


def due_next(evaluations: Iterable[Evaluation]) -> QuerySet[Recommendation]:
    """Return the unsettled recommendations of these evaluations, by deadline, those without a deadline last.

    Those that are followed up as a condition of the decision are left out.
    """
    plan = Recommendation.objects.in_the_plan().filter(evaluation__in=list(evaluations)).exclude(state__in=SETTLED)
    due: QuerySet[Recommendation] = (
        plan.without_conditions()
        .select_related("evaluation__hotline", "evaluation__round__edition")
        .defer("evaluation__round__edition__structure")
        .order_by(F("due_on").asc(nulls_last=True), "priority", "pk")
    )
    return due


# --- Proofs ----------------------------------------------------------------------------------------------------------


def require_under_way(recommendation: Recommendation, name: str) -> Recommendation:
    """Lock the row as every move does, and return it. Raises Unacceptable unless the work is under way."""
    locked: Recommendation = Recommendation.objects.select_for_update().get(pk=recommendation.pk)
    if locked.state != State.IN_PROGRESS:
        raise Unacceptable("not_under_way", name)
    return locked


@transaction.atomic
def add_proof(
    recommendation: Recommendation, *, by: User, upload: Upload | None = None, address: str = "", words: str = ""
) -> Proof:
    """Add a proof: a document, an address, or words why there can be neither.

    Raises Unacceptable unless the work is under way, and if the same proof was added already. Raises Refusal.
    """
    name = upload.name if upload else address
    locked = _lock(recommendation, "show", "recommendation.work", by)
    if locked.state != State.IN_PROGRESS:
        raise Unacceptable("not_under_way", name)
    document = save_document(locked.evaluation.hotline, upload, by=by) if upload else None
    same = {"document": document} if document else {"address": address}
    if (document or address) and locked.proofs.filter(**same).exists():
        raise Unacceptable("shown_already", name)
    return Proof.objects.create(
        recommendation=locked, document=document, address="" if document else address, words=words.strip(), by=by
    )


@transaction.atomic
def withdraw_proof(proof: Proof, *, by: User) -> None:
    """Delete a proof. Its document is kept. Raises Unacceptable if the proof was submitted; raises Refusal."""
    locked = _lock(proof.recommendation, "take_back", "recommendation.work", by)
    if locked.state != State.IN_PROGRESS:
        raise Unacceptable("not_under_way", str(proof))
    if is_submitted(proof):
        raise Unacceptable("submitted", str(proof))
    proof.delete()


def last_submitted(recommendation: Recommendation) -> Step | None:
    """Return the last step that submitted evidence, or None."""
    steps = Step.objects.filter(kind=Recommendation.kind, uid=recommendation.uid, move="submit_evidence")
    return steps.order_by("-seq").first()


def is_submitted(proof: Proof) -> bool:
    """Whether the proof was submitted, so that it may have been reviewed."""
    step = last_submitted(proof.recommendation)
    return step is not None and proof.at <= step.at


# --- Good practice ---------------------------------------------------------------------------------------------------


def published_practices() -> QuerySet[Finding]:
    """Return the findings with good practice in evaluations whose outcome is published.

    After an evaluation is reopened, newer findings are left out until they are decided on and published.
    """
    published = Publication.objects.filter(decision__evaluation=OuterRef("evaluation"))
    is_decided_on = Q(evaluation__state=Evaluation.State.PUBLISHED) | Exists(
        published.filter(decision__decided_at__gte=OuterRef("at"))
    )
    found = Finding.objects.filter(Exists(published), is_decided_on, good_practice=True)
    return found.select_related("evaluation__hotline", "evaluation__round__edition").defer(
        "evaluation__round__edition__structure"
    )


def find_practices(recommendation: Recommendation) -> QuerySet[Finding]:
    """Return good practice of other hotlines in this indicator, then in others of the same standard; newest first."""
    evaluation = recommendation.evaluation
    own = evaluation.framework.indicators[recommendation.code].permanent_key
    neighbours = [i.permanent_key for i in evaluation.framework.standard_of[recommendation.code].indicators]
    return (
        published_practices()
        .filter(in_every_edition(neighbours))
        .exclude(evaluation__hotline=evaluation.hotline_id)
        .order_by(
            Case(When(in_every_edition([own]), then=Value(0)), default=Value(1)), "-evaluation__round__opens_on", "pk"
        )
    )


def shared_practices(recommendation: Recommendation) -> QuerySet[Finding]:
    """Return the published good practice that is shared with a recommendation."""
    return published_practices().filter(lent_to=recommendation).order_by("pk")


@transaction.atomic
def share_practices(recommendation: Recommendation, practices: Iterable[Finding], *, by: User) -> None:
    """Set the good practice that is shared with a recommendation. Findings without published good practice are ignored.

    Raises Refusal.
    """
    locked = _lock(recommendation, "lend", "recommendation.advise", by)
    if locked.is_settled:
        raise Refusal("lend", [wrong_state(locked, *UNSETTLED)])
    locked.practices.set(published_practices().filter(pk__in=[practice.pk for practice in practices]))
