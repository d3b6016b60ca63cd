"""The figures of an evaluation as of its submission, or as of a step that included corrections."""

from django.db import models


class PinnedFigures(models.Model):
    """The figures pinned by one step. The newest row counts until the self-assessment is reopened.

    Rows are frozen by triggers of the database.
    """

    evaluation = models.ForeignKey("evaluation.Evaluation", on_delete=models.PROTECT, related_name="pinned_figures")
    step = models.OneToOneField("evaluation.Step", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    totals = models.JSONField(default=dict)
    """The known items with their exact totals over the round's period: `{"A03": "1234", "B02": "1/3"}`."""
    partial = models.JSONField(default=dict)
    """The items known for a part of the period only: `{"A03": {"months": ["2026-01"], "of": 12, "value": "4"}}`."""
    files = models.JSONField(default=list)
    """The source files of the totals: key, sha256, level, first and last day, definitions and completeness of each."""

    class Meta:
        ordering = ["-pk"]
        verbose_name_plural = "pinned figures"
