"""Opening a round: one evaluation a chosen hotline, pinned to the released edition."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Prefetch

from evaluation.conditions import Reason
from evaluation.judgements import lay_out
from evaluation.models import Answer, Evaluation, Hotline, Operation, Round, User
from evaluation.workflow import Refusal, move


@transaction.atomic
def open_round(round_: Round, hotlines: Iterable[Hotline], *, by: User) -> list[Evaluation]:
    """Open `round_` for the hotlines: an evaluation each, with an empty answer for every indicator.

    Raises Refusal when the round is not planned any more, or when no hotline is chosen.
    """
    running = Prefetch("operations", Operation.objects.filter(is_current=True))
    chosen = list(Hotline.objects.filter(pk__in=[hotline.pk for hotline in hotlines]).prefetch_related(running))
    if not chosen:
        raise Refusal("open", [Reason("no_hotline")])
    move(round_, "open", by=by)
    evaluations = Evaluation.objects.bulk_create(
        Evaluation(
            round=round_,
            hotline=hotline,
            operator_id=hotline.operation_today.operator_id if hotline.operation_today else None,
        )
        for hotline in chosen
    )
    lay_out(evaluations, Answer)
    return evaluations
