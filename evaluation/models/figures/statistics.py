"""Figures from the CRM: aggregates only, each with its file, period and definition; no persons and no cases."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from evaluation.models.people.permissions import may
from evaluation.models.reasons import Condition, Reason
from evaluation.models.states import StateField, Stateful, transition
from standards.framework import canonical, digest

if TYPE_CHECKING:
    from evaluation.models.hotlines import Hotline


SHORTEST_SENTENCE = 10
"""The minimum number of characters of an explanation."""


@Condition
def every_warning_is_explained(statistics: "StatisticsImport") -> Iterator[Reason]:
    """The hotline has explained every warning of the validation."""
    explained = [text for text in statistics.explanations if len(text.strip()) >= SHORTEST_SENTENCE]
    if len(explained) < len(statistics.warnings):
        yield Reason("warnings_unexplained", have=len(explained), need=len(statistics.warnings))


class StatisticsQuerySet(models.QuerySet["StatisticsImport"]):
    def counting(self) -> "StatisticsQuerySet":
        """Return the confirmed and accepted files. For overlapping files, see `evaluation.figures.series.counting`."""
        return self.filter(state__in=StatisticsImport.COUNTING)

    def within(self, start: date, end: date) -> "StatisticsQuerySet":
        """Return the files within a period."""
        return self.filter(period_start__gte=start, period_end__lte=end)

    def overlapping(self, start: date, end: date) -> "StatisticsQuerySet":
        """Return the files that overlap a period."""
        return self.filter(period_start__lte=end, period_end__gte=start)


class StatisticsState(models.TextChoices):
    """The states of a file of figures; defined here for the constraint of the model."""

    UPLOADED = "uploaded", _("uploaded, being read")
    UNMATCHED = "unmatched", _("waiting for its columns to be matched")
    REFUSED = "refused", _("refused by the checks")
    CHECKED = "checked", _("checked, waiting for the hotline")
    CONFIRMED = "confirmed", _("confirmed by the hotline")
    RETURNED = "returned", _("sent back by Missing Children Europe")
    ACCEPTED = "accepted", _("accepted by Missing Children Europe")
    SUPERSEDED = "superseded", _("superseded by a later file")
    WITHDRAWN = "withdrawn", pgettext_lazy("figures", "taken back")


LIVE = (
    StatisticsState.UPLOADED,
    StatisticsState.UNMATCHED,
    StatisticsState.CHECKED,
    StatisticsState.CONFIRMED,
    StatisticsState.RETURNED,
    StatisticsState.ACCEPTED,
)
"""The states in which the same file cannot be imported again."""


class StatisticsImport(Stateful):
    """One file of a hotline, validated as a whole. Its figures are stored as rows once the hotline confirms them.

    Until then they are in `draft`, the result of a dry run. They count once confirmed, and are published once Missing
    Children Europe has accepted them.
    """

    kind = "statistics"

    State = StatisticsState

    LIVE = LIVE
    COUNTING = (State.CONFIRMED, State.ACCEPTED)
    WRITTEN = (State.CONFIRMED, State.RETURNED, State.ACCEPTED, State.SUPERSEDED)
    """The states in which its figures are stored as rows. In earlier states they are in `draft`."""

    class Level(models.TextChoices):
        AGGREGATE = "aggregate", pgettext_lazy("level of a file", "totals")
        CONTACT = "contact", pgettext_lazy("level of a file", "a row for each contact")
        CASE = "case", pgettext_lazy("level of a file", "a row for each child in a case")

    class Way(models.TextChoices):
        UPLOAD = "upload", _("uploaded here")
        COMMAND = "command", _("read by the command")
        API = "api", _("sent by the case system")
        FOLDER = "folder", _("found in the watched folder")

    hotline = models.ForeignKey("evaluation.Hotline", on_delete=models.PROTECT, related_name="statistics")
    state = StateField(_("state"), default=State.UPLOADED, choices=State.choices)
    way = models.CharField(max_length=10, choices=Way.choices, default=Way.UPLOAD)
    level = models.CharField(max_length=10, choices=Level.choices, blank=True)
    period_start = models.DateField(_("from"), null=True)
    period_end = models.DateField(_("until"), null=True)
    """The period, the level and the fields below are set once the file is read."""
    definitions = models.CharField(_("definitions"), max_length=20, blank=True)
    completeness = models.CharField(_("completeness"), max_length=20, blank=True)
    source_system = models.CharField(_("source system"), max_length=20, blank=True)
    rows_read = models.PositiveBigIntegerField(null=True)
    row_account = models.JSONField(default=dict)
    """The account of the file's rows: counts and row numbers, as `RowAccount.as_data` returns them."""
    file_name = models.CharField(_("file"), max_length=200)
    file_digest = models.CharField(max_length=64)
    matching = models.ForeignKey("evaluation.Matching", on_delete=models.PROTECT, null=True, related_name="+")
    """The mapping of the hotline's own columns; None for the published format."""
    problems = models.JSONField(default=list)
    """Why it was refused, as codes and places. Never contains a cell of the file."""
    warnings = models.JSONField(default=list)
    """The codes and parameters of the warnings. Never contains a cell of the file."""
    explanations = models.JSONField(default=list)
    """The hotline's explanations of the warnings, in the same order."""
    draft = models.JSONField(default=list)
    """The figures before they are stored as rows: item, dim1, dim1_value, dim2, dim2_value, value, quality."""
    figures_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    """The digest of its figures since they were first confirmed; see `digest_of_figures`."""
    superseded_by = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="superseded")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    uploaded_at = models.DateTimeField(default=timezone.now)

    objects = StatisticsQuerySet.as_manager()

    class Meta:
        ordering = ["-period_end", "-uploaded_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["hotline", "file_digest"],
                condition=models.Q(state__in=LIVE),
                name="one_live_import_a_file",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    def of_hotline(self) -> "Hotline":
        return self.hotline

    @property
    def is_written(self) -> bool:
        return self.state in self.WRITTEN or (self.state == self.State.WITHDRAWN and not self.draft)

    @property
    def span(self) -> tuple[date, date]:
        """The first and the last day of the period. Only for files that were read."""
        assert self.period_start is not None
        assert self.period_end is not None
        return self.period_start, self.period_end

    def overlaps(self, other: "StatisticsImport") -> bool:
        """Whether both have the same level and overlapping periods."""
        return self.level == other.level and self.span[0] <= other.span[1] and self.span[1] >= other.span[0]

    @transition(
        state,
        State.UPLOADED,
        State.UNMATCHED,
        permission=may("statistics.import"),
        custom={"by_itself": True, "by_system": True},
    )
    def ask_for_columns(self) -> None:
        """Ask a user for the mapping of this export's columns."""

    @transition(state, State.UNMATCHED, State.UPLOADED, permission=may("statistics.match"), custom={"by_form": True})
    def match_columns(self) -> None:
        """Read the file again, with its columns matched."""

    @transition(
        state,
        State.UPLOADED,
        State.CHECKED,
        permission=may("statistics.import"),
        custom={"by_itself": True, "by_system": True},
    )
    def pass_checks(self) -> None:
        """Store the figures as a draft: the validation found no problem."""

    @transition(
        state,
        [State.UPLOADED, State.UNMATCHED],
        State.REFUSED,
        permission=may("statistics.import"),
        custom={"by_itself": True, "by_system": True},
    )
    def refuse(self) -> None:
        """Refuse the file and store only the reasons."""

    @transition(
        state,
        [State.CHECKED, State.RETURNED],
        State.CONFIRMED,
        conditions=[every_warning_is_explained],
        permission=may("statistics.confirm"),
    )
    def confirm(self) -> None:
        """Confirm the figures. They count from now on."""

    @transition(state, State.CONFIRMED, State.ACCEPTED, permission=may("statistics.accept"))
    def accept(self) -> None:
        """Accept the figures. They are part of the network's figures from now on."""

    @transition(
        state,
        [State.CONFIRMED, State.ACCEPTED],
        State.RETURNED,
        permission=may("statistics.accept"),
        custom={"needs_note": True},
    )
    def send_back(self) -> None:
        """Send the figures back, with a reason. They no longer count."""

    @transition(
        state,
        [State.UNMATCHED, State.CHECKED, State.CONFIRMED, State.RETURNED, State.ACCEPTED],
        State.WITHDRAWN,
        permission=may("statistics.confirm"),
        custom={"needs_note": True},
    )
    def withdraw(self) -> None:
        """Withdraw the file. The files that it superseded count again."""

    @transition(
        state,
        [State.CONFIRMED, State.ACCEPTED],
        State.SUPERSEDED,
        permission=may("statistics.confirm"),
        custom={"by_itself": True},
    )
    def supersede(self) -> None:
        """Replace the file by a later one for the same period."""

    @transition(
        state, State.SUPERSEDED, State.CONFIRMED, permission=may("statistics.confirm"), custom={"by_itself": True}
    )
    def restore(self) -> None:
        """Restore the file: the one that superseded it was withdrawn."""

    @transition(
        state, State.SUPERSEDED, State.ACCEPTED, permission=may("statistics.accept"), custom={"by_itself": True}
    )
    def restore_accepted(self) -> None:
        """Restore the file as accepted: the one that superseded it was withdrawn."""


FIGURE = ("item", "dim1", "dim1_value", "dim2", "dim2_value", "value", "quality")
"""The fields of a figure, in the order of `StatisticsImport.draft`."""


def digest_of_figures(figures: Iterable[Sequence[Any]]) -> str:
    """Return the digest of the figures of a file, each with the values of `FIGURE`, in any order."""
    rows = [
        [*words, None if value is None else format(Decimal(value).normalize(), "f"), quality]
        for *words, value, quality in figures
    ]
    return digest(canonical(sorted(rows, key=lambda row: row[:5])))


class Figure(models.Model):
    """One number of one file. `value` None means not recorded, which is not zero."""

    statistics = models.ForeignKey(StatisticsImport, on_delete=models.CASCADE, related_name="figures")
    item = models.CharField(max_length=3)
    dim1 = models.CharField(max_length=20, blank=True)
    dim1_value = models.CharField(max_length=40, blank=True)
    dim2 = models.CharField(max_length=20, blank=True)
    dim2_value = models.CharField(max_length=40, blank=True)
    value = models.DecimalField(max_digits=16, decimal_places=4, null=True)
    quality = models.CharField(max_length=12)
    source = models.ForeignKey(StatisticsImport, on_delete=models.PROTECT, null=True, related_name="+")
    """The earlier file of the same period that it was kept from; None if this file recorded it."""

    class Meta:
        ordering = ["item", "dim1_value", "dim2_value"]
        constraints = [
            models.UniqueConstraint(
                fields=["statistics", "item", "dim1_value", "dim2_value"], name="one_figure_for_one_cell"
            )
        ]
