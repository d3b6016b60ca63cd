"""What is to be done next about a round: it begins, it is closed, and a hotline may be excused from it."""

from collections.abc import Collection, Iterable, Iterator

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluation import queries
from evaluation.models import Evaluation, Round, Step
from portal.tasks import Line, Task, TaskKind, TaskSearch, Waiting

CLOSE = Task("round.open", "board", gettext_lazy("To the round"))


def _rounds_to_close(_search: TaskSearch) -> Iterator[Waiting]:
    over = (Evaluation.State.PUBLISHED, Evaluation.State.EXCUSED)
    under_way = Evaluation.objects.exclude(state__in=over).exclude(queries.followed_up()).values("round")
    for round_ in Round.objects.filter(state=Round.State.OPEN).exclude(pk__in=under_way):
        why = _("Every outcome is published, or the hotline excused.")
        yield Waiting(round_, round_.name, CLOSE.url(round_), None, why)


TASKS = (TaskKind("rounds", gettext_lazy("Rounds to close"), CLOSE, _rounds_to_close),)


def lines_of_coming_rounds(hotlines: Collection[int]) -> list[Line]:
    """Return lines for the planned rounds that include any of the hotlines, the earliest first. One query."""
    planned = Round.objects.filter(state=Round.State.PLANNED, chosen__in=hotlines).distinct()
    why = _("The self-assessment opens on %(opens)s and is to be submitted by %(until)s.")
    return [
        Line(what=one.name, why=why % {"opens": date_format(one.opens_on), "until": date_format(one.answers_until)})
        for one in planned.order_by("opens_on", "name")
    ]


def line_of_excused(steps: Iterable[Step]) -> Line:
    """Return the line that a hotline is excused; `steps` has the steps of its evaluation, newest first."""
    excused = next((step for step in steps if step.move == "excuse"), None)
    words = getattr(excused, "words", None)
    return Line(
        what=_("The hotline is excused from this round"),
        why=_("“%(reason)s” Nothing is to be done; what was written stays.") % {"reason": words.note}
        if words
        else _("Nothing is to be done; what was written stays."),
        kind="info",
    )
