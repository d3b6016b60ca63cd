"""When a user of a hotline last viewed the page of its evaluation."""

from django.conf import settings
from django.db import models


class LastLook(models.Model):
    """The last view of one evaluation by one user. Changes after `since` are new to the user.

    `evaluation.discussions.changes` is the only writer.
    """

    evaluation = models.ForeignKey("evaluation.Evaluation", on_delete=models.CASCADE, related_name="last_looks")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    """The time of the last view, accurate to a few minutes."""
    since = models.DateTimeField(null=True)
    """The time of the last view before the current session; None during the first."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["evaluation", "user"], name="one_last_look_a_person")]
