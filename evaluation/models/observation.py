"""What each assessor of a visit records for themselves, before the team compares and agrees."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from evaluation.models.judgements import JudgementVersion, Observed


class Observation(Observed):
    """What one assessor saw of one indicator. Until all of the team have finished, nobody else reads it.

    Its row comes with its first save. `evaluation.assessment.judgements.save_row` is the only writer; a trigger copies
    every version into the history table.
    """

    visit = models.ForeignKey("evaluation.Visit", on_delete=models.CASCADE, related_name="observations")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="observations")
    strength = models.TextField(_("strength"), blank=True)
    concern = models.TextField(_("concern"), blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["visit", "by", "code"], name="one_observation_an_assessor_and_indicator")
        ]

    def __str__(self) -> str:
        return f"{self.visit}, {self.code}"


class ObservationVersion(JudgementVersion):
    visit_id = models.BigIntegerField()
    by_id = models.BigIntegerField()
    not_seen = models.BooleanField()
    strength = models.TextField()
    concern = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["visit_id", "by_id", "code", "version"], name="one_observation_a_version")
        ]
