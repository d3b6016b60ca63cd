"""A round: the evaluation of chosen hotlines against one edition, between given dates."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from evaluation.models.people.permissions import may
from evaluation.models.reasons import Condition, Reason
from evaluation.models.states import StateField, Stateful, transition


@Condition
def the_opening_day_has_come(round_: "Round") -> Iterator[Reason]:
    """The opening day of the round has come in its time zone."""
    if round_.today < round_.opens_on:
        yield Reason("opens_later", day=round_.opens_on)


@Condition
def the_deadline_is_to_come(round_: "Round") -> Iterator[Reason]:
    """The last day of the self-assessment has not passed in the round's time zone."""
    if round_.today > round_.answers_until:
        yield Reason("deadline_in_the_past", day=round_.answers_until)


@Condition
def every_outcome_is_published(round_: "Round") -> Iterator[Reason]:
    """Every evaluation of the round is published, or its hotline is excused.

    Follow-up visits are ignored: the hotline is accredited, and its outcome is published.
    """
    stages = round_.evaluations.model.State
    waiting = round_.evaluations.exclude(state__in=(stages.PUBLISHED, stages.EXCUSED))
    followed = waiting.filter(state__in=round_.evaluations.model.UNDER_WAY, decisions__accreditation__isnull=False)
    open_ = waiting.exclude(pk__in=followed.order_by().values("pk")).select_related("hotline")
    if open_:
        yield Reason("not_published", names=tuple(evaluation.hotline.name for evaluation in open_))


class ZonedDates(models.Model):
    """A model whose dates are in its own time zone. A deadline includes its last day."""

    time_zone = models.CharField(_("time zone"), max_length=50, default="Europe/Brussels")

    class Meta:
        abstract = True

    @property
    def closing_day(self) -> date:
        """The last day of what the dates are about."""
        raise NotImplementedError

    @property
    def clock(self) -> str:
        """The time zone as it is on the last day."""
        return self.clock_on(self.closing_day)

    def clock_on(self, day: date) -> str:
        """Return the name of the time zone and its distance from UTC at the end of a day: `Europe/Brussels, UTC+2`.

        It is the same in every language, and needs no preposition.
        """
        distance = datetime.combine(day, time(23, 59), ZoneInfo(self.time_zone)).utcoffset() or timedelta()
        minutes = round(distance.total_seconds() / 60)
        hours, rest = divmod(abs(minutes), 60)
        offset = f"{'-' if minutes < 0 else '+'}{hours}{f':{rest:02}' if rest else ''}" if minutes else ""
        return f"{self.time_zone}, UTC{offset}"

    @property
    def today(self) -> date:
        """Today's date in this time zone."""
        return timezone.localdate(timezone=ZoneInfo(self.time_zone))


class Round(ZonedDates, Stateful):
    """A round: an edition, hotlines and dates. Deadlines are dates in the round's own time zone."""

    kind = "round"

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        OPEN = "open", _("open")
        CLOSED = "closed", _("closed")

    name = models.CharField(_("name"), max_length=120, unique=True)
    edition = models.ForeignKey("standards.Edition", on_delete=models.PROTECT, related_name="rounds")
    state = StateField(_("state"), default=State.PLANNED, choices=State.choices)
    opens_on = models.DateField(_("opens on"))
    answers_until = models.DateField(_("self-assessment until"))
    figures_from = models.DateField(_("figures from"))
    figures_until = models.DateField(_("figures until"))
    chosen = models.ManyToManyField("evaluation.Hotline", blank=True, related_name="planned_rounds")
    """The hotlines that get an evaluation when the round opens.

    Afterwards, the hotlines of the round are those of its evaluations.
    """
    is_renewing = models.BooleanField(_("start from the last answers"), default=False)

    class Meta:
        ordering = ["-opens_on", "name"]

    def __str__(self) -> str:
        return self.name

    @property
    def closing_day(self) -> date:
        last: date = self.answers_until
        return last

    @transition(
        state,
        State.PLANNED,
        State.OPEN,
        conditions=[the_opening_day_has_come, the_deadline_is_to_come],
        permission=may("round.open"),
        custom={"by_system": True},
    )
    def open(self) -> None:
        """Open the round: every chosen hotline gets its self-assessment."""

    @transition(
        state,
        State.PLANNED,
        State.PLANNED,
        permission=may("round.open"),
        custom={"by_form": True, "needs_note": True},
    )
    def discard(self) -> None:
        """Discard a planned round: no evaluation has begun."""

    @transition(
        state,
        State.OPEN,
        State.OPEN,
        conditions=[the_deadline_is_to_come],
        permission=may("round.open"),
        custom={"by_form": True, "needs_note": True},
    )
    def move_deadline(self) -> None:
        """Move the last day of the self-assessment, with a reason."""

    @transition(
        state, State.OPEN, State.OPEN, permission=may("round.open"), custom={"by_form": True, "needs_note": True}
    )
    def add_hotline(self) -> None:
        """Add a hotline to the round."""

    @transition(
        state, State.OPEN, State.OPEN, permission=may("round.open"), custom={"by_form": True, "needs_note": True}
    )
    def remove_hotline(self) -> None:
        """Remove a hotline that has not begun, with a reason."""

    @transition(state, State.OPEN, State.OPEN, permission=may("round.open"), custom={"by_form": True})
    def remind(self) -> None:
        """Remind the hotlines whose self-assessment is late."""

    @transition(
        state, State.OPEN, State.OPEN, permission=may("round.open"), custom={"by_form": True, "needs_note": True}
    )
    def write_to(self) -> None:
        """Write a letter to chosen hotlines."""

    @transition(state, State.OPEN, State.CLOSED, conditions=[every_outcome_is_published], permission=may("round.open"))
    def close(self) -> None:
        """Close the round: for every hotline the outcome is published, or it is excused."""
