"""A draft becomes figures: explained and confirmed by the hotline, accepted by Missing Children Europe, or undone."""

from collections.abc import Sequence

from django.db import transaction

from evaluation.conditions import Reason
from evaluation.crm.screening import looks_personal
from evaluation.models import Figure, Hotline, StatisticsImport, Step, User
from evaluation.rules import is_allowed
from evaluation.workflow import Refusal, move

State = StatisticsImport.State
LONGEST_EXPLANATION = 600


def explain(statistics: StatisticsImport, explanations: Sequence[str], by: User) -> None:
    """Keep what the hotline says about each warning, in their order. Raises Refusal, and keeps nothing then."""
    if not is_allowed("statistics.import", by, statistics):
        raise Refusal("explain", [Reason("not_permitted")])
    with transaction.atomic():
        locked = StatisticsImport.objects.select_for_update().get(pk=statistics.pk)
        if locked.state not in (State.CHECKED, State.RETURNED):
            raise Refusal("explain", [Reason("wrong_state")])
        if any(looks_personal(text) for text in explanations):
            raise Refusal("explain", [Reason("looks_personal")])
        said = [text.strip()[:LONGEST_EXPLANATION] for text in explanations][: len(locked.warnings)]
        locked.explanations = said + [""] * (len(locked.warnings) - len(said))
        locked.save(update_fields=["explanations"])
    statistics.explanations = locked.explanations


@transaction.atomic
def confirm(statistics: StatisticsImport, by: User, note: str = "") -> Step:
    """Confirm the figures and write them; what the hotline confirmed before for a part of the same time makes room.

    Figures that Missing Children Europe accepted stay the network's until it accepts these.
    """
    _lock(statistics)
    step = move(statistics, "confirm", by=by, note=note)
    Figure.objects.bulk_create(
        [
            Figure(
                statistics=statistics,
                item=item,
                dim1=dim1,
                dim1_value=first,
                dim2=dim2,
                dim2_value=second,
                value=value,
                quality=quality,
            )
            for item, dim1, first, dim2, second, value, quality in statistics.draft
        ],
        batch_size=500,
    )
    statistics.draft = []
    statistics.save(update_fields=["draft"])
    _supersede(statistics, [State.CONFIRMED])
    return step


@transaction.atomic
def accept(statistics: StatisticsImport, by: User, note: str = "") -> Step:
    """Accept the figures for the network; what was accepted before for a part of the same time makes room."""
    _lock(statistics)
    step = move(statistics, "accept", by=by, note=note)
    _supersede(statistics, [State.ACCEPTED])
    return step


@transaction.atomic
def take_out(statistics: StatisticsImport, name: str, by: User, note: str = "") -> Step:
    """Walk `withdraw` or `send_back`; what made room for these figures counts again."""
    _lock(statistics)
    step = move(statistics, name, by=by, note=note)
    _restore(statistics)
    return step


def _lock(statistics: StatisticsImport) -> None:
    """One act on a hotline's figures at a time, so that two files for the same time cannot both stay."""
    Hotline.objects.select_for_update().get(pk=statistics.hotline_id)


def _overlapping(statistics: StatisticsImport, states: Sequence[str]):
    return StatisticsImport.objects.filter(
        hotline_id=statistics.hotline_id,
        level=statistics.level,
        state__in=states,
        period_start__lte=statistics.period_end,
        period_end__gte=statistics.period_start,
    ).exclude(pk=statistics.pk)


def to_be_superseded(statistics: StatisticsImport) -> list[StatisticsImport]:
    """The files that count now and will make room once this one is confirmed and accepted."""
    if statistics.period_start is None:
        return []
    return list(_overlapping(statistics, StatisticsImport.COUNTING).order_by("period_start", "pk"))


def _supersede(statistics: StatisticsImport, states: Sequence[str]) -> None:
    for earlier in _overlapping(statistics, states):
        StatisticsImport.objects.filter(pk=earlier.pk).update(superseded_by=statistics)
        move(earlier, "supersede", by=None)


def _restore(statistics: StatisticsImport) -> None:
    for earlier in StatisticsImport.objects.filter(superseded_by=statistics, state=State.SUPERSEDED):
        if _overlapping(earlier, [State.CONFIRMED]).exists():
            continue  # a third file has taken its place
        StatisticsImport.objects.filter(pk=earlier.pk).update(superseded_by=None)
        move(earlier, "restore", by=None)
