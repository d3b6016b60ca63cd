"""The requirements of an edition before its wording in a language is published."""

from django.db import models

from standards.models.edition_page import EditionPage


class LanguageSetting(models.Model):
    """The requirements of an edition for a language. `edition` is its page in the source language."""

    edition = models.ForeignKey(EditionPage, on_delete=models.CASCADE, related_name="language_settings")
    language = models.CharField(max_length=10)
    demands_review = models.BooleanField(default=False)
    """Whether the wording is published only when every passage is reviewed."""

    class Meta:
        ordering = ["language"]
        constraints = [models.UniqueConstraint(fields=["edition", "language"], name="one_setting_a_language")]

    def __str__(self) -> str:
        return f"{self.edition_id} {self.language}"
