"""The assessors' answers to what the hotline contests, typed reply by reply and handed to the panel with one step."""

from django.db import transaction
from django.db.models import Prefetch
from django.utils import timezone

from evaluation.conditions import find_remarks, find_unanswered
from evaluation.judgements import Clash, Kept, Shut
from evaluation.models import Evaluation, Remark, Reply, Response, Scorecard, Step, User
from evaluation.workflow import Tell, act_of, move, tell_nobody


def find_response(evaluation: Evaluation) -> Response | None:
    """The response to the latest scorecard, where it is given."""
    return response_to(evaluation.scorecards.first())


def response_to(scorecard: Scorecard | int | None) -> Response | None:
    """The response to a scorecard, with its remarks and the replies to them. Two queries."""
    remarks = Prefetch("remarks", Remark.objects.select_related("reply__by"))
    given = Response.objects.filter(scorecard=scorecard).select_related("given_by")
    return given.prefetch_related(remarks).first()


def reply_of(remark: Remark) -> Reply | None:
    """What stands there, handed over or not."""
    return getattr(remark, "reply", None)


def replies_to(response: Response | None) -> dict[str, Reply]:
    """The replies to a response that were handed to the panel, by indicator."""
    remarks = response.remarks.all() if response else ()
    return {remark.code: remark.answer for remark in remarks if remark.answer}


def are_due(evaluation: Evaluation) -> bool:
    """Whether the panel waits for the assessors' answers."""
    return evaluation.state == Evaluation.State.DECISION and bool(find_unanswered(evaluation))


@transaction.atomic
def keep_reply(evaluation: Evaluation, code: str, words: str, *, version: int, by: User) -> Kept | Clash | Shut:
    """Keep the words to one remark if nobody saved them since `version` was read; 0 where there were none.

    The same words sent twice are kept once. Nothing is changed after the replies are handed over.
    """
    locked = Evaluation.objects.select_for_update().get(pk=evaluation.pk)
    remark = next((remark for remark in find_remarks(locked) if remark.code == code), None)
    if remark is None or not are_due(locked):
        return Shut()
    before = reply_of(remark)
    if words == (before.words if before else ""):
        return Kept(before.version if before else 0)
    if before and version != before.version:
        return Clash(before)
    number = before.version + 1 if before else 1
    Reply.objects.update_or_create(
        remark=remark, defaults={"words": words, "version": number, "by": by, "at": timezone.now()}
    )
    return Kept(number)


@transaction.atomic
def hand_over(evaluation: Evaluation, *, by: User, tell: Tell = tell_nobody) -> Step:
    """Hand the replies to the panel. Raises Refusal while a remark has none, and once they are handed over."""
    step = move(evaluation, "answer_remarks", by=by)
    tell(step)
    return step


@act_of(Evaluation.kind, "answer_remarks")
def _give(evaluation: Evaluation, step: Step) -> None:
    Reply.objects.filter(remark__in=find_remarks(evaluation)).update(given_at=step.at)
