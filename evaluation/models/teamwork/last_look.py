"""When somebody of a hotline last looked at the page of its evaluation."""

from django.conf import settings
from django.db import models


class LastLook(models.Model):
    """The last look of one person at one evaluation: what is newer than `since` is new to them.

    `evaluation.teamwork.changes` is the only writer.
    """

    evaluation = models.ForeignKey("evaluation.Evaluation", on_delete=models.CASCADE, related_name="last_looks")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    """The last look, to a few minutes."""
    since = models.DateTimeField(null=True)
    """The last look before the present stay; empty during the first."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["evaluation", "user"], name="one_last_look_a_person")]
