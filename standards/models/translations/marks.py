"""Marks of the translation and the review of passages. Rows are only added; the latest review of a passage counts."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class PassageMark(models.Model):
    """A mark that a user translated or reviewed a passage, or withdrew the review. Rows are only added.

    `passage` is the digest of the place, the source text and the translation. A passage that changes has no marks.
    """

    class Kind(models.TextChoices):
        TRANSLATED = "translated"
        REVIEWED = "reviewed"
        TAKEN_BACK = "taken_back"

    language = models.CharField(max_length=10)
    passage = models.CharField(max_length=64)
    kind = models.CharField(max_length=10, choices=Kind)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["language", "id"], name="marks_of_a_language")]

    def __str__(self) -> str:
        return f"{self.language} {self.passage} {self.kind}"
