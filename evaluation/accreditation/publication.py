"""The acts of publishing an outcome: the hotline's accreditation begins or is replaced. And the check of its expiry."""

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from django.utils import timezone

from evaluation.accreditation.status import Published, histories_of
from evaluation.models import Accreditation, Decision, Evaluation, Extent, Publication, PublicExtent, Step, User
from evaluation.models.reasons import Reason
from evaluation.workflow import Act, act_of, perform, register_act


def languages_without_public_report(decision: Decision, extent: str) -> list[str]:
    """Return the languages in which the report is printed, but not its version for the public; none for an outcome."""
    if extent == Extent.OUTCOME:
        return []
    printed = set(decision.issues.values_list("language", "extent"))
    ready = {language for language, printed_for in printed if printed_for == extent}
    return sorted({language for language, printed_for in printed if not printed_for} - ready)


def _find_reasons_against(
    evaluation: Evaluation, *, by: User | None, note: str, extent: str = Extent.OUTCOME, read: UUID | None = None
) -> Iterator[Reason]:
    """Yield the reasons against an extent. `read` is the `uid` of the decision that the user was shown."""
    decision = evaluation.current_decision
    assert decision is not None  # only what was decided can become public
    if read is not None and decision.uid != read:
        yield Reason("decision_is_newer")
    elif extent not in Extent.values:
        yield Reason("no_extent")
    elif languages_without_public_report(decision, extent):
        yield Reason("no_public_report")


@act_of(Evaluation.kind, "publish", check=_find_reasons_against)
def _publish(evaluation: Evaluation, step: Step, *, extent: str = Extent.OUTCOME, read: UUID | None = None) -> None:
    """Publish the newest decision to an extent. Its accreditation begins and replaces the hotline's former one.

    Without a chosen extent, the outcome alone is public. A deferral neither grants nor ends an accreditation.
    """
    newest = evaluation.current_decision
    assert newest is not None  # its report is printed
    publication = Publication.objects.create(decision=newest, by=step.words.by, at=step.at)
    PublicExtent.objects.create(publication=publication, extent=extent, by=step.words.by, at=step.at)
    if publication.decision.hand_in_by is None:
        _begin(publication.decision, step)


@act_of(Evaluation.kind, "change_extent", check=_find_reasons_against)
def _change_extent(evaluation: Evaluation, step: Step, *, extent: str, read: UUID | None = None) -> None:
    """Make more or less of the published decision public, or the papers that were printed since."""
    newest = evaluation.current_decision
    assert newest is not None  # it is published
    PublicExtent.objects.create(publication=newest.publication, extent=extent, by=step.words.by, at=step.at)


def expected_history(decision: Decision) -> list[Published]:
    """Return the publications of the hotline as they will be once `decision` is published now. Nothing is written."""
    now, evaluation = timezone.now(), decision.evaluation
    history = histories_of([evaluation.hotline])[evaluation.hotline_id]
    accreditation, steps = None, []
    if decision.hand_in_by is None and decision.valid_until is not None and not _was_withdrawn(evaluation):
        accreditation = Accreditation(hotline=evaluation.hotline, decision=decision)
        former = Accreditation.objects.filter(decision__evaluation=evaluation, state=Accreditation.State.SUSPENDED)
        if former.exists():
            steps = [Step(move="begin_suspended", target=Accreditation.State.SUSPENDED, at=now)]
    others = [one for one in history if one.publication.decision != decision]
    return [Published(Publication(decision=decision, at=now), accreditation, steps), *others]


def _begin(decision: Decision, step: Step) -> None:
    evaluation, by = decision.evaluation, step.words.by
    running = Accreditation.objects.filter(hotline=evaluation.hotline_id, state__in=Accreditation.RUNNING)
    former = running.select_for_update().first()
    was_suspended = (
        former is not None
        and former.state == Accreditation.State.SUSPENDED
        and former.decision.evaluation_id == evaluation.pk
    )
    if former is not None:
        perform(former, "replace", by=by, caused_by=step)
    if decision.valid_until is None or _was_withdrawn(evaluation):
        return
    granted = Accreditation.objects.create(hotline=evaluation.hotline, decision=decision)
    # Another decision of the same evaluation does not end a suspension.
    perform(granted, "begin_suspended" if was_suspended else "begin", by=by, caused_by=step)


def _was_withdrawn(evaluation: Evaluation) -> bool:
    """Whether an accreditation of this evaluation was withdrawn. Another decision does not restore it."""
    granted = Accreditation.objects.filter(decision__evaluation=evaluation)
    return bool(granted.filter(state=Accreditation.State.WITHDRAWN).exists())


def _is_over(accreditation: Accreditation, *, by: User | None, note: str, on: date | None = None) -> Iterator[Reason]:
    """Yield a reason unless the last day has passed on the day `on`, by default today in its time zone."""
    if (on or accreditation.today) <= accreditation.valid_until:
        yield Reason("too_early", day=accreditation.valid_until)


register_act(Accreditation.kind, "expire", act=Act(check=_is_over))
