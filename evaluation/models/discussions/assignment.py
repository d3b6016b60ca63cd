"""The assignment of indicators of the self-assessment to users of the hotline."""

from datetime import date

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Assignment(models.Model):
    """The assignment of one indicator to a user.

    `evaluation.discussions.assignments` is the only writer. Rows of users who left the hotline do not count: read
    assignments with `evaluation.discussions.assignments.find_assignments`.
    """

    evaluation = models.ForeignKey("evaluation.Evaluation", on_delete=models.CASCADE, related_name="assignments")
    code = models.CharField(_("indicator"), max_length=12)
    to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="assignments")
    until = models.DateField(_("until"), null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    told_at = models.DateTimeField(null=True)
    """When the user was notified by letter, or assigned it to themselves; None until then."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["evaluation", "code"], name="one_assignment_an_indicator")]
        indexes = [
            models.Index(fields=["to"], condition=models.Q(told_at=None), name="assignments_to_tell"),
        ]

    def is_late(self, today: date) -> bool:
        return self.until is not None and self.until < today


class AssignmentLetter(models.Model):
    """A record that a user got the letter about new assignments on a day. At most one letter per day is sent."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "day"], name="one_letter_of_assignments_a_day")]
