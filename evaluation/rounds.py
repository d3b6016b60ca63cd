"""Opening a round: one evaluation a chosen hotline, pinned to the released edition."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Prefetch

from evaluation.conditions import Reason
from evaluation.models import Evaluation, Hotline, Operation, Round, User
from evaluation.renewing import last_evaluations, lay_out_answers
from evaluation.workflow import Refusal, move


@transaction.atomic
def open_round(round_: Round, hotlines: Iterable[Hotline], *, by: User, renewing: bool = False) -> list[Evaluation]:
    """Open `round_` for the hotlines: an evaluation each, with an answer to be given for every indicator.

    `renewing` starts each hotline from its last evaluation that was published, where there is one. Raises Refusal when the round is not planned any more, or when no hotline is chosen.
    """
    running = Prefetch("operations", Operation.objects.filter(is_current=True))
    chosen = list(Hotline.objects.filter(pk__in=[hotline.pk for hotline in hotlines]).prefetch_related(running))
    if not chosen:
        raise Refusal("open", [Reason("no_hotline")])
    move(round_, "open", by=by)
    last = last_evaluations(chosen) if renewing else {}
    evaluations = Evaluation.objects.bulk_create(
        Evaluation(
            round=round_,
            hotline=hotline,
            renews=last.get(hotline.pk),
            operator_id=hotline.operation_today.operator_id if hotline.operation_today else None,
        )
        for hotline in chosen
    )
    lay_out_answers(evaluations)
    return evaluations
